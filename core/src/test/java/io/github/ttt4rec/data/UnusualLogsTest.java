package io.github.ttt4rec.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.read.Datasets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Logs from programs in which something went wrong earlier: each is read as intended, read with a notice, or refused
 * with advice.
 */
class UnusualLogsTest {
    private static final ReadOptions READ = ReadOptions.defaults();
    private static final String HEADER = "user_id,item_id,timestamp";

    @TempDir
    private Path directory;

    private Path file(String name, String... lines) {
        return bytes(name, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private Path bytes(String name, byte[] content) {
        try {
            return Files.write(directory.resolve(name), content);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static LoadedData load(Path file, ReadOptions options) {
        return Datasets.load(file, options, PrepareOptions.keepAll());
    }

    private static void refused(Path file, ReadOptions options, String... parts) {
        assertThatThrownBy(() -> load(file, options))
                .isInstanceOf(UserFacingException.class)
                .message()
                .startsWith(file.toString())
                .doesNotContain("\n")
                .contains(parts);
    }

    private static List<String> users(LoadedData loaded) {
        return loaded.dataset().users().names();
    }

    private static List<String> items(LoadedData loaded) {
        return loaded.dataset().items().names();
    }

    private static Instant time(LoadedData loaded) {
        return EventTime.instant(loaded.dataset().times()[0]);
    }

    @Test
    void idsOfAColumnWithGapsAreTheWholeNumbersThatTheyStandFor() {
        LoadedData mixed =
                load(file("mixed.csv", HEADER, "1.0,7,1388874300", "1,7.0,1388874301", "-2.00,8,1388874302"), READ);
        assertThat(users(mixed)).containsExactly("1", "-2");
        assertThat(mixed.dataset().items().names()).containsExactly("7", "8");
        assertThat(mixed.report().notices())
                .anyMatch(line -> line.contains("\"1.0\", and read as \"1\"; 1 of them also stand"))
                .anyMatch(line -> line.contains("item ids are whole numbers written as \"7.0\""));
        assertThat(mixed.report().firstEvents().getFirst().user()).isEqualTo("1");
    }

    @Test
    void idsThatOnlyLookLikeNumbersStayAsTheyAre() {
        LoadedData versions =
                load(file("versions.csv", HEADER, "1.0,007,1388874300", "1.5,7,1388874301", "1,7.0,1388874302"), READ);
        assertThat(users(versions)).containsExactly("1.0", "1.5", "1");
        assertThat(versions.dataset().items().names()).containsExactly("007", "7", "7.0");
        assertThat(versions.report().notices())
                .containsExactly(
                        "1 user ids are numbers that also stand in the log written otherwise, such as \"1\" and \"1.0\"; make them"
                                + " one in the file if they mean one user",
                        "2 item ids are numbers that also stand in the log written otherwise, such as \"7\" and \"007\", \"7\" and"
                                + " \"7.0\"; make them one in the file if they mean one item");
    }

    @ParameterizedTest
    @CsvSource({
        "date,time_ms,2014-01-31,1391202300000",
        "event_date,event_timestamp,20140131,1391202300000000",
        "date,timestamp,20140131.0,1391202300",
        "order_date,event_time,2014-01-31,2014-01-31 21:05:00",
    })
    void instantIsPreferredToADateWithANotice(String date, String instant, String day, String time) {
        LoadedData loaded = load(
                file(
                        "both.csv",
                        "user,item," + date + "," + instant,
                        "u,a," + day + "," + time,
                        "u,b," + day + "," + time),
                READ);
        assertThat(time(loaded)).isEqualTo(Instant.parse("2014-01-31T21:05:00Z"));
        assertThat(loaded.report().notices())
                .singleElement()
                .asString()
                .contains("the times are taken from \"" + instant + "\"; \"" + date + "\" would fit too");
    }

    @ParameterizedTest
    @ValueSource(strings = {"isbn,author,date", "title,author,date", "book_id,author_id,date"})
    void authorsOfWorksAreNoUsers(String header) {
        refused(
                file("books.csv", header, "1,2,2014-01-31"),
                READ,
                "is known to hold the users; name it with --user-column");
        LoadedData posts = load(file("posts.csv", "author,item,date", "ann,2,2014-01-31"), READ);
        assertThat(users(posts)).containsExactly("ann");
    }

    @ParameterizedTest
    @CsvSource({
        "2014-04-15 12:00:00 EST,yyyy-MM-dd HH:mm:ss zzz,2014-04-15T17:00:00Z",
        "2014-04-15 12:00:00 EDT,yyyy-MM-dd HH:mm:ss zzz,2014-04-15T16:00:00Z",
        "Wed Jan 15 12:00:00 PDT 2014,EEE MMM d H:mm:ss zzz yyyy,2014-01-15T19:00:00Z",
        "Wed Jan 15 12:00:00 CEST 2014,EEE MMM d H:mm:ss zzz yyyy,2014-01-15T10:00:00Z",
        "Tue Jul 15 12:00:00 GMT 2014,EEE MMM d H:mm:ss zzz yyyy,2014-07-15T12:00:00Z",
        "2014-07-15 12:00:00 America/New_York,yyyy-MM-dd HH:mm:ss VV,2014-07-15T16:00:00Z",
    })
    void abbreviationOfAZoneMeansItsOffsetInEverySeason(String text, String pattern, Instant expected) {
        LoadedData loaded = load(file("zones.csv", HEADER, "u,a," + text), READ.withTimePattern(pattern));
        assertThat(time(loaded)).isEqualTo(expected);
    }

    @Test
    void namesWithCommasAndBlanksAreNoLists() {
        LoadedData loaded = load(
                file("names.tsv", "user\titem\ttime", "u\tToy Story 2\t2014-01-31", "u\tHeat, 1995 cut\t2014-02-01"),
                READ);
        assertThat(loaded.report().notices()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1,1e0", "100000,1E+05", "17850,1.7850e4", "0,-0", "1,+1", "7,07"})
    void oneNumberWrittenInTwoWaysIsNamed(String plain, String other) {
        LoadedData loaded = load(
                file("numbers.csv", HEADER, plain + ",a,1388874300", other + ",b,1388874301", "x,c,1388874302"), READ);
        assertThat(users(loaded)).containsExactly(plain, other, "x");
        assertThat(loaded.report().notices())
                .anyMatch(line -> line.contains("\"" + plain + "\" and \"" + other + "\""));
    }

    @ParameterizedTest
    @CsvSource({"\uFF11\uFF12,12", "a\u200Bb,ab", "e\u0301,\u00E9", "a\u00A0,a"})
    void idsThatLookAlikeAreNamed(String one, String other) {
        LoadedData loaded = load(file("twins.csv", HEADER, one + ",a,1388874300", other + ",b,1388874301"), READ);
        assertThat(users(loaded)).containsExactly(one, other);
        assertThat(loaded.report().notices()).singleElement().asString().contains("look like another one");
    }

    @Test
    void headerInTheMiddleIsNoRow() {
        Path ordered = file("ordered.csv", "user,item", "a,b", "user,item", "c,d");
        refused(ordered, READ.withFileOrder(true), "line 3", "the header line once more");
        LoadedData loaded = load(ordered, READ.withFileOrder(true).withSkipBadRows(true));
        assertThat(users(loaded)).containsExactly("a", "c");
        refused(
                file("timed.csv", HEADER, "a,b,1388874300", HEADER, "c,d,1388874301"),
                READ,
                "line 3",
                "the header line once more");
    }

    @Test
    void numbersBelowZeroAndTimesOfDayAreNoOrderNumbers() {
        refused(file("before.csv", HEADER, "u,a,-86400", "u,b,-3600"), READ, "no unit makes", "--time-unit");
        Path day = file("day.csv", "user_id,item_id,day,time", "u,a,1,222500", "u,b,2,222501", "u,c,3,101010");
        refused(day, READ, "times of day written HHmmss", "--time-column day,time", "--time-unit ordinal");
        assertThat(load(day, READ.withTimeUnit(EpochUnit.ORDINAL)).dataset().times())
                .containsExactly(101_010, 222_500, 222_501);
    }

    @Test
    void delimiterInFrontOfANumberIsNoDecimalComma() {
        refused(
                file("tabs.csv", "user_id\t,item_id\t,timestamp\t", "a\t,b\t,1388874300\t"),
                READ,
                "\",1388874300\" is not a time");
    }

    @Test
    void everyColumnOfTimesIsNamed() {
        assertThat(load(file("two.csv", "user,item,created_at,updated_at", "a,b,2014-01-04,2015-01-04"), READ)
                        .report()
                        .notices())
                .singleElement()
                .asString()
                .contains("taken from \"created_at\"; \"updated_at\" would fit too");
    }

    @Test
    void tablesInOneJsonObjectAreRefusedWithTheWayToMakeRowsOfThem() {
        refused(
                file("columns.json", "{\"user_id\":[\"a\",\"b\"],\"item_id\":[\"c\",\"d\"],\"timestamp\":[1,2]}"),
                READ,
                "jq -c '. as $o | range(.user_id | length) as $i | $o | map_values(.[$i])' FILE");
        refused(
                file("split.json", "{\"columns\":[\"user_id\",\"item_id\"],\"data\":[[\"a\",\"b\"],[\"c\",\"d\"]]}"),
                READ,
                "jq -r '.columns, .data[] | @csv' FILE");
        refused(
                file("two.jsonl", "{\"user\":1,\"item\":2,\"ts\":1388874300}{\"user\":1,\"item\":3,\"ts\":1388874301}"),
                READ,
                "jq -c . FILE");
    }

    @Test
    void idsThatASpreadsheetRoundedAreNamed() {
        assertThat(load(
                                file(
                                        "rounded.csv",
                                        HEADER,
                                        "1.23457E+11,a,1388874300",
                                        "9E+12,b,1388874301",
                                        "x,b,1388874302"),
                                READ)
                        .report()
                        .notices())
                .singleElement()
                .asString()
                .contains("2 user ids are numbers", "\"1.23457E+11\"", "several may have become one");
    }

    @Test
    void itemsThatAreListsAreRefusedAndReadMemberByMember() {
        Path file = file("lists.csv", HEADER, "u,\"[3, 'a b']\",1388874300", "u,\"[4]\",1388874301");
        refused(file, READ, "every item is a list, such as \"[3, 'a b']\"", "--list-separator \",\"");
        assertThat(load(file, READ.withListSeparator(",")).dataset().items().names())
                .containsExactly("3", "a b", "4");
    }

    @Test
    void itemsThatMayBeListsAreNamed() {
        Path file = file("bars.csv", HEADER, "u,b|c,1388874300", "v,e,1388874301");
        assertThat(load(file, READ).report().notices())
                .containsExactly(
                        "1 of 2 items hold \"|\", such as \"b|c\"; if a field lists several items, give --list-separator"
                                + " \"|\"");
        LoadedData lists = load(file, READ.withListSeparator("|"));
        assertThat(lists.dataset().items().names()).containsExactly("b", "c", "e");
        assertThat(lists.report().notices()).isEmpty();
    }

    @Test
    void dateIsOfferedOnlyIfItsPatternReadsTheText() {
        Path padded = file("padded.csv", HEADER, "u,a,0104", "u,b,0105");
        assertThatThrownBy(() -> load(padded, READ)).message().contains("MMdd").doesNotContain("yyMMdd");
        Path lost = file("lost.csv", HEADER, "u,a,104", "u,b,1231");
        refused(lost, READ, "--time-pattern MMdd");
        assertThat(time(load(lost, READ.withTimePattern("MMdd")))).isEqualTo(Instant.parse("2000-01-04T00:00:00Z"));
    }

    @Test
    void timesThatASpreadsheetRoundedAreRefused() {
        Path rounded = file("rounded.csv", HEADER, "u,a,1.3889E+09", "u,b,1.3890E+09");
        refused(rounded, READ, "with at most 5 digits", "--time-unit seconds");
        assertThat(time(load(rounded, READ.withTimeUnit(EpochUnit.SECONDS))))
                .isEqualTo(Instant.ofEpochSecond(1_388_900_000));
        assertThat(time(load(file("whole.csv", HEADER, "u,a,1.388874300e+09", "u,b,1.3888743E9"), READ)))
                .isEqualTo(Instant.ofEpochSecond(1_388_874_300));
    }

    @Test
    void nanosecondsOrderEventsAndTellThemApart() {
        Path file = file(
                "nanos.csv",
                HEADER,
                "u,b,1700000000000000002",
                "u,a,1700000000000000001",
                "u,a,1700000000000000003",
                "u,a,1700000000000000003");
        Dataset data = Datasets.read(file, READ, PrepareOptions.keepAll().withDeduplication(Deduplication.EXACT));
        assertThat(Event.of(data)).extracting(Event::item).containsExactly("a", "b", "a");
        assertThat(Event.of(data)).extracting(Event::time).containsOnly(1_700_000_000_000_000L);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
            2014-01-04T22:25:00.000000002Z,2014-01-04T22:25:00.000000001Z,2014-01-04T22:25:00.000000003Z
            2014-01-04 22:25:00.0000002,2014-01-04 22:25:00.0000001,2014-01-04 22:25:00.0000003
            """)
    void datesFinerThanAMicrosecondOrderEventsAndTellThemApart(String second, String first, String third) {
        Path file = file(
                "nanos.csv", HEADER, "u,z,2013-01-01", "u,b," + second, "u,a," + first, "u,a," + third, "u,a," + third);
        Dataset data = Datasets.read(file, READ, PrepareOptions.keepAll().withDeduplication(Deduplication.EXACT));
        assertThat(Event.of(data)).extracting(Event::item).containsExactly("z", "a", "b", "a");
        assertThat(data.times()[0]).isEqualTo(EventTime.micros(Instant.parse("2013-01-01T00:00:00Z")));
        assertThat(data.times()[3]).isEqualTo(EventTime.micros(Instant.parse("2014-01-04T22:25:00Z")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nanos.parquet", "int96_nanos.parquet"})
    void nanosecondsOfParquetOrderEvents(String name) {
        Dataset data = load(resource(name), READ).dataset();
        assertThat(Event.of(data))
                .filteredOn(event -> event.user().equals("a"))
                .extracting(Event::item)
                .containsExactly("x", "z");
        Dataset one = Datasets.read(
                resource(name),
                READ.withColumns("user_id", "item_id", "timestamp"),
                PrepareOptions.keepAll().withMaxUsers(1));
        assertThat(one.times()).containsOnly(1_388_874_300_000_000L);
    }

    @Test
    void floatsOfParquetThatHaveLostTheirOrderAreRefused() {
        Path file = resource("float_times.parquet");
        refused(file, READ, "3 times are floats of 32 bits", "--time-unit seconds");
        assertThat(time(load(file, READ.withTimeUnit(EpochUnit.SECONDS))))
                .isEqualTo(Instant.parse("2014-01-04T22:24:00Z"));
    }

    @Test
    void bytesOfParquetThatAreNoTextAreRefused() {
        refused(resource("bytes_as_ids.parquet"), READ, "row 2", "the byte 0xFF is not UTF-8; ids must be text");
    }

    private static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(UnusualLogsTest.class.getResource("/logs/" + name))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void eventsOfAProgramKeepTheOrderOfTheirNanoseconds() {
        Instant time = Instant.parse("2014-01-04T22:25:00Z");
        Dataset data = Datasets.of(
                List.of(
                        new Interaction("u", "b", time.plusNanos(2)),
                        new Interaction("u", "a", time.plusNanos(1)),
                        new Interaction("u", "a", time.plusNanos(3))),
                PrepareOptions.keepAll().withDeduplication(Deduplication.EXACT));
        assertThat(Event.of(data)).extracting(Event::item).containsExactly("a", "b", "a");
    }

    @Test
    void fractionsThatAreCutAreCounted() {
        LoadedData cut = load(
                file("cut.csv", HEADER, "u,b,1388874300.1234567", "u,a,1388874300.1234561", "u,c,1388874300.5"), READ);
        assertThat(Event.of(cut.dataset())).extracting(Event::item).containsExactly("b", "a", "c");
        assertThat(cut.report().notices())
                .containsExactly(
                        "2 times are finer than the millionth that is kept; events that differ by less count as of one"
                                + " time and stay in the order of the file");
        Path far = file("far.csv", HEADER, "u,b,9999-12-31", "u,a,2014-01-04T22:25:00.000000001Z");
        assertThat(load(far, READ).report().notices())
                .singleElement()
                .asString()
                .startsWith("1 times are finer");
        refused(
                file("late.csv", HEADER, "u,a,2014-01-04T22:25:00.000000001Z", "u,b,9999-12-31"),
                READ,
                "line 3",
                "beyond the years 1678 to 2261");
    }

    @Test
    void timesWithAndWithoutAZoneAreNamed() {
        LoadedData mixed = load(
                file(
                        "zones.csv",
                        HEADER,
                        "u,a,2014-01-04 22:25:00+02:00",
                        "u,b,2014-01-04 22:25:00",
                        "u,c,2014-01-05 00:00:00 UTC"),
                READ);
        assertThat(time(mixed)).isEqualTo(Instant.parse("2014-01-04T20:25:00Z"));
        assertThat(mixed.report().notices())
                .containsExactly("2 times name a zone and 1 do not; those without are taken as UTC");
        assertThat(load(file("dates.csv", HEADER, "u,a,2014-01-04", "u,b,2014-01-05T01:00:00Z"), READ)
                        .report()
                        .notices())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            04-Jan-14                            | d-MMM-yy                           | 2014-01-04T00:00:00Z
            04-01-14                             | d-M-yy                             | 2014-01-04T00:00:00Z
            Sat Jan 04 22:25:00 2014             | EEE MMM d H:mm:ss yyyy             | 2014-01-04T22:25:00Z
            2014-01-04T22:25:00+01:00[Europe/Berlin] | yyyy-MM-dd'T'HH:mm:ssXXX'['VV']' | 2014-01-04T21:25:00Z
            01/04/2014, 10:25:00 PM              | M/d/yyyy, h:mm:ss a                | 2014-01-04T22:25:00Z
            2014-004                             | yyyy-DDD                           | 2014-01-04T00:00:00Z
            Sat Jan 04 2014 22:25:00 GMT+0100    | EEE MMM d yyyy H:mm:ss 'GMT'Z      | 2014-01-04T21:25:00Z
            20140104 222500                      | yyyyMMdd HHmmss                    | 2014-01-04T22:25:00Z
            04.01.2014 22:25:00                  | d.M.yyyy H:mm:ss                   | 2014-01-04T22:25:00Z
            04.01.14 22:25                       | d.M.yy H:mm                        | 2014-01-04T22:25:00Z
            4.1.2014, 22:25:00                   | d.M.yyyy, H:mm:ss                  | 2014-01-04T22:25:00Z
            Jan 4, 2014, 10:25:00 PM             | MMM d, yyyy, h:mm:ss a             | 2014-01-04T22:25:00Z
            January 4, 2014 10:25 PM             | MMMM d, yyyy h:mm a                | 2014-01-04T22:25:00Z
            Jan  4 2014 10:25PM                  | MMM d yyyy h:mma                   | 2014-01-04T22:25:00Z
            Sat Jan  4 22:25:00 2014             | EEE MMM d H:mm:ss yyyy             | 2014-01-04T22:25:00Z
            04-JAN-14 10.25.00.250000 PM         | d-MMM-yy h.mm.ss.SSSSSS a          | 2014-01-04T22:25:00.250Z
            04JAN2014:22:25:00                   | dMMMyyyy:H:mm:ss                   | 2014-01-04T22:25:00Z
            2014-01-04-22.25.00.000000           | yyyy-M-d-H.mm.ss.SSSSSS            | 2014-01-04T22:25:00Z
            2014-1-4 10:25:00 PM                 | yyyy-M-d h:mm:ss a                 | 2014-01-04T22:25:00Z
            1/4/2014 22:25:00.250                | M/d/yyyy H:mm:ss.SSS               | 2014-01-04T22:25:00.250Z
            2014-Jan-04 22:25:00                 | yyyy-MMM-d H:mm:ss                 | 2014-01-04T22:25:00Z
            04/Jan/2014:22:25:00 +0100           | d/MMM/yyyy:H:mm:ss Z               | 2014-01-04T21:25:00Z
            2014-01-04 22:25:00 Europe/Berlin    | yyyy-M-d H:mm:ss zzz               | 2014-01-04T21:25:00Z
            22:25 04.01.2014                     | H:mm d.M.yyyy                      | 2014-01-04T22:25:00Z
            2014-01-04_22-25-00                  | yyyy-M-d_H-mm-ss                   | 2014-01-04T22:25:00Z
            Sat Jan 04 2014 22:25:00 GMT+0100 (Central European Standard Time) | EEE MMM d yyyy H:mm:ss 'GMT'Z '('zzzz')' | 2014-01-04T21:25:00Z
            2014年1月4日 22:25                      | yyyy'年'M'月'd'日' H:mm               | 2014-01-04T22:25:00Z
            """)
    void dateOfAnotherFormIsRefusedWithThePatternThatReadsIt(String text, String pattern, Instant expected) {
        Path file = file("dates.csv", HEADER, "u,a,\"" + text + "\"");
        refused(file, READ, "--time-pattern \"" + pattern + "\" reads it as");
        assertThat(time(load(file, READ.withTimePattern(pattern)))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            1,390,000,000        | separators of thousands; export
            4 janv. 2014 22:25   | months and days in English
            /Date(1390000000000)/| sed -E
            """)
    void timeThatNoOptionReadsIsRefusedWithWhatToDo(String text, String advice) {
        refused(file("dates.csv", HEADER, "u,a,\"" + text + "\""), READ, advice);
    }

    @Test
    void durationsAreNoTimesIfAnotherColumnMayHoldThem() {
        String[] rows = {"user_id,item_id,time,date", "u,a,35,2014-01-04", "u,b,312,2014-01-05", "u,c,7,2014-01-06"};
        Path file = file("durations.csv", rows);
        refused(file, READ, "may be durations", "--time-unit ordinal", "--time-column date");
        assertThat(time(load(file, READ.withColumns(null, null, "date"))))
                .isEqualTo(Instant.parse("2014-01-04T00:00:00Z"));
        assertThat(items(load(file, READ.withTimeUnit(EpochUnit.ORDINAL)))).containsExactly("a", "b", "c");
    }

    @Test
    void idsComeBeforeNamesAndPlacesAreNoItems() {
        LoadedData log = load(
                file("names.csv", "user,user_id,item,item_id,time", "Ann,u,Mug,a,2014-01-04", "Ann,u,Mug,b,2014-01-05"),
                READ);
        assertThat(users(log)).containsExactly("u");
        assertThat(items(log)).containsExactly("a", "b");
        assertThat(log.report().notices())
                .anyMatch(notice -> notice.contains("\"user\" would fit too"))
                .anyMatch(notice -> notice.contains("\"item\" would fit too"));
        refused(file("places.csv", "user_id,location,code,time", "u,Rome,a,2014-01-04"), READ, "--item-column");
    }

    @Test
    void marksAroundAFieldAreNoPartOfIt() {
        assertThat(users(load(
                        file("excel.csv", HEADER, "=\"007\",a,2014-01-04", "\"=\"\"008\"\"\",a,2014-01-04"), READ)))
                .containsExactly("007", "008");
        LoadedData spaced = load(
                file(
                        "spaced.csv",
                        "\"user\", \"time\", \"item\"",
                        "\"u\", \"2014-01-04\", \"a\"",
                        "\"u\", \"2014-01-05\", 5\""),
                READ);
        assertThat(users(spaced)).containsExactly("u");
        assertThat(items(spaced)).containsExactly("a", "5\"");
    }

    @Test
    void titlesAndUnusualDelimitersAreNamed() {
        refused(file("title.csv", "Orders, 2014", HEADER, "u,a,2014-01-04", "v,b,2014-01-05"), READ, "--skip-lines 1");
        refused(file("caret.txt", "user^item^time", "u^a^2014-01-04"), READ, "give --delimiter \"^\"");
    }

    @Test
    void numberAmongDatesIsNamed() {
        refused(
                file("mixed.csv", HEADER, "u,a,2014-01-04", "u,b,1388874300"),
                READ,
                "line 3",
                "is a number, but the times before");
        refused(file("units.csv", HEADER, "u,a,1388874300", "u,b,1388874300000"), READ, "no unit makes");
    }

    @Test
    void nulIsNoQuotationMark() {
        LoadedData loaded = load(
                file(
                        "nul.tsv",
                        HEADER.replace(',', '\t'),
                        "\0u\ta\t1388874300",
                        "v\tb\t1388874301",
                        "w\tc\t1388874302"),
                READ);
        assertThat(loaded.dataset().eventCount()).isEqualTo(3);
    }

    @Test
    void jsonArrayIsReadElementByElement() {
        String pretty =
                "[\n  {\n    \"user_id\": \"u, {[\\\"\",\n    \"item_id\": \"a\",\n    \"timestamp\": 1388874300\n  },\n"
                        + "  {\"user_id\": \"v\", \"item_id\": null, \"timestamp\": 1388874301},\n"
                        + "  {\"user_id\": \"v\", \"item_id\": \"b\", \"rating\": NaN, \"timestamp\": 1388874302}\n]\n";
        Path file = bytes("log.json", pretty.getBytes(StandardCharsets.UTF_8));
        refused(file, READ, "element 2", "the id is null");
        LoadedData loaded = load(file, READ.withSkipBadRows(true));
        assertThat(users(loaded)).containsExactly("u, {[\"", "v");
        assertThat(loaded.report().format()).isEqualTo("JSON array");
        Path cut = bytes("cut.json", pretty.substring(0, 200).getBytes(StandardCharsets.UTF_8));
        refused(cut, READ.withSkipBadRows(true), "the JSON array is not closed", "truncated");
        refused(file("rows.json", "[[1,2,3]]"), READ, "not of objects", "jq -r");
    }

    @Test
    void jsonOfAnotherShapeIsRefusedWithTheWayToConvertIt() {
        refused(file("pretty.jsonl", "{", "\"user_id\": 1", "}"), READ, "no line holds a JSON object", "jq -c");
        refused(
                file(
                        "wrapped.json",
                        "{\"events\": [{\"user_id\": 1, \"item_id\": 2, \"timestamp\": 1388874300},"
                                + "{\"user_id\": 1, \"item_id\": 3, \"timestamp\": 1388874301}]}"),
                READ,
                "jq -c '.events[]' FILE");
        refused(
                file("nan.jsonl", "{\"user_id\": NaN, \"item_id\": 2, \"timestamp\": 1388874300}"),
                READ,
                "line 1",
                "the id is missing: NaN");
    }

    @Test
    void largeAndQuotedNumbersKeepEveryDigit() {
        LoadedData loaded = load(
                file(
                        "big.jsonl",
                        "{\"user_id\": 1000000000000000000000001, \"item_id\": 18446744073709551615, \"timestamp\": \"1388874300\"}",
                        "{\"user_id\": \"1000000000000000000000002\", \"item_id\": \"007\", \"timestamp\": 1388874301}"),
                READ);
        assertThat(users(loaded)).containsExactly("1000000000000000000000001", "1000000000000000000000002");
        assertThat(loaded.dataset().items().names()).containsExactly("18446744073709551615", "007");
    }

    @Test
    void filesThatAreNoLogsAreNamedForWhatTheyAre() throws IOException {
        refused(file("page.csv", "<html><body>Not found</body></html>"), READ, "HTML or XML");
        refused(
                file("dump.sql", "-- dump", "", "INSERT INTO `events` VALUES (1,'u','a','2014-01-04');"),
                READ,
                "SQL dump",
                "export the table");
        refused(bytes("log.pkl", new byte[] {(byte) 0x80, 5, (byte) 0x95, 5, 0, 0}), READ, "file of another program");
        refused(
                file("pointer.csv", "version https://git-lfs.github.com/spec/v1", "oid sha256:abc"),
                READ,
                "git lfs pull");
        byte[] log = (HEADER + "\nu,a,1388874300\n").getBytes(StandardCharsets.UTF_8);
        refused(bytes("twice.csv.gz", gzip(gzip(log))), READ, "compressed twice");
        byte[] once = gzip(log.length > 0 ? HEADER.repeat(500).getBytes(StandardCharsets.UTF_8) : log);
        refused(bytes("cut.csv.gz", Arrays.copyOf(once, once.length - 9)), READ, "truncated");
        refused(
                bytes("utf16.csv", new String(log, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_16BE)),
                READ,
                "--encoding utf-16be");
        assertThat(users(load(
                        bytes("utf16.csv", new String(log, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_16BE)),
                        READ.withEncoding("utf-16be"))))
                .containsExactly("u");
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    @Test
    void fileWithoutAHeaderIsRefusedWithTheColumnsByNumber() {
        Path file = file("rows.csv", "u,a,2014-01-04", "v,b,2014-01-05");
        refused(file, READ, "--no-header --user-column 1 --item-column 2 --time-column 3");
        assertThat(users(load(file, READ.withHeader(false).withColumns("1", "2", "3"))))
                .containsExactly("u", "v");
    }

    @ParameterizedTest
    @CsvSource({"\\r\\n", "\\r", "\\n"})
    void everyLineEndIsOne(String end) {
        String text = List.of(HEADER, "u,a,1388874300", "v,b,1388874301").stream()
                .collect(Collectors.joining(end.replace("\\r", "\r").replace("\\n", "\n")));
        assertThat(users(load(bytes("ends.csv", text.getBytes(StandardCharsets.UTF_8)), READ)))
                .containsExactly("u", "v");
    }
}
