package io.github.ttt4rec.data.read;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.EpochUnit;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.internal.IsoTime;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns the times of one column into longs that sort like them. Text is converted to microseconds at once. Numbers are
 * kept until the whole log has been read, because only all of them together show their unit; a unit guessed row by row
 * would destroy the order. The values of dates switch to nanoseconds at the first date that is finer than a
 * microsecond. Times without a zone are read as UTC. All inputs of the program use this class: whole logs, streams and
 * requests.
 */
public final class TimeParser {
    /** Fractions of numeric times are kept to the millionth. */
    private static final long FRACTION = 1_000_000;

    private static final long NANOS = 1000;

    /** The longest text that is read as a time, such as browsers write it with the name of the zone. */
    private static final int MAX_TEXT = 100;

    /** Larger numbers are not epoch seconds or milliseconds, and would not fit 64 bits when scaled. */
    private static final double MAX_WITH_FRACTION = 9e12;

    /** The largest microseconds that fit 64 bits as nanoseconds: the years 1678 to 2261. */
    private static final long MAX_WITH_NANOS = Long.MAX_VALUE / 1000 - 1;

    /** Spreadsheets round numbers to this many digits, or fewer, when they write powers of ten. */
    private static final int MAX_ROUNDED_DIGITS = 6;

    private static final Pattern ABBREVIATION = Pattern.compile("(?<![A-Za-z/])[A-Za-z]{3,4}(?![A-Za-z/])");

    /** The hours before or after UTC of abbreviations. Java reads EST in summer as EDT, which is an hour off. */
    private static final Map<String, Integer> HOURS = Map.ofEntries(
            Map.entry("EST", -5),
            Map.entry("EDT", -4),
            Map.entry("CST", -6),
            Map.entry("CDT", -5),
            Map.entry("MST", -7),
            Map.entry("MDT", -6),
            Map.entry("PST", -8),
            Map.entry("PDT", -7),
            Map.entry("GMT", 0),
            Map.entry("BST", 1),
            Map.entry("WET", 0),
            Map.entry("WEST", 1),
            Map.entry("CET", 1),
            Map.entry("CEST", 2),
            Map.entry("EET", 2),
            Map.entry("EEST", 3),
            Map.entry("MSK", 3),
            Map.entry("JST", 9));

    /** Placeholder in messages for the names of two columns, which the parser does not know. */
    static final String DATE_AND_TIME = "DATE,TIME";

    private static final String WRITE_ISO = "write the time as ISO-8601 with a zone, such as 2025-01-31T12:00:00Z";

    private enum Kind {
        UNKNOWN,
        NUMBER,
        /** Text and declared timestamps; the value is in microseconds, or in nanoseconds if the scale is 1000. */
        MICROS
    }

    private final EpochUnit unit;
    private final @Nullable String pattern;
    private final @Nullable DateTimeFormatter formatter;
    private final LongColumn earlier;
    private final NumberReadings readings = new NumberReadings();
    private Kind kind = Kind.UNKNOWN;
    private long scale = 1;
    private long value;
    private long largest;
    private long cut;
    private long coarse;
    private long withZone;
    private long withoutZone;
    private long rounded;
    private int mostDigits;
    private NumberReadings.@Nullable Reading reading;

    /**
     * A parser for one column.
     *
     * @param unit the unit of numbers
     * @param pattern the pattern of textual times, or null for ISO
     * @param earlier the column that receives the values, scaled when the first fraction occurs
     */
    TimeParser(EpochUnit unit, @Nullable String pattern, LongColumn earlier) {
        this.unit = unit;
        this.pattern = pattern;
        this.earlier = earlier;
        this.formatter = pattern == null ? null : formatter(pattern);
    }

    /** The formatter of a pattern; names of months and days are English. */
    static DateTimeFormatter formatter(String pattern) {
        try {
            DateTimeFormatterBuilder builder =
                    new DateTimeFormatterBuilder().parseCaseInsensitive().appendPattern(pattern);
            String letters = pattern.replaceAll("'[^']*'", "");
            // Defaults for fields that the pattern lacks: the start of the year or month, and a year in which every day
            // exists.
            if (!letters.matches(".*[yu].*")) {
                builder.parseDefaulting(ChronoField.YEAR, CompactDate.NO_YEAR);
            }
            if (!letters.matches(".*[MLDQwW].*")) {
                builder.parseDefaulting(ChronoField.MONTH_OF_YEAR, 1);
            }
            if (!letters.matches(".*[dDeE].*")) {
                builder.parseDefaulting(ChronoField.DAY_OF_MONTH, 1);
            }
            if (letters.contains("y") && !letters.contains("G")) {
                builder.parseDefaulting(ChronoField.ERA, 1);
            }
            // Strict, because a lenient resolver turns the 30th of February into the 28th.
            return builder.toFormatter(Locale.ENGLISH).withResolverStyle(ResolverStyle.STRICT);
        } catch (IllegalArgumentException e) {
            throw new UserFacingException(
                    "time pattern \"" + pattern + "\": " + e.getMessage() + "; an example is M/d/yyyy H:mm", e);
        }
    }

    /**
     * The epoch microseconds of a single time: ISO text, or a number that only one unit places between 1994 and 2099.
     *
     * @param text the time as written
     * @throws UserFacingException if it is not a time, or a number with several readings, which the message lists; the
     *     message does not name the place of the time
     */
    public static long micros(String text) {
        TimeParser parser = new TimeParser(EpochUnit.AUTO, null, new LongColumn());
        char[] chars = text.toCharArray();
        String problem = parser.parse(chars, 0, chars.length);
        if (problem != null) {
            // Requests and streams have none of the time options that the problem may mention.
            throw new UserFacingException(text.isBlank() ? problem : quoted(text) + " is not a time; " + WRITE_ISO);
        }
        if (parser.kind == Kind.NUMBER) {
            List<NumberReadings.Reading> fitting = parser.readings.fitting(parser.scale).stream()
                    .filter(found -> !found.scale().ordinal())
                    .toList();
            if (fitting.size() != 1) {
                throw new UserFacingException(quoted(text) + " "
                        + (fitting.isEmpty()
                                ? "is no time of 1994 to 2099 in any unit"
                                : "may be "
                                        + String.join(
                                                " or ",
                                                fitting.stream()
                                                        .map(found -> found.words() + ", "
                                                                + new EventTime(
                                                                        found.scale()
                                                                                .toMicros()
                                                                                .applyAsLong(parser.value),
                                                                        true))
                                                        .toList()))
                        + "; " + WRITE_ISO);
            }
            return fitting.getFirst().scale().toMicros().applyAsLong(parser.value);
        }
        return parser.micros(parser.value); // the value is in nanoseconds if the text is that fine
    }

    private static String quoted(String text) {
        String stripped = text.strip();
        return "\"" + (stripped.length() > 64 ? stripped.substring(0, 64) : stripped) + "\"";
    }

    /** The time parsed last, in the column's unit. */
    long value() {
        return value;
    }

    /** The factor by which values are currently multiplied so that they hold fractions. */
    long valueScale() {
        return scale;
    }

    /**
     * Epoch microseconds of {@code given}, a {@link #value} read since the scale last changed; only if the unit is
     * known.
     */
    long micros(long given) {
        return kind == Kind.NUMBER
                ? NumberReadings.of(unit, scale).scale().toMicros().applyAsLong(given)
                : Math.floorDiv(given, scale);
    }

    /** Parses a time from text; returns why it is not a time, or null if {@link #value()} has been set. */
    @Nullable String parse(char[] chars, int offset, int count) {
        int from = offset;
        int to = offset + count;
        while (from < to && chars[from] <= ' ') {
            from++;
        }
        while (to > from && chars[to - 1] <= ' ') {
            to--;
        }
        if (from == to) {
            return "the time is empty";
        }
        if (formatter != null) {
            return parsePattern(formatter, new String(chars, from, to - from));
        }
        if (kind != Kind.MICROS && looksLikeNumber(chars, from, to)) {
            return parseNumber(chars, from, to);
        }
        String text = new String(chars, from, Math.min(to - from, MAX_TEXT));
        if (kind == Kind.NUMBER) {
            return "\"" + text + "\" is not a number, as the times before it are";
        }
        if (kind == Kind.MICROS && looksLikeNumber(chars, from, to)) {
            return "\"" + text + "\" is a number, but the times before it are dates";
        }
        long micros = IsoTime.parse(text);
        if (micros == Long.MIN_VALUE) {
            return noTime(text);
        }
        if (hasZone(text)) {
            withZone++;
        } else if (text.length() > 10) {
            withoutZone++;
        }
        return acceptMicros(micros, IsoTime.nanos(text));
    }

    /** Accepts a time given as a 32-bit number. */
    @Nullable String accept(float number) {
        coarse += Math.abs(number) > ParquetCells.MAX_EXACT_FLOAT ? 1 : 0;
        return accept((double) number);
    }

    /** Accepts a time given as a number. */
    @Nullable String accept(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return number + " is not a time";
        }
        if (number == Math.rint(number) || Math.abs(number) > MAX_WITH_FRACTION) {
            if (Math.abs(number) >= 0x1p63) {
                return number + " is not a time: too large";
            }
            return accept((long) Math.rint(number));
        }
        if (formatter != null) {
            return number + " does not match the time pattern given";
        }
        return accept(number, Math.round(number * FRACTION));
    }

    /** Accepts a number with a fraction: {@code number}, exactly {@code millionths} millionths. */
    private @Nullable String accept(double number, long millionths) {
        readings.addFraction(number);
        if (scale == 1) {
            scale = FRACTION;
            earlier.replaceAll(time -> time * FRACTION);
        }
        kind = Kind.NUMBER;
        value = millionths;
        return null;
    }

    /** Accepts a time given as a whole number. */
    @Nullable String accept(long number) {
        if (formatter != null) {
            // As numbers, dates lose their leading zeros.
            String digits = Long.toString(number);
            int missing = String.valueOf(pattern).length() - digits.length();
            return parsePattern(formatter, "0".repeat(Math.max(0, missing)) + digits);
        }
        if (kind == Kind.MICROS) {
            return number + " is a number, but the times before it are dates";
        }
        if (scale > 1 && Math.abs(number) > Long.MAX_VALUE / scale) {
            return number + " is not a time in the unit of the others";
        }
        readings.add(number);
        kind = Kind.NUMBER;
        value = number * scale;
        return null;
    }

    /** Accepts a time whose unit the file declares. */
    @Nullable String acceptMicros(long micros) {
        return acceptMicros(micros, 0);
    }

    /** Accepts a time whose unit the file declares, {@code nanos} nanoseconds after {@code micros}. */
    @Nullable String acceptMicros(long micros, int nanos) {
        if (kind == Kind.NUMBER) {
            return "a date, but the times before it are numbers";
        }
        kind = Kind.MICROS;
        largest = Math.max(largest, Math.abs(micros));
        if (nanos != 0 && scale == 1 && largest < MAX_WITH_NANOS) {
            scale = NANOS;
            earlier.replaceAll(time -> time * NANOS);
        }
        if (scale == NANOS && Math.abs(micros) >= MAX_WITH_NANOS) {
            return "the time " + new EventTime(micros, true)
                    + " is beyond the years 1678 to 2261, which a log with nanoseconds can hold";
        }
        cut += nanos != 0 && scale == 1 ? 1 : 0;
        value = micros * scale + (scale == NANOS ? nanos : 0);
        return null;
    }

    /** Returns whether the text can only be a number, possibly with a decimal comma. */
    static boolean looksLikeNumber(char[] chars, int from, int to) {
        boolean digit = false;
        int commas = chars[from] == ',' || chars[to - 1] == ',' ? 1 : 0;
        for (int i = from; i < to; i++) {
            char c = chars[i];
            boolean sign = (c == '-' || c == '+') && (i == from || chars[i - 1] == 'e' || chars[i - 1] == 'E');
            boolean isDigit = c >= '0' && c <= '9';
            digit |= isDigit;
            commas += c == ',' ? 1 : 0;
            if (!isDigit && !sign && c != '.' && !(c == ',' && commas == 1) && !(digit && (c == 'e' || c == 'E'))) {
                return false;
            }
        }
        return digit;
    }

    private @Nullable String parseNumber(char[] chars, int from, int to) {
        String problem;
        int i = chars[from] == '-' || chars[from] == '+' ? from + 1 : from;
        long number = 0;
        boolean whole = to - i <= 18;
        for (int at = i; at < to && whole; at++) {
            whole = chars[at] >= '0' && chars[at] <= '9';
            number = 10 * number + (chars[at] - '0');
        }
        if (whole) {
            if (chars[i] == '0' && to - i > 1) {
                readings.addZeroLed(to - i);
            }
            problem = accept(chars[from] == '-' ? -number : number);
        } else {
            // A comma is a decimal comma: the delimiter would have split the field at any other, and times have no
            // thousands separators.
            String text = new String(chars, from, to - from).replace(',', '.');
            try {
                problem = text.indexOf('.') < 0 && text.indexOf('e') < 0 && text.indexOf('E') < 0
                        ? accept(Long.parseLong(text))
                        : acceptDecimal(text);
            } catch (NumberFormatException e) {
                problem = noTime(text);
            }
        }
        return problem;
    }

    /** Accepts a number with a decimal point or an exponent, exactly to the millionth if its digits allow. */
    private @Nullable String acceptDecimal(String text) {
        int exponent = Math.max(text.indexOf('e'), text.indexOf('E'));
        if (exponent > 0) {
            rounded++;
            mostDigits = Math.max(mostDigits, (int)
                    text.chars().limit(exponent).filter(Character::isDigit).count());
        }
        double number = Double.parseDouble(text);
        if (number == Math.rint(number) || Math.abs(number) > MAX_WITH_FRACTION) {
            return accept(number);
        }
        BigDecimal millionths = new BigDecimal(text).movePointRight(6);
        BigDecimal whole = millionths.setScale(0, RoundingMode.FLOOR);
        cut += whole.compareTo(millionths) == 0 ? 0 : 1;
        return accept(number, whole.longValueExact());
    }

    /** Accepts an exact number, such as a Parquet decimal. */
    @Nullable String accept(BigDecimal number) {
        return acceptDecimal(number.toPlainString());
    }

    private static String noTime(String text) {
        String shown = text.length() > 64 ? text.substring(0, 64) : text;
        if (text.matches("[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?( ?[AaPp][Mm])?")) {
            return "\"" + shown + "\" is a time of day without a date; name both columns, as --time-column "
                    + DATE_AND_TIME;
        }
        List<String> fitting = new ArrayList<>();
        for (String pattern : DatePatterns.fitting(List.of(text))) {
            Instant time = Objects.requireNonNull(patternTime(formatter(pattern), text));
            fitting.add(
                    "--time-pattern \"" + pattern + "\" reads it as " + new EventTime(EventTime.micros(time), true));
        }
        if (!fitting.isEmpty()) {
            return "\"" + shown + "\" is not an ISO date; " + String.join(", ", fitting);
        }
        if (text.matches("\\\\?/Date[(]-?[0-9]+([+-][0-9]{4})?[)]\\\\?/")) {
            return "\"" + shown + "\" is a date of .NET; leave only its number, for example with: sed -E"
                    + " 's#\\\\?/Date\\((-?[0-9]+)[^)]*\\)\\\\?/#\\1#g' FILE > FILE.jsonl";
        }
        if (text.matches("-?[0-9]{1,3}([,.' \u00A0\u202F][0-9]{3}){2,}")) {
            return "\"" + shown + "\" is a number with separators of thousands; export the column without them";
        }
        String letters = text.replaceAll("(?i)[^\\p{L}]|[TZ]|AM|PM", "");
        if (!letters.isEmpty() && text.matches(".*[0-9].*")) {
            return "\"" + shown + "\" is not a time that is known; give its pattern by --time-pattern, such as"
                    + " \"d MMM yyyy H:mm\" for 31 Oct 2011 17:05, with months and days in English, or " + WRITE_ISO;
        }
        return "\"" + shown
                + "\" is not a time; expected epoch seconds, milliseconds or microseconds, or a date such as"
                + " 2011-10-31, 2011-10-31 17:05 or 2011-10-31T17:05:00Z (for other dates give --time-pattern)";
    }

    /** Returns whether an ISO time names its zone or offset. */
    private static boolean hasZone(String text) {
        char last = text.charAt(text.length() - 1);
        return last == 'Z' || last == 'C' || last == 'T' || text.indexOf('+', 10) > 0 || text.indexOf('-', 10) > 0;
    }

    /** One line for each finding about the times. */
    List<String> notices() {
        List<String> notices = new ArrayList<>();
        if (withZone > 0 && withoutZone > 0) {
            notices.add(withZone + " times name a zone and " + withoutZone + " do not; those without are taken as UTC");
        }
        if (cut > 0) {
            notices.add(cut
                    + " times are finer than the millionth that is kept; events that differ by less count as of one time"
                    + " and stay in the order of the file");
        }
        return List.copyOf(notices);
    }

    private @Nullable String parsePattern(DateTimeFormatter format, String written) {
        String form = String.valueOf(pattern);
        // Spreadsheets drop leading zeros.
        boolean shorter = written.length() < form.length() && isCompact(form) && written.matches("[1-9][0-9]*");
        String text = shorter ? "0".repeat(form.length() - written.length()) + written : written;
        Instant time = patternTime(format, text);
        if (time == null) {
            return "\"" + (text.length() > 64 ? text.substring(0, 64) : text)
                    + "\" does not match the time pattern given";
        }
        return acceptMicros(EventTime.micros(time), time.get(ChronoField.NANO_OF_SECOND) % 1000);
    }

    /** Returns whether a pattern consists of digits only, each letter standing for one. */
    private static boolean isCompact(String pattern) {
        return pattern.matches("[yuMdHms]+S*")
                && (pattern.startsWith("dd") || pattern.startsWith("MM") || pattern.startsWith("yy"));
    }

    /** The text with one blank for each run of blanks, as in {@code Jan  7 2023}, where the day is padded. */
    static String singleBlanks(String text) {
        return text.contains("  ") ? text.replaceAll(" +", " ") : text;
    }

    /** The time that {@code text} is by a pattern, or null if it does not match. */
    static @Nullable Instant patternTime(DateTimeFormatter format, String text) {
        try {
            TemporalAccessor parsed = format.parse(singleBlanks(text));
            LocalDate date = parsed.query(TemporalQueries.localDate());
            if (date == null) {
                return null;
            }
            LocalTime time = parsed.query(TemporalQueries.localTime());
            LocalDateTime local = date.atTime(time == null ? LocalTime.MIDNIGHT : time);
            ZoneOffset offset = ZoneOffset.UTC;
            if (parsed.isSupported(ChronoField.OFFSET_SECONDS)) {
                offset = ZoneOffset.ofTotalSeconds(parsed.get(ChronoField.OFFSET_SECONDS));
            } else if (parsed.query(TemporalQueries.zone()) != null) {
                ZoneOffset abbreviated = abbreviated(text);
                offset = abbreviated == null
                        ? parsed.query(TemporalQueries.zone()).getRules().getOffset(local)
                        : abbreviated;
            }
            return local.toInstant(offset);
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    /** The offset that an abbreviation in the text stands for in every season, or null. */
    private static @Nullable ZoneOffset abbreviated(String text) {
        Matcher matcher = ABBREVIATION.matcher(text);
        while (matcher.find()) {
            Integer hours = HOURS.get(matcher.group().toUpperCase(Locale.ROOT));
            if (hours != null) {
                return ZoneOffset.ofHours(hours);
            }
        }
        return null;
    }

    /**
     * Decides on the meaning of the column's numbers after all have been read.
     *
     * @return the reason why no decision is possible, or null
     */
    @Nullable String finish() {
        if (kind != Kind.NUMBER) {
            return null;
        }
        if (unit != EpochUnit.AUTO) {
            reading = NumberReadings.of(unit, scale);
            return null;
        }
        if (coarse > 0) {
            return coarse
                    + " times are floats of 32 bits, which hold seconds of today only to the nearest 128 or so, so that"
                    + " their order is lost; write them with 64 bits, or name the unit, such as --time-unit seconds, to take"
                    + " them as they are";
        }
        if (rounded == readings.count() && mostDigits <= MAX_ROUNDED_DIGITS) {
            return "the times are written as powers of ten with at most " + mostDigits
                    + " digits, so that a program has rounded them and their order is lost; export the file again with"
                    + " whole numbers, or name the unit, such as --time-unit seconds, to take them as they are";
        }
        List<NumberReadings.Reading> fitting = readings.fitting(scale);
        if (fitting.size() != 1) {
            return readings.problem(fitting, scale);
        }
        reading = fitting.getFirst();
        return null;
    }

    /** Converts values to epoch microseconds; order numbers stay as they are. Call it after {@link #finish}. */
    TimeScale scale() {
        if (reading != null) {
            return reading.scale();
        }
        return scale == 1 ? TimeScale.micros() : TimeScale.nanos();
    }

    /** {@code options} with the reading that {@link #finish} chose. */
    ReadOptions resolved(ReadOptions options) {
        return reading == null ? options : options.withTimeUnit(reading.unit()).withTimePattern(reading.pattern());
    }

    /** Returns whether the times are only order numbers. */
    boolean ordinal() {
        return scale().ordinal();
    }

    /** The reasons for the reading of the times; call it after {@link #finish}. */
    String evidence() {
        if (kind == Kind.NUMBER) {
            return (unit == EpochUnit.AUTO ? "" : "given; ") + readings.evidence(scale);
        }
        if (formatter != null) {
            return "given";
        }
        return "ISO dates, or a type that the file declares; " + withZone + " name a zone, the others are taken as UTC";
    }

    /** A description of the times. */
    String description() {
        if (reading == null) {
            return pattern == null ? "dates and times" : "dates written " + pattern;
        }
        return reading.words() + (unit == EpochUnit.AUTO ? " (guessed)" : "");
    }
}
