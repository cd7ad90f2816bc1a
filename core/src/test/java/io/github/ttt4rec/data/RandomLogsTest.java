package io.github.ttt4rec.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.read.Datasets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random logs with known content, in random formats, encodings, delimiters, quotes and time units, and with random
 * defects. Each must be read exactly or refused with one line. {@code -Dttt4rec.logs=5000} runs more of them.
 */
class RandomLogsTest {
    private static final long SEED = 15_07_2026;
    private static final int LOGS = Integer.getInteger("ttt4rec.logs", 300);
    private static final List<String> DELIMITERS = List.of(",", ";", "\t", "|", "::", " ");
    private static final List<String> USER_NAMES = List.of("user_id", "userId", "CustomerID", "visitorid", "uid");
    private static final List<String> ITEM_NAMES = List.of("item_id", "itemId", "product_id", "StockCode", "movieId");
    private static final List<String> TIME_NAMES = List.of("timestamp", "time", "ts", "event_time", "InvoiceDate");

    @TempDir
    private Path directory;

    /** How times are written: the text, and the precision that it keeps. */
    private enum TimeStyle {
        SECONDS(1_000_000),
        MILLISECONDS(1000),
        MICROSECONDS(1),
        NANOSECONDS(1),
        FRACTIONS(1),
        EXPONENT(1_000_000),
        ISO_SECONDS(1_000_000),
        ISO_MICROS(1),
        ISO_BLANK(1_000_000),
        ISO_OFFSET(1_000_000),
        ISO_TWELVE(1_000_000),
        DATES(86_400_000_000L),
        COMPACT_DATES(86_400_000_000L),
        COMPACT_MINUTES(60_000_000),
        COMPACT_SECONDS(1_000_000),
        TICKS(1);

        private final long precision;

        TimeStyle(long precision) {
            this.precision = precision;
        }

        boolean number() {
            return switch (this) {
                case SECONDS,
                        MILLISECONDS,
                        MICROSECONDS,
                        NANOSECONDS,
                        FRACTIONS,
                        COMPACT_DATES,
                        COMPACT_MINUTES,
                        COMPACT_SECONDS,
                        TICKS -> true;
                case EXPONENT, ISO_SECONDS, ISO_MICROS, ISO_BLANK, ISO_OFFSET, ISO_TWELVE, DATES -> false;
            };
        }

        String text(long micros) {
            Instant instant = EventTime.instant(micros);
            return switch (this) {
                case SECONDS -> Long.toString(micros / 1_000_000);
                case MILLISECONDS -> Long.toString(micros / 1000);
                case MICROSECONDS -> Long.toString(micros);
                case NANOSECONDS -> micros + "000";
                case FRACTIONS -> micros / 1_000_000 + "." + "%06d".formatted(micros % 1_000_000);
                case EXPONENT -> micros / 1_000_000 + "e0";
                case ISO_SECONDS -> instant.toString();
                case ISO_MICROS -> format("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", instant);
                case ISO_BLANK -> format("uuuu-MM-dd HH:mm:ss", instant);
                case ISO_OFFSET -> format("uuuu-MM-dd'T'HH:mm:ss", instant.plusSeconds(5400)) + "+01:30";
                case ISO_TWELVE -> format("uuuu-MM-dd hh:mm:ss a", instant);
                case DATES -> format("uuuu-MM-dd", instant);
                case COMPACT_DATES -> format("uuuuMMdd", instant);
                case COMPACT_MINUTES -> format("uuuuMMddHHmm", instant);
                case COMPACT_SECONDS -> format("uuuuMMddHHmmss", instant);
                case TICKS -> Long.toString(micros * 10 + 621_355_968_000_000_000L);
            };
        }

        private static String format(String pattern, Instant instant) {
            return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH)
                    .format(LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
        }
    }

    @Test
    void everyLogIsReadExactlyOrRefusedWithOneLine() throws IOException {
        int read = 0;
        for (int i = 0; i < LOGS; i++) {
            read += readExactlyOrRefused(i) ? 1 : 0;
        }
        System.out.printf("seed %d: %d of %d logs read, the others refused%n", SEED, read, LOGS);
        assertThat(read).isGreaterThan(LOGS * 3 / 4);
    }

    private boolean readExactlyOrRefused(int number) throws IOException {
        Random random = new Random(SEED + number);
        TimeStyle style = TimeStyle.values()[random.nextInt(TimeStyle.values().length)];
        boolean ascii = random.nextInt(3) > 0;
        List<Event> truth = truth(random, style, ascii);
        Path file = directory.resolve("log" + number);
        boolean json = random.nextInt(4) == 0;
        byte[] content =
                json ? json(random, style, truth).getBytes(StandardCharsets.UTF_8) : delimited(random, style, truth);
        if (random.nextInt(4) == 0) {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
                gzip.write(content);
            }
            content = packed.toByteArray();
        }
        Files.write(file, content);
        String what = "seed %d, log %d, %s, %s".formatted(SEED, number, json ? "JSON" : "delimited", style);
        try {
            Dataset data = Datasets.read(file, ReadOptions.defaults(), PrepareOptions.keepAll());
            assertThat(data.hasTimes()).as(what).isTrue();
            assertThat(Event.of(data)).as(what).isEqualTo(sorted(truth));
            return true;
        } catch (UserFacingException e) {
            assertThat(e.getMessage())
                    .as(what)
                    .startsWith(file.toString())
                    .doesNotContain("\n")
                    .contains("--");
            return false;
        } finally {
            Files.delete(file);
        }
    }

    private static List<Event> truth(Random random, TimeStyle style, boolean ascii) {
        List<Event> events = new ArrayList<>();
        int rows = 5 + random.nextInt(60);
        for (int i = 0; i < rows; i++) {
            long micros = 1_000_000_000_000_000L + (long) (random.nextDouble() * 700_000_000_000_000L);
            String item = random.nextInt(6) == 0 ? "a \"b\"; c, d" : "i" + random.nextInt(9);
            events.add(new Event(
                    (ascii ? "u" : "é日") + random.nextInt(7),
                    item.equals("i0") && !ascii ? "naïve🎸" : item,
                    Math.floorDiv(micros, style.precision) * style.precision));
        }
        return events;
    }

    private static List<Event> sorted(List<Event> events) {
        List<String> users = events.stream().map(Event::user).distinct().toList();
        return events.stream()
                .sorted(Comparator.comparingInt((Event event) -> users.indexOf(event.user()))
                        .thenComparingLong(Event::time))
                .toList();
    }

    private static <T> T one(Random random, List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private static byte[] delimited(Random random, TimeStyle style, List<Event> truth) {
        String delimiter = one(random, DELIMITERS);
        boolean quoteAll = random.nextInt(3) == 0 && !delimiter.equals("\t");
        boolean extra = random.nextBoolean();
        String end = random.nextInt(4) == 0 ? "\r\n" : "\n";
        String trailing = random.nextInt(8) == 0 && !delimiter.equals(" ") ? delimiter : "";
        StringBuilder text = new StringBuilder();
        if (random.nextInt(6) == 0) {
            text.append("# exported").append(end);
        }
        if (random.nextInt(8) == 0 && delimiter.length() == 1 && !delimiter.isBlank()) {
            text.append("sep=").append(delimiter).append(end);
        }
        text.append(String.join(
                        delimiter,
                        extra
                                ? List.of(
                                        one(random, USER_NAMES),
                                        "note",
                                        one(random, ITEM_NAMES),
                                        one(random, TIME_NAMES))
                                : List.of(one(random, USER_NAMES), one(random, ITEM_NAMES), one(random, TIME_NAMES))))
                .append(end);
        for (Event event : truth) {
            List<String> fields = new ArrayList<>();
            fields.add(field(event.user(), delimiter, quoteAll));
            if (extra) {
                fields.add(field(random.nextInt(9) == 0 ? "it's 5\" long" : "x", delimiter, quoteAll));
            }
            fields.add(field(event.item(), delimiter, quoteAll));
            fields.add(field(style.text(event.time()), delimiter, quoteAll && !style.number()));
            text.append(String.join(delimiter, fields)).append(trailing).append(end);
        }
        return encoded(random, text.toString());
    }

    private static byte[] encoded(Random random, String text) {
        return switch (random.nextInt(6)) {
            case 0 -> ("\uFEFF" + text).getBytes(StandardCharsets.UTF_8);
            case 1 -> text.getBytes(StandardCharsets.UTF_16);
            case 2 -> text.getBytes(Charset.forName("windows-1252")); // replaces unknown characters
            default -> text.getBytes(StandardCharsets.UTF_8);
        };
    }

    private static String field(String value, String delimiter, boolean always) {
        boolean special = value.contains(delimiter) || (value.contains("\"") && !delimiter.equals("\t"));
        return always || special ? "\"" + value.replace("\"", "\"\"") + "\"" : value;
    }

    private static String json(Random random, TimeStyle style, List<Event> truth) {
        boolean nested = random.nextBoolean();
        StringBuilder text = new StringBuilder(random.nextInt(6) == 0 ? "\uFEFF" : "");
        for (Event event : truth) {
            String time = style.number() ? style.text(event.time()) : "\"" + style.text(event.time()) + "\"";
            String item = event.item().replace("\"", "\\\"");
            text.append(
                    nested
                            ? "{\"user\": {\"id\": \"%s\"}, \"tags\": [1, {\"x\": null}], \"item\": {\"id\": \"%s\"}, \"ts\": %s}%n"
                                    .formatted(event.user(), item, time)
                            : "{\"ts\": %s, \"item_id\": \"%s\", \"user_id\": \"%s\", \"text\": \"a\\nb\"}%n"
                                    .formatted(time, item, event.user()));
        }
        return text.toString();
    }
}
