package io.github.ttt4rec.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.read.Datasets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormatsTest {
    private static final long SEED = 20;
    private static final ReadOptions READ = ReadOptions.defaults();

    @TempDir
    private Path directory;

    @Test
    void sameRowsInEveryFormatGiveTheSameData() throws IOException {
        List<Event> rows = rows();
        Dataset expected = read("expected.csv", text(rows, ",", Object::toString, true), READ);
        assertThat(Event.of(expected))
                .hasSameSizeAs(rows)
                .containsAll(rows.stream()
                        .map(row -> new Event(row.user(), row.item(), 1000 * row.time()))
                        .toList());

        ReadOptions numbers = READ.withHeader(false).withColumns("2", "1", "3");
        ReadOptions microseconds = READ.withTimeUnit(EpochUnit.MICROSECONDS);
        Map<String, Map.Entry<String, ReadOptions>> files = new LinkedHashMap<>();
        files.put("a.tsv", Map.entry(text(rows, "\t", Object::toString, true), READ));
        files.put("b.csv", Map.entry(text(rows, ";", Object::toString, true).replace("\n", "\r\n"), READ));
        files.put("c.txt", Map.entry("\uFEFF" + text(rows, "|", Object::toString, true), READ));
        files.put("d.dat", Map.entry(text(rows, "::", Object::toString, true), READ));
        files.put("e.csv", Map.entry(text(rows, ",", Object::toString, false), numbers));
        files.put("f.csv", Map.entry(text(rows, ",", millis -> millis / 1000, true), READ));
        files.put("g.csv", Map.entry(text(rows, ",", millis -> millis * 1000, true), READ));
        files.put("h.csv", Map.entry(text(rows, ",", millis -> millis * 1_000_000, true), READ));
        files.put("i.csv", Map.entry(text(rows, ",", millis -> millis / 1000 + ".0", true), READ));
        files.put("j.csv", Map.entry(text(rows, ",", millis -> millis / 1000 + "e0", true), READ));
        files.put("k.csv", Map.entry(text(rows, ",", FormatsTest::iso, true), READ));
        files.put(
                "l.csv",
                Map.entry(text(rows, ",", time -> iso(time).replace('T', ' ').replace("Z", ""), true), READ));
        files.put("m.csv", Map.entry(text(rows, ",", millis -> millis * 1000, true), microseconds));
        files.put("n.jsonl", Map.entry(json(rows, Object::toString), READ));
        files.put("o.json", Map.entry(json(rows, time -> '"' + iso(time) + '"'), READ));
        files.put("p.inter", Map.entry(recBole(rows), READ));
        files.put("q.txt", Map.entry(recBole(rows), READ));
        for (Map.Entry<String, Map.Entry<String, ReadOptions>> file : files.entrySet()) {
            String content = file.getValue().getKey();
            ReadOptions options = file.getValue().getValue();
            assertSame(read(file.getKey(), content, options), expected, file.getKey());
            Path gzip = directory.resolve(file.getKey() + ".named-anything");
            Files.write(gzip, gzip(content.getBytes(StandardCharsets.UTF_8)));
            ReadOptions named = options.withFormat(formatOf(file.getKey()));
            assertSame(Datasets.read(gzip, named, PrepareOptions.keepAll()), expected, "gzip of " + file.getKey());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"snappy-timestamp", "zstd-epoch", "gzip-text", "plain-double"})
    void parquetHoldsTheSameRowsAsText(String name) throws IOException {
        Dataset expected = Datasets.read(resource("events.csv"), READ, PrepareOptions.keepAll());
        assertThat(expected.eventCount()).isEqualTo(120);
        Path file = resource(name + ".parquet");
        assertSame(Datasets.read(file, READ, PrepareOptions.keepAll()), expected, name);
        Path gzip = directory.resolve(name + ".gz");
        Files.write(gzip, gzip(Files.readAllBytes(file)));
        assertSame(Datasets.read(gzip, READ, PrepareOptions.keepAll()), expected, "gzip of " + name);
    }

    @Test
    void parquetNumbersBecomeIdsAndDatesTimes() {
        Dataset data = Datasets.read(resource("numbers-date.parquet"), READ, PrepareOptions.keepAll());
        assertThat(data.users().names()).containsExactly("0", "1", "2");
        assertThat(data.items().names()).containsExactly("0", "1", "2", "3", "4");
        long firstOfMarch = 1_614_556_800_000_000L;
        assertThat(data.times()).containsOnly(firstOfMarch, firstOfMarch + 86_400_000_000L);
    }

    @Test
    void parquetNullsAreBadRows() {
        Path file = resource("nulls.parquet");
        assertThatThrownBy(() -> Datasets.read(file)).hasMessageContaining("row 4: column \"user_id\": the id is null");
        LoadedData loaded = Datasets.load(file, READ.withSkipBadRows(true), PrepareOptions.keepAll());
        assertThat(loaded.dataset().eventCount()).isEqualTo(117);
        assertThat(loaded.report().badRows()).isEqualTo(3);
        assertThat(loaded.report().firstBadRows())
                .satisfiesExactly(
                        first -> assertThat(first).endsWith("row 4: column \"user_id\": the id is null"),
                        second -> assertThat(second).endsWith("row 6: column \"item_id\": the id is null"),
                        third -> assertThat(third).endsWith("row 8: column \"timestamp\": the time is null"));
    }

    @Test
    void damagedParquetIsNamed() throws IOException {
        byte[] good = Files.readAllBytes(resource("snappy-timestamp.parquet"));
        Random random = new Random(SEED);
        int refused = 0;
        for (int i = 0; i < 60; i++) {
            byte[] bad = good.clone();
            if (i % 2 == 0) {
                bad = java.util.Arrays.copyOf(bad, 4 + random.nextInt(bad.length - 4));
            } else {
                for (int k = 0; k < 8; k++) {
                    bad[4 + random.nextInt(bad.length - 4)] = (byte) random.nextInt();
                }
            }
            Path file = directory.resolve("bad" + i + ".parquet");
            Files.write(file, bad);
            try {
                Datasets.read(file, READ, PrepareOptions.keepAll());
            } catch (UserFacingException e) {
                refused++;
                assertThat(e.getMessage()).startsWith(file.toString()).doesNotContain("\n");
            }
        }
        assertThat(refused).as("seed %d", SEED).isGreaterThan(30);
    }

    @Test
    void ordinalsStayAsTheyAreAndFileOrderReplacesTimes() throws IOException {
        Dataset ordinals = read("ordinals.csv", "user,item,time\na,x,3\na,y,1\na,z,2\n", READ);
        assertThat(Event.of(ordinals))
                .containsExactly(new Event("a", "y", 1), new Event("a", "z", 2), new Event("a", "x", 3));
        Dataset order = read("order.csv", "user,item\na,x\nb,x\na,y\n", READ.withFileOrder(true));
        assertThat(Event.of(order))
                .containsExactly(new Event("a", "x", 0), new Event("a", "y", 2), new Event("b", "x", 1));
    }

    @Test
    void unitIsGuessedForTheFileNotForTheRow() throws IOException {
        Path mixed = Files.writeString(
                directory.resolve("s.csv"), "user,item,time\na,x,99999999\na,y,100000001\na,z,1300000000\n");
        assertThatThrownBy(() -> Datasets.read(mixed, READ, PrepareOptions.keepAll()))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContainingAll(
                        "99999999 to 1300000000", "epoch seconds from 1973-03-03", "--time-unit seconds");
        ReadOptions inSeconds = READ.withTimeUnit(EpochUnit.SECONDS);
        assertThat(Datasets.read(mixed, inSeconds, PrepareOptions.keepAll()).times())
                .containsExactly(99_999_999_000_000L, 100_000_001_000_000L, 1_300_000_000_000_000L);
        LoadedData micros = load("m.csv", "user,item,time\na,y,1300000000000002\na,x,1300000000000001\n", READ);
        assertThat(Event.of(micros.dataset()))
                .containsExactly(
                        new Event("a", "x", 1_300_000_000_000_001L), new Event("a", "y", 1_300_000_000_000_002L));
    }

    @Test
    void fractionsOfSecondsOrderEvents() throws IOException {
        Dataset data = read(
                "f.csv", "user,item,time\na,x,1300000000\na,z,1300000000.75\na,y,1300000000.5\na,w,1300000001\n", READ);
        assertThat(Event.of(data))
                .containsExactly(
                        new Event("a", "x", 1_300_000_000_000_000L),
                        new Event("a", "y", 1_300_000_000_500_000L),
                        new Event("a", "z", 1_300_000_000_750_000L),
                        new Event("a", "w", 1_300_000_001_000_000L));
    }

    @Test
    void patternsReadOtherTimes() throws IOException {
        Dataset data = read(
                "p.csv",
                "CustomerID,StockCode,InvoiceDate\n1,a,12/1/2010 8:26\n1,b,1/2/2010 10:00\n",
                READ.withTimePattern("M/d/yyyy H:mm"));
        assertThat(Event.of(data))
                .containsExactly(
                        new Event("1", "b", 1_262_426_400_000_000L), new Event("1", "a", 1_291_191_960_000_000L));
    }

    @Test
    void hashIsThatOfTheFile() throws Exception {
        Path file = directory.resolve("hash.csv.gz");
        byte[] bytes = gzip(Event.csv(Event.random(SEED, 5000, 9, 9, 99)).getBytes(StandardCharsets.UTF_8));
        Files.write(file, bytes);
        String expected =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        DataSource source = Datasets.read(file, READ, PrepareOptions.keepAll()).source();
        assertThat(source.sha256()).isEqualTo(expected);
        assertThat(source.file()).isEqualTo("hash.csv.gz");
    }

    @Test
    void concatenatedGzipMembersAreOneFile() throws IOException {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.write(gzip("user,item,time\na,x,1\n".getBytes(StandardCharsets.UTF_8)));
        both.write(gzip("a,y,2\n".getBytes(StandardCharsets.UTF_8)));
        Path file = directory.resolve("two.csv.gz");
        Files.write(file, both.toByteArray());
        assertThat(Datasets.read(file, READ, PrepareOptions.keepAll()).eventCount())
                .isEqualTo(2);
    }

    @Test
    void columnsAreGuessedFromUsualNames() throws IOException {
        for (String header : List.of(
                "rating,user_id,item_id,timestamp",
                "x,CustomerID,StockCode,InvoiceDate",
                "x,visitorid,itemid,ts",
                "event,session_id,product_id,event_time",
                "rating,userId,movieId,date",
                "x,user_id:token,item_id:token,timestamp:float")) {
            ReadReport report = load("c.csv", header + "\n5,a,x,1\n", READ).report();
            assertThat(List.of(report.userColumn(), report.itemColumn(), Objects.requireNonNull(report.timeColumn())))
                    .isEqualTo(List.of(header.split(",")).subList(1, 4));
        }
    }

    private static List<Event> rows() {
        Random random = new Random(SEED);
        List<String> ids = List.of("plain", "naïve", "日本", "🎸", "with space", "42", "-", "c'est");
        List<Event> rows = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            rows.add(new Event(
                    ids.get(random.nextInt(ids.size())),
                    ids.get(random.nextInt(ids.size())) + random.nextInt(20),
                    1_300_000_000_000L + 1000L * random.nextInt(500)));
        }
        return rows;
    }

    private static String iso(long millis) {
        return java.time.Instant.ofEpochMilli(millis).toString();
    }

    private static String text(List<Event> rows, String delimiter, Function<Long, Object> time, boolean header) {
        StringBuilder text =
                new StringBuilder(header ? String.join(delimiter, "item", "user", "timestamp") + "\n" : "");
        for (Event row : rows) {
            text.append(row.item().startsWith("c'") ? '"' + row.item() + '"' : row.item());
            text.append(delimiter)
                    .append(row.user())
                    .append(delimiter)
                    .append(time.apply(row.time()))
                    .append('\n');
        }
        return text.toString();
    }

    private static String json(List<Event> rows, Function<Long, String> time) {
        StringBuilder text = new StringBuilder();
        for (Event row : rows) {
            text.append("{\"timestamp\": ").append(time.apply(row.time())).append(", \"other\": {\"user\": [1, null]}");
            text.append(", \"user\": ").append(row.user().equals("42") ? "42" : '"' + row.user() + '"');
            text.append(", \"item\": \"")
                    .append(row.item().replace("ï", "\\u00ef"))
                    .append("\"}\n");
        }
        return text.toString();
    }

    private static String recBole(List<Event> rows) {
        StringBuilder text = new StringBuilder("user_id:token\titem_id:token\trating:float\ttimestamp:float\n");
        for (Event row : rows) {
            text.append(row.user())
                    .append('\t')
                    .append(row.item())
                    .append("\t3.5\t")
                    .append(row.time() / 1000);
            text.append(".0\n");
        }
        return text.toString();
    }

    private static FileFormat formatOf(String name) {
        return name.endsWith(".inter") || name.equals("q.txt")
                ? FileFormat.RECBOLE
                : name.contains(".json") ? FileFormat.JSON_LINES : FileFormat.DELIMITED;
    }

    private LoadedData load(String name, String content, ReadOptions options) throws IOException {
        Path file = directory.resolve(name);
        Files.writeString(file, content);
        return Datasets.load(file, options, PrepareOptions.keepAll());
    }

    private Dataset read(String name, String content, ReadOptions options) throws IOException {
        return load(name, content, options).dataset();
    }

    private Path resource(String name) {
        Path file = directory.resolve(name);
        try (InputStream in = Objects.requireNonNull(FormatsTest.class.getResourceAsStream(name), name)) {
            Files.write(file, in.readAllBytes());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return file;
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static void assertSame(Dataset actual, Dataset expected, String what) {
        assertThat(actual.users().names()).as(what).isEqualTo(expected.users().names());
        assertThat(actual.items().names()).as(what).isEqualTo(expected.items().names());
        assertThat(actual.offsets()).as(what).isEqualTo(expected.offsets());
        assertThat(actual.events()).as(what).isEqualTo(expected.events());
        assertThat(actual.times()).as(what).isEqualTo(expected.times());
    }
}
