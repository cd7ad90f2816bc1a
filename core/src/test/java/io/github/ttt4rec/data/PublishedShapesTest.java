package io.github.ttt4rec.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.read.Datasets;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Logs in layouts that occur in practice: each is read correctly, or refused with a message that names an option with
 * which it is read correctly.
 */
class PublishedShapesTest {
    private static final ReadOptions READ = ReadOptions.defaults();
    private static final long SECOND = 1_000_000;
    private static final long MINUTE = 60 * SECOND;
    private static final long DAY = 1440 * MINUTE;

    /** The 312 events that most of the files contain: user, item and epoch seconds. */
    private static List<Event> events() {
        return lines("comment_lines.csv")
                .skip(2)
                .map(line -> line.split(",", -1))
                .map(fields -> new Event(fields[0], fields[1], SECOND * Long.parseLong(fields[2])))
                .toList();
    }

    private static Stream<String> lines(String name) {
        try {
            return Files.readAllLines(file(name)).stream();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path file(String name) {
        try {
            return Path.of(Objects.requireNonNull(
                            PublishedShapesTest.class.getResource("/logs/" + name), "no resource " + name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A file, the options that read it, and its events.
     *
     * @param refusal a part of the message that appears without {@code cure}, or null if the file needs no options
     * @param cure the options that the message names
     * @param expected maps a common event to the file's event; null if the file does not contain it
     */
    record Shape(String file, @Nullable String refusal, ReadOptions cure, UnaryOperator<@Nullable Event> expected) {
        @Override
        public String toString() {
            return file;
        }
    }

    private static Shape read(String file, UnaryOperator<@Nullable Event> expected) {
        return new Shape(file, null, READ, expected);
    }

    private static Shape refused(
            String file, String refusal, ReadOptions cure, UnaryOperator<@Nullable Event> expected) {
        return new Shape(file, refusal, cure, expected);
    }

    private static UnaryOperator<@Nullable Event> floored(long unit) {
        return event -> new Event(event.user(), event.item(), Math.floorDiv(event.time(), unit) * unit);
    }

    private static UnaryOperator<@Nullable Event> item(UnaryOperator<String> item) {
        return event -> new Event(event.user(), item.apply(event.item()), event.time());
    }

    private static ReadOptions log(KnownLog log) {
        return log.options();
    }

    static Stream<Shape> shapes() {
        long newYear2000 = 946_684_800 * SECOND;
        long newYear2014 = 1_388_534_400 * SECOND;
        return Stream.of(
                read("comment_lines.csv", UnaryOperator.identity()),
                read("excel_sep.csv", UnaryOperator.identity()),
                read("trailing_comma.csv", UnaryOperator.identity()),
                read("json_types.jsonl", UnaryOperator.identity()),
                read("json_nested.jsonl", UnaryOperator.identity()),
                read("rb_space.inter", UnaryOperator.identity()),
                read("pq_decimal.parquet", UnaryOperator.identity()),
                read("pq_lz4.parquet", UnaryOperator.identity()),
                read("pq_nested.parquet", UnaryOperator.identity()),
                read("spark_dir.parquet", UnaryOperator.identity()),
                read("awk_stream_parquet.parquet", UnaryOperator.identity()),
                read("WRONG_yyyyMMddHHmmss.csv", UnaryOperator.identity()),
                read("WRONG_yyyyMMddHHmm.csv", floored(MINUTE)),
                read("yyyymmdd.csv", floored(DAY)),
                read(
                        "awk_stream_fractional_seconds.tsv",
                        event -> new Event(event.user(), event.item(), event.time() + 277_000)),
                read("WRONG_uint64_ids_negative.parquet", event -> Long.parseLong(event.user()) > 40 ? null : event),
                refused(
                        "date_time_cols.csv",
                        "--time-column date,time",
                        READ.withColumns(null, null, "date,time"),
                        UnaryOperator.identity()),
                refused(
                        "tmall_log.csv",
                        "--time-pattern MMdd",
                        READ.withTimePattern("MMdd"),
                        event -> new Event(
                                event.user(),
                                event.item(),
                                Math.floorDiv(event.time() - newYear2014, DAY) * DAY + newYear2000)),
                refused("sasrec_ml.txt", "--preset-log sasrec", log(KnownLog.SASREC), UnaryOperator.identity()),
                refused(
                        "lastfm_heroes.tsv",
                        "--preset-log lastfm-1k",
                        log(KnownLog.LASTFM_1K),
                        event -> new Event(
                                "user_%06d".formatted(Integer.parseInt(event.user())),
                                "trk-" + event.item(),
                                event.time())),
                refused(
                        "awk_stream_double_colon.dat",
                        "--preset-log movielens-1m",
                        log(KnownLog.MOVIELENS_1M),
                        item(item -> Integer.toString(1000 + Integer.parseInt(item)))),
                refused("backslash_quote.csv", "--escape \\", READ.withEscape("\\"), item(item -> "a \"b\" " + item)),
                refused(
                        "WRONG_dup_header.csv",
                        "--item-column 2 or --item-column 3",
                        READ.withColumns(null, "3", null),
                        item(item -> "B" + Integer.parseInt(item) % 3)));
    }

    private static List<Event> read(Shape shape) {
        return Event.of(Datasets.read(file(shape.file()), shape.cure(), PrepareOptions.keepAll()));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void everyShapeIsReadRightOrRefusedWithItsCure(Shape shape) {
        if (shape.refusal() != null) {
            assertRefused(shape.file(), READ, shape.refusal());
        }
        List<Event> expected = new ArrayList<>();
        for (Event event : events()) {
            Event mapped = shape.expected().apply(event);
            if (mapped != null) {
                expected.add(mapped);
            }
        }
        List<Event> actual = read(shape);
        if (shape.cure().fileOrder()) {
            assertThat(withoutTimes(actual)).isEqualTo(withoutTimes(expected));
        } else if (!shape.file().startsWith("WRONG_uint64")) {
            assertThat(actual).isEqualTo(sorted(expected));
        }
    }

    private static List<List<String>> withoutTimes(List<Event> events) {
        return events.stream().map(event -> List.of(event.user(), event.item())).toList();
    }

    /** The events sorted by time within each user; users are in file order. */
    private static List<Event> sorted(List<Event> events) {
        List<String> users = events.stream().map(Event::user).distinct().toList();
        return events.stream()
                .sorted(Comparator.comparingInt((Event event) -> users.indexOf(event.user()))
                        .thenComparingLong(Event::time))
                .toList();
    }

    private static void assertRefused(String name, ReadOptions options, String... parts) {
        assertThatThrownBy(() -> Datasets.read(file(name), options, PrepareOptions.keepAll()))
                .isInstanceOf(UserFacingException.class)
                .message()
                .startsWith(file(name).toString())
                .doesNotContain("\n")
                .contains(parts);
    }

    private static LoadedData load(String name, ReadOptions options) {
        return Datasets.load(file(name), options, PrepareOptions.keepAll());
    }

    @Test
    void unsignedIdsStayPositive() {
        Dataset data = load("WRONG_uint64_ids_negative.parquet", READ).dataset();
        assertThat(data.users().names())
                .hasSize(40)
                .allMatch(name -> name.matches("[0-9]+"))
                .contains("18446744073709551614");
        assertThat(data.items().names()).hasSize(15).contains("9223372036854775809", "9223372036854775811");
    }

    @Test
    void microsecondsOrderEventsAndTellThemApart() {
        Dataset data = load("min_float_order.csv", READ).dataset();
        for (int user = 0; user < data.userCount(); user++) {
            for (int position = 0; position < 4; position++) {
                assertThat(data.items().name(data.item(user, position))).isEqualTo("i" + (position + 1));
            }
        }
        PrepareOptions exact = PrepareOptions.keepAll().withDeduplication(Deduplication.EXACT);
        assertThat(Datasets.read(file("WRONG_micros_dedup_exact.csv"), READ, exact)
                        .eventCount())
                .isEqualTo(180);
    }

    @Test
    void quotationMarkInTabSeparatedTextSwallowsNothing() {
        assertThat(load("min_swallow.tsv", READ).dataset().eventCount()).isEqualTo(12);
    }

    @Test
    void missingIdsAreRefusedOrLeftOut() {
        ReadOptions skip = READ.withSkipBadRows(true);
        assertRefused("WRONG_user_NA.csv", READ, "line 3", "\"N/A\"", "--skip-bad-rows", "--keep-na-ids");
        LoadedData skipped = load("WRONG_user_NA.csv", skip);
        assertThat(skipped.dataset().users().names()).doesNotContain("NA", "N/A", "NULL", "nan", "None");
        assertThat(skipped.report().badRows() + skipped.dataset().eventCount()).isEqualTo(312);
        assertThat(load("WRONG_user_NA.csv", READ.withKeepNaIds(true)).dataset().eventCount())
                .isEqualTo(312);
        assertRefused("pandas_nan.csv", READ, "line 9", "empty", "--skip-bad-rows");
        assertThat(load("pandas_nan.csv", skip).report().badRows()).isPositive();
        assertRefused("pq_double_ids.parquet", READ, "row 4", "null", "--skip-bad-rows");
        assertThat(load("pq_double_ids.parquet", skip).dataset().items().names())
                .allMatch(name -> name.matches("[0-9]+"));
        assertRefused("json_first_lacks_time.jsonl", READ, "line 1", "no field \"timestamp\"", "--skip-bad-rows");
        assertThat(load("json_first_lacks_time.jsonl", skip).dataset().eventCount())
                .isEqualTo(311);
    }

    @Test
    void sessionsStandInForUsersThatAreNotKnown() {
        assertRefused("WRONG_diginetica_user_NA.csv", READ, "\"NA\"", "session_id", "--user-column");
        LoadedData sessions =
                load("WRONG_diginetica_user_NA.csv", READ.withColumns("session_id", null, "eventdate,timeframe"));
        assertThat(sessions.dataset().userCount()).isEqualTo(300);
        assertThat(sessions.dataset().eventCount()).isEqualTo(1200);
        assertThat(sessions.dataset().hasTimes()).isTrue();
    }

    @Test
    void timeOfDayIsNoTime() {
        assertRefused("WRONG_time_of_day_parquet.parquet", READ, "\"time\"", "TIME", "--file-order");
        assertThat(load("WRONG_time_of_day_parquet.parquet", READ.withFileOrder(true))
                        .dataset()
                        .eventCount())
                .isEqualTo(312);
    }

    @Test
    void spreadsheetDaysAreRefusedWithEveryReading() {
        assertRefused(
                "excel_serial.csv",
                READ,
                "--time-unit excel-days",
                "--time-unit ordinal",
                "2014-01-04",
                "--time-unit days");
        List<Event> actual = Event.of(load("excel_serial.csv", READ.withTimeUnit(EpochUnit.EXCEL_DAYS))
                .dataset());
        List<Event> expected = sorted(events());
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i).item()).isEqualTo(expected.get(i).item());
            assertThat((double) actual.get(i).time()).isCloseTo(expected.get(i).time(), within(0.1 * SECOND));
        }
    }

    @Test
    void severalColumnsThatFitAreNamed() {
        LoadedData asin = load("asin_parent.csv", READ);
        assertThat(asin.report().itemColumn()).isEqualTo("asin");
        assertThat(asin.report().notices()).singleElement().asString().contains("\"parent_asin\" would fit too");
        LoadedData json = load("awk_amazon2023_asin_vs_parent_asin.jsonl", READ.withColumns(null, "parent_asin", null));
        assertThat(json.report().notices()).isEmpty();
        assertThat(json.dataset().items().names()).hasSize(15).allMatch(name -> name.startsWith("B0"));
    }

    @Test
    void listsOfEarlierItemsComeBeforeTheLastOne() {
        assertRefused("rb_seq.inter", READ, "--file-order");
        LoadedData sequences = load("rb_seq.inter", READ.withFileOrder(true));
        assertThat(sequences.report().itemColumn()).isEqualTo("item_id_list:token_seq,item_id:token");
        assertThat(withoutTimes(Event.of(sequences.dataset())).subList(0, 8))
                .containsExactly(
                        List.of("1", "3"),
                        List.of("1", "1"),
                        List.of("1", "1"),
                        List.of("1", "1"),
                        List.of("1", "1"),
                        List.of("1", "3"),
                        List.of("1", "2"),
                        List.of("2", "8"));
    }

    @Test
    void filesOfOtherProgramsAreNamedWithTheWayToConvertThem() {
        assertRefused("steam_reviews.json", READ, "Python dict", "python3 -c", "ast.literal_eval");
        assertRefused("pq_brotli.parquet", READ, "Brotli", "compression=\"zstd\"");
    }

    @Test
    void timesBefore1970AreTimes() {
        Dataset data = load("time_neg_iso.csv", READ).dataset();
        assertThat(data.hasTimes()).isTrue();
        assertThat(data.times()[0]).isEqualTo(-60 * SECOND);
    }

    @Test
    void leaveOneOutOfFewEventsSaysWhatItLacks() {
        SplitSpec spec = SplitSpec.parse("leave-one-out");
        assertThat(DataWarnings.find(
                        load("two_events.csv", READ),
                        spec.apply(load("two_events.csv", READ).dataset()),
                        DatasetStatistics.of(load("two_events.csv", READ).dataset()),
                        50,
                        2_000_000_000 * SECOND))
                .anyMatch(line -> line.contains("leave-one-out") && line.contains("three events"));
        assertThat(spec.apply(load("three_events.csv", READ).dataset()).cases(Split.Part.VALIDATION))
                .isZero();
    }
}
