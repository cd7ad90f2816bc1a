package io.github.ttt4rec.data.read;

import java.text.ParsePosition;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Finds the patterns that fit a date which is not ISO. A pattern is a date, or a date, a separator, a time of day and
 * possibly a zone; or a time of day and a date; a few forms have the year at the end.
 */
final class DatePatterns {
    /** Digits alone are a number, which {@link NumberReadings} reads; with a time of day they are a date. */
    private static final String COMPACT = "yyyyMMdd";

    /** Dates. If several fit, the first is proposed first: a month before a day, and four digits of a year before two. */
    private static final List<Part> DATES = Part.of(
            "M/d/yyyy",
            "d/M/yyyy",
            "M/d/yy",
            "d/M/yy",
            "d.M.yyyy",
            "d.M.yy",
            "M-d-yyyy",
            "d-M-yyyy",
            "M-d-yy",
            "d-M-yy",
            "yy-M-d",
            "yyyy-DDD",
            "yyyy-M-d",
            "yyyy/M/d",
            "yyyy.M.d",
            COMPACT,
            "yyyy'年'M'月'd'日'",
            "d MMM yyyy",
            "d-MMM-yyyy",
            "d/MMM/yyyy",
            "d-MMM-yy",
            "d MMM yy",
            "dMMMyyyy",
            "yyyy-MMM-d",
            "d MMMM yyyy",
            "MMM d, yyyy",
            "MMM d yyyy",
            "MMMM d, yyyy",
            "M d, yyyy",
            "EEE, d MMM yyyy",
            "EEE MMM d yyyy",
            "EEEE, MMMM d, yyyy",
            "EEEE, d MMMM yyyy");

    private static final List<String> SEPARATORS = List.of(" ", ", ", "'T'", ":", "-", "_", " 'at' ");

    private static final List<Part> TIMES = Part.of(
            "H:mm", "H:mm:ss", "h:mm a", "h:mm:ss a", "h:mma", "h:mm:ssa", "H", "H.mm", "H.mm.ss", "H-mm-ss", "HHmmss");

    /** Times of day that a fraction may follow, and the end of each after the fraction. */
    private static final List<List<String>> FRACTIONS = List.of(
            List.of("H:mm:ss.", ""), List.of("h:mm:ss.", " a"), List.of("H.mm.ss.", ""), List.of("h.mm.ss.", " a"));

    private static final List<String> ZONES =
            List.of("", "X", " Z", " XXX", " zzz", " VV", " 'GMT'Z", " 'GMT'Z '('zzz')'", " 'GMT'Z '('zzzz')'");

    private static final List<String> YEAR_LAST =
            List.of("EEE MMM d H:mm:ss yyyy", "EEE MMM d H:mm:ss Z yyyy", "EEE MMM d H:mm:ss zzz yyyy");

    /** The form in which Java writes times with a zone. */
    private static final String JAVA = "yyyy-MM-dd'T'HH:mm:ssXXX'['VV']'";

    private static final int MAX_FRACTION = 9;

    /** A part of a pattern and its formatter. */
    private record Part(String pattern, DateTimeFormatter format) {
        static List<Part> of(String... patterns) {
            return Stream.of(patterns)
                    .map(pattern -> new Part(pattern, TimeParser.formatter(pattern)))
                    .toList();
        }

        /** The end of this part in {@code text} from {@code start} on; -1 if the text does not begin with it. */
        int end(String text, int start) {
            ParsePosition position = new ParsePosition(start);
            return format.parseUnresolved(text, position) == null ? -1 : position.getIndex();
        }
    }

    private DatePatterns() {}

    /**
     * The patterns that fit every one of {@code texts}, which must not be empty, the likeliest first. If a date and time
     * fit with several zones, only the first counts.
     */
    static List<String> fitting(List<String> texts) {
        Map<String, String> fitting = new LinkedHashMap<>();
        candidates(TimeParser.singleBlanks(texts.getFirst())).forEach((pattern, withoutZone) -> {
            DateTimeFormatter format = TimeParser.formatter(pattern);
            if (!fitting.containsKey(withoutZone)
                    && texts.stream().allMatch(text -> TimeParser.patternTime(format, text) != null)) {
                fitting.put(withoutZone, pattern);
            }
        });
        return List.copyOf(fitting.values());
    }

    /** The patterns whose parts occur in {@code text} one after the other, each with the pattern without its zone. */
    private static Map<String, String> candidates(String text) {
        Map<String, String> candidates = new LinkedHashMap<>();
        for (Part date : DATES) {
            int end = date.end(text, 0);
            if (end == text.length() && !date.pattern.equals(COMPACT)) {
                candidates.put(date.pattern, date.pattern);
            }
            for (String separator : end < 0 ? List.<String>of() : SEPARATORS) {
                String literal = separator.replace("'", "");
                if (text.startsWith(literal, end)) {
                    addTimes(text, end + literal.length(), date.pattern + separator, candidates);
                }
            }
        }
        for (Part time : TIMES) {
            int end = time.end(text, 0);
            for (Part date : end < 0 || !text.startsWith(" ", end) ? List.<Part>of() : DATES) {
                if (date.end(text, end + 1) == text.length()) {
                    String pattern = time.pattern + " " + date.pattern;
                    candidates.put(pattern, pattern);
                }
            }
        }
        if (!text.isEmpty() && Character.isLetter(text.charAt(0))) {
            YEAR_LAST.forEach(pattern -> candidates.put(pattern, YEAR_LAST.getFirst()));
        }
        if (text.endsWith("]")) {
            candidates.put(JAVA, JAVA);
        }
        return candidates;
    }

    /** Adds the times of day, each with every zone, that may be the rest of {@code text} after a date. */
    private static void addTimes(String text, int start, String date, Map<String, String> candidates) {
        List<Part> times = new ArrayList<>(TIMES);
        int digits = fraction(text, start);
        if (digits > 0) {
            FRACTIONS.forEach(form -> times.addAll(Part.of(form.getFirst() + "S".repeat(digits) + form.getLast())));
        }
        for (Part time : times) {
            int end = time.end(text, start);
            for (String zone : end < 0 ? List.<String>of() : ZONES) {
                if (zone.isEmpty() == (end == text.length())) {
                    candidates.put(date + time.pattern + zone, date + time.pattern);
                }
            }
        }
    }

    /** The number of digits after the last point of a time of day, or 0. */
    private static int fraction(String text, int start) {
        int point = text.lastIndexOf('.');
        int end = point + 1;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        int digits = end - point - 1;
        return point < start || digits > MAX_FRACTION ? 0 : digits;
    }
}
