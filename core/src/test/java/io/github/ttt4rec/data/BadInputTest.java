package io.github.ttt4rec.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.read.Datasets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadInputTest {
    private static final ReadOptions READ = ReadOptions.defaults();
    private static final ReadOptions SKIP = READ.withSkipBadRows(true);
    private static final String HEADER = "user,item,time\n";

    @TempDir
    private Path directory;

    @Test
    void filesThatAreNoLogs() throws IOException {
        assertThatThrownBy(() -> Datasets.read(directory.resolve("none.csv")))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("no such file")
                .hasMessageContaining("none.csv");
        refused(directory, READ, "is a directory");
        refused(file("empty.csv", ""), READ, "is empty");
        refused(file("empty.csv.gz", gzip("")), READ, "is empty once decompressed");
        refused(file("blank.csv", " , \n\n"), READ, "none of the columns");
        refused(file("lines.csv", "\n\n\n"), READ, "nothing but blank lines");
        refused(file("header.csv", HEADER), READ, "has column names but no rows");
        refused(file("one.csv", "user\na\nb\n"), READ, "no delimiter", "\"user\"", "--delimiter");
        refused(file("book.xlsx", "PK\u0003\u0004..."), READ, "Excel", "CSV");
        refused(file("text.parquet", HEADER), READ, "does not start like a Parquet file");
        refused(file("short.parquet", "PAR1"), READ, "cannot be read as Parquet");
        refused(file("array.json", "[{\"user\": 1}]"), READ, "known to hold the items");
        refused(file("utf16.csv", HEADER.getBytes(StandardCharsets.UTF_16)), READ, "no rows");
    }

    @Test
    void wrongColumns() throws IOException {
        Path file = file("c.csv", "user_id,item_id,stars,timestamp\na,x,5,1\n");
        refused(
                file,
                READ.withColumns("userid", null, null),
                "no column is called \"userid\"",
                "\"user_id\", \"item_id\"");
        refused(file, READ.withColumns(null, "item_ids", null), "did you mean --item-column item_id?");
        refused(file, READ.withColumns(null, null, "stars_at_night_and_day"), "no column is called");
        refused(file, READ.withColumns("9", null, null), "there is no column 9", "the file has 4");
        refused(file, READ.withColumns("user_id", "user_id", null), "\"user_id\" was given for two of them");
        refused(file, READ.withHeader(false), "by number");
        refused(file("n.csv", "a,b,c\n1,2,3\n"), READ, "\"a\", \"b\", \"c\"", "--user-column", "--no-header");
        refused(file("t.csv", "user,item\na,x\n"), READ, "--time-column", "--file-order");
        refused(
                file("d.csv", "1,x,5\n2,y,6\n"),
                READ.withColumns("1", "2", "3"),
                "line 1",
                "looks like data",
                "--no-header");
        refused(file("w.csv", "user,item,time,time\na,x,1,2\n"), READ.withColumns(null, null, "time"), "two columns");
        refused(file("j.jsonl", "{\"user\": 1, \"item\": 2}\n"), READ, "--time-column");
    }

    @Test
    void badRowsAreNamedOrSkippedAndCounted() throws IOException {
        badRow("few", "a,x\n", "2 fields where the first line has 3");
        badRow("many", "a,x,1,2\n", "4 fields where the first line has 3");
        badRow("user", ",x,1\n", "column \"user\": the id is empty");
        badRow("item", "a, ,1\n", "column \"item\": the id is empty");
        badRow("none", "a,x,\n", "column \"time\": the time is empty");
        badRow("time", "a,x,soon\n", "column \"time\": \"soon\" is not a number");
        badRow("double", "a,x,1.2.3\n", "column \"time\": \"1.2.3\" is not a time");
        badRow("long", "a," + "x".repeat(5000) + ",1\n", "longer than");
        badRow("digits", "a,x,99999999999999999999\n", "is not a time");
    }

    private void badRow(String name, String row, String problem) throws IOException {
        Path file = file(name + ".csv", HEADER + "a,x,1\n\n" + row + "a,y,2\n");
        refused(file, READ, name + ".csv, line 4: ", problem, "--skip-bad-rows");
        LoadedData loaded = Datasets.load(file, SKIP, PrepareOptions.keepAll());
        assertThat(Event.of(loaded.dataset())).containsExactly(new Event("a", "x", 1), new Event("a", "y", 2));
        assertThat(loaded.report().rows()).isEqualTo(3);
        assertThat(loaded.report().badRows()).isEqualTo(1);
        assertThat(loaded.report().firstBadRows()).singleElement().asString().contains("line 4: ", problem);
        assertThat(loaded.dataset().source().steps()).containsExactly(new DataSource.Step("read", 1, 2, 2, 1));
    }

    @Test
    void timesOfAnotherKindAreBad() throws IOException {
        refused(
                file("a.csv", HEADER + "a,x,2011-01-01\na,y,5\n"),
                READ,
                "line 3",
                "\"5\" is a number, but the times before it are dates");
        refused(
                file("b.csv", HEADER + "a,x,01.02.2011\n"),
                READ,
                "line 2",
                "is not an ISO date",
                "--time-pattern \"d.M.yyyy\"",
                "2011-02-01");
        refused(file("c.csv", HEADER + "a,x,2011-02-30\n"), READ, "line 2", "\"2011-02-30\" is not a time");
        refused(file("e.csv", HEADER + "a,x,nan\n"), READ, "\"nan\" is not a time");
        Path file = file("d.csv", HEADER + "a,x,2011-02-01\n");
        refused(file, READ.withTimePattern("M/d/yyyy"), "\"2011-02-01\" does not match the time pattern");
        assertThatThrownBy(() -> Datasets.read(file, READ.withTimePattern("QQQQQQ"), PrepareOptions.keepAll()))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("time pattern \"QQQQQQ\"");
    }

    @Test
    void allRowsBad() throws IOException {
        refused(file("all.csv", HEADER + ",x,1\n,y,2\n"), SKIP, "all 2 rows are bad", "line 2");
    }

    @Test
    void bytesThatAreNotUtf8() throws IOException {
        byte[] latin = (HEADER + "a,x,1\ncaf\u00E9,x,2\na,y,3\n").getBytes(StandardCharsets.ISO_8859_1);
        Path file = file("latin.csv", latin);
        refused(file, READ, "line 3", "column \"user\"", "byte 0xE9 is not UTF-8");
        LoadedData loaded = Datasets.load(file, SKIP, PrepareOptions.keepAll());
        assertThat(Event.of(loaded.dataset())).containsExactly(new Event("a", "x", 1), new Event("a", "y", 3));
        assertThat(loaded.report().badRows()).isEqualTo(1);
        assertThat(loaded.report().notices()).singleElement().asString().contains("1 bytes are not UTF-8");

        byte[] elsewhere = "user,item,time,name\na,x,1,\u00A35 off\n".getBytes(StandardCharsets.ISO_8859_1);
        LoadedData kept = Datasets.load(file("pound.csv", elsewhere), READ, PrepareOptions.keepAll());
        assertThat(kept.dataset().eventCount()).isEqualTo(1);
        assertThat(kept.report().notices()).hasSize(1);

        refused(
                file("header.csv", "us\u00E9r,item,time\n".getBytes(StandardCharsets.ISO_8859_1)),
                READ,
                "line 1",
                "UTF-8");
        byte[] json = "{\"user\":\"\u00E9\",\"item\":1,\"time\":1}\n".getBytes(StandardCharsets.ISO_8859_1);
        refused(file("latin.jsonl", json), READ, "line 1", "0xE9 is not UTF-8");
    }

    @Test
    void damagedGzip() throws IOException {
        byte[] whole = gzip(Event.csv(Event.random(5, 20_000, 50, 50, 1000)));
        refused(file("cut.csv.gz", Arrays.copyOf(whole, whole.length / 2)), READ, "after line", "truncated");
        refused(file("tail.csv.gz", Arrays.copyOf(whole, whole.length - 4)), READ, "truncated");
        byte[] flipped = whole.clone();
        flipped[whole.length - 6] ^= 1; // the checksum
        refused(file("sum.csv.gz", flipped), READ, "damaged compressed data");
        refused(file("stub.csv.gz", Arrays.copyOf(whole, 5)), READ, "truncated");
        byte[] json = gzip("{\"user\":1,\"item\":2,\"time\":3}\n".repeat(1000));
        refused(file("cut.jsonl.gz", Arrays.copyOf(json, json.length - 9)), READ, "truncated");
    }

    @Test
    void brokenQuotes() throws IOException {
        refused(file("open.csv", HEADER + "a,x,1\n\"a,y,2\na,z,3\n"), READ, "after line 3", "quote");
        refused(file("open.csv", HEADER + "a,x,1\n\"a,y,2\na,z,3\n"), SKIP, "after line 3", "quote");
        refused(file("inner.csv", HEADER + "\"a\"b,y,2\na,z,3\n"), SKIP, "after line 2", "quote");
        Dataset quoted = Datasets.read(
                file("ok.csv", HEADER + "\"a\nb\",\"say \"\"x\"\"\",1\nc,6\" nail,2\n"),
                READ,
                PrepareOptions.keepAll());
        assertThat(Event.of(quoted)).containsExactly(new Event("a\nb", "say \"x\"", 1), new Event("c", "6\" nail", 2));
    }

    @Test
    void malformedJsonLines() throws IOException {
        String good = "{\"user\":\"a\",\"item\":\"x\",\"time\":1}\n";
        badJson(good, "{\"user\":\"a\",\n", "malformed JSON");
        badJson(good, "{\"user\":\"a\",\"item\":\"x\",\"time\":1} {}\n", "more than one JSON value");
        badJson(good, "[1, 2]\n", "not a JSON object");
        badJson(good, "{\"user\":\"a\",\"time\":1}\n", "no field \"item\"");
        badJson(good, "{\"user\":\"a\",\"item\":\"x\"}\n", "no field \"time\"");
        badJson(good, "{\"user\":null,\"item\":\"x\",\"time\":1}\n", "column \"user\": the id is null");
        badJson(good, "{\"user\":[1,2],\"item\":\"x\",\"time\":1}\n", "column \"user\": the row has it twice");
        badJson(good, "{\"user\":\"\",\"item\":\"x\",\"time\":1}\n", "column \"user\": the id is empty");
        badJson(good, "{\"user\":1,\"item\":1.5,\"time\":1}\n", "column \"item\": 1.5 is not a whole number");
        badJson(good, "{\"user\":1,\"item\":1,\"time\":true}\n", "column \"time\": a time must be");
        badJson(good, "{\"user\":1,\"item\":\"\\ud800\",\"time\":1}\n", "column \"item\": unpaired surrogate");
    }

    private void badJson(String good, String bad, String problem) throws IOException {
        Path file = file("bad.jsonl", good + bad + good);
        refused(file, READ, "bad.jsonl, line 2: ", problem);
        LoadedData loaded = Datasets.load(file, SKIP, PrepareOptions.keepAll());
        assertThat(loaded.dataset().eventCount()).isEqualTo(2);
        assertThat(loaded.report().badRows()).isEqualTo(1);
    }

    @Test
    void filtersThatLeaveNothing() throws IOException {
        Path file = file("small.csv", HEADER + "a,x,1\na,y,2\nb,x,3\n");
        assertThatThrownBy(() -> Datasets.read(file))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("nothing is left after the step \"5-core\"")
                .hasMessageContaining("the longest user has 2 events")
                .hasMessageContaining("--min-user-events");
        assertThatThrownBy(
                        () -> Datasets.read(file, READ, PrepareOptions.keepAll().withTimeRange(TimeBound.of(9), null)))
                .hasMessageContaining("\"not before 9\"");
        assertThatThrownBy(
                        () -> Datasets.read(file, READ, PrepareOptions.keepAll().withTimeRange(null, TimeBound.of(1))))
                .hasMessageContaining("\"before 1\"");
        Dataset data = Datasets.read(file, READ, PrepareOptions.keepAll());
        assertThatThrownBy(() -> Datasets.withItems(data, new IdMap(java.util.List.of("other"))))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("none of its items");
    }

    private static void refused(Path file, ReadOptions options, String... parts) {
        assertThatThrownBy(() -> Datasets.read(file, options, PrepareOptions.keepAll()))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContainingAll(parts)
                .hasMessageContaining(file.toString())
                .message()
                .doesNotContain("\n");
    }

    private Path file(String name, String content) throws IOException {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    private Path file(String name, byte[] content) throws IOException {
        Path file = directory.resolve(name);
        Files.write(file, content);
        return file;
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }
}
