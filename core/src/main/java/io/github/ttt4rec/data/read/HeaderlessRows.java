package io.github.ttt4rec.data.read;

import io.github.ttt4rec.data.internal.IsoTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Advice for a file without a header line, from its first rows. Only a column whose values all lie in the span of times
 * counts as one of times, so that ratings, play counts and offsets in a session do not.
 */
final class HeaderlessRows {
    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,18}");
    private static final Pattern FRACTION = Pattern.compile("-?[0-9]+[.][0-9]+");
    private static final Pattern WORD = Pattern.compile("[A-Za-z _-]+");
    private static final Pattern TIME_OF_DAY = Pattern.compile("[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?");
    private static final Pattern IMPRESSIONS = Pattern.compile("\\S+-[01]( \\S+-[01])*");
    private static final Pattern ASSIGNMENT = Pattern.compile("[A-Za-z_.]+=\\S*");
    private static final Pattern ID = Pattern.compile("[A-Za-z]*[0-9]+[A-Za-z0-9-]*");

    /** Fewer rows say nothing about the number of different values. */
    private static final int MIN_ROWS = 5;

    /** A column of words with at most this many different values holds types of events. */
    private static final int MAX_TYPES = 8;

    /** A sequence of items is longer than a row of user, item, value and time. */
    private static final int MIN_SEQUENCE = 4;

    private static final List<CompactDate> COMPACT =
            List.of(CompactDate.DATE, CompactDate.DATE_HOUR, CompactDate.DATE_MINUTE, CompactDate.DATE_SECOND);

    private static final long MIN_SECONDS = 757_382_400; // 1994-01-01
    private static final long MAX_SECONDS = 4_102_444_800L; // 2100-01-01
    private static final long[] UNITS = {1, 1000, 1_000_000, 1_000_000_000};

    private final List<List<String>> rows;
    private final List<List<String>> columns;

    /** Takes the fields of the first lines; rows of another length than the first are left out of the columns. */
    HeaderlessRows(List<List<String>> rows) {
        this.rows = rows;
        int count = rows.getFirst().size();
        List<List<String>> alike =
                rows.stream().filter(row -> row.size() == count).toList();
        columns = IntStream.range(0, count)
                .mapToObj(column ->
                        alike.stream().map(row -> row.get(column).strip()).toList())
                .toList();
    }

    /** Returns whether the first line is a row rather than a header: it holds a time or number, or its values recur. */
    boolean beginWithData() {
        return areAssignments()
                || columns.stream().anyMatch(column -> {
                    String first = column.getFirst();
                    return isNumber(first)
                            || IsoTime.parse(first) != Long.MIN_VALUE
                            || !DatePatterns.fitting(List.of(first)).isEmpty()
                            || (!first.isEmpty() && column.lastIndexOf(first) > 0);
                });
    }

    private static boolean isNumber(String text) {
        return WHOLE.matcher(text).matches() || FRACTION.matcher(text).matches() || text.matches("-[0-9]+");
    }

    /** The options that read the file, or the command that makes rows of it. */
    String advice() {
        if (areImpressions()) {
            return impressionsAdvice("");
        }
        if (areAssignments()) {
            return "; these look like names and values: leave only the values, for example with: awk"
                    + " '{gsub(/(^| )[A-Za-z_.]+=/, \" \"); print}' FILE > FILE.txt, and read those with "
                    + new HeaderlessRows(values()).options();
        }
        if (areSequences()) {
            return "; if each line is a user followed by the items in order, make rows of it: awk -F'[ \\t,]+' '{for (i = 2;"
                    + " i <= NF; i++) if ($i != \"\") print $1 \",\" $i}' FILE > FILE.csv, and read those with --no-header"
                    + " --user-column 1 --item-column 2 --file-order";
        }
        return "; if the first line is a row, give for example " + options();
    }

    /** The options that name the likeliest columns by number. */
    String options() {
        int time = time();
        boolean apart = time >= 0 && isDateBeforeTimeOfDay(time);
        List<Integer> ids = ids(time, apart);
        List<String> patterns = time < 0 || apart ? List.of() : patterns(time);
        return "--no-header --user-column " + (ids.getFirst() + 1) + " --item-column " + (ids.get(1) + 1)
                + (time < 0
                        ? " --file-order"
                        : " --time-column " + (time + 1) + (apart ? "," + (time + 2) : "")
                                // If several patterns fit, the refusal of the first time shows how each reads it.
                                + (patterns.size() == 1 ? " --time-pattern \"" + patterns.getFirst() + "\"" : ""));
    }

    /** The command that makes rows of MIND's impressions; {@code condition} selects the lines of awk. */
    static String impressionsAdvice(String condition) {
        return "; these look like MIND's impressions: make rows of the clicks: awk -F'\\t' '" + condition
                + "{n = split($5, a, \" \"); for"
                + " (i = 1; i <= n; i++) if (a[i] ~ /-1$/) print $2 \"\\t\" substr(a[i], 1, length(a[i]) - 2) \"\\t\" $3}'"
                + " FILE > FILE.tsv, and read those with --no-header --user-column 1 --item-column 2 --time-column 3"
                + " --time-pattern \"M/d/yyyy h:mm:ss a\"";
    }

    /** Returns whether each field is a name and a value, such as {@code user=17}. */
    private boolean areAssignments() {
        return IntStream.range(0, columns.size())
                .allMatch(column -> all(column, text -> ASSIGNMENT.matcher(text).matches()));
    }

    private List<List<String>> values() {
        return rows.stream()
                .map(row ->
                        row.stream().map(text -> text.replaceFirst(".*?=", "")).toList())
                .toList();
    }

    boolean areImpressions() {
        return columns.size() == 5 && all(4, text -> IMPRESSIONS.matcher(text).matches());
    }

    private boolean areSequences() {
        List<String> first = rows.getFirst();
        if (first.size() == 2 && all(1, text -> Lists.isIdList(text, ',') || Lists.isIdList(text, ' '))) {
            return true;
        }
        boolean ragged = rows.stream().anyMatch(row -> row.size() != first.size());
        boolean twoDelimiters = first.getFirst().matches("\\S+[\\t ]\\S+");
        return first.size() >= MIN_SEQUENCE
                && (ragged || twoDelimiters)
                && rows.stream()
                        .allMatch(row -> row.size() > 1
                                && row.stream()
                                        .skip(twoDelimiters ? 1 : 0)
                                        .allMatch(id -> ID.matcher(id.strip()).matches()));
    }

    private boolean all(int column, Predicate<String> test) {
        return columns.get(column).stream().allMatch(test);
    }

    /** The likeliest column of times, or -1. */
    private int time() {
        int numbers = -1;
        for (int column = columns.size() - 1; column >= 0; column--) {
            if (areIso(column) || !patterns(column).isEmpty()) {
                return column;
            }
            if (numbers < 0 && areInstants(column)) {
                numbers = column;
            }
        }
        if (numbers < 0 && columns.size() > 2) {
            for (int column = columns.size() - 1; column >= 0 && numbers < 0; column--) {
                numbers = areCompactDates(column) ? column : -1;
            }
        }
        // Ids may lie in the span of times. A column in front of the ids is one of times only if its values differ.
        boolean amongIds = numbers == 0 || (numbers == 1 && areInstants(0)) || columns.size() == 2;
        return numbers >= 0
                        && amongIds
                        && columns.get(numbers).stream().distinct().count()
                                < columns.get(numbers).size()
                ? -1
                : numbers;
    }

    private boolean areIso(int column) {
        return all(column, text -> IsoTime.parse(text) != Long.MIN_VALUE);
    }

    private List<String> patterns(int column) {
        return areIso(column) ? List.of() : DatePatterns.fitting(columns.get(column));
    }

    private boolean isDateBeforeTimeOfDay(int column) {
        return column + 1 < columns.size()
                && all(column, text -> text.length() <= 10)
                && all(column + 1, text -> TIME_OF_DAY.matcher(text).matches());
    }

    /** Returns whether every number is a time from 1994 to 2099 in one unit. */
    private boolean areInstants(int column) {
        for (long unit : UNITS) {
            if (all(column, text -> isInstant(text, unit))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isInstant(String text, long unit) {
        String whole = FRACTION.matcher(text).matches() ? text.substring(0, text.indexOf('.')) : text;
        if (!whole.matches("[0-9]{1,18}|[1-4][0-9]{18}")) {
            return false;
        }
        long seconds = Long.parseLong(whole) / unit;
        return seconds >= MIN_SECONDS && seconds < MAX_SECONDS;
    }

    private boolean areCompactDates(int column) {
        return COMPACT.stream()
                .anyMatch(date -> all(
                        column,
                        text -> text.length() == date.pattern().length()
                                && WHOLE.matcher(text).matches()
                                && date.micros(Long.parseLong(text)) != Long.MIN_VALUE));
    }

    /** The two likeliest columns of ids: neither times, nor row numbers, nor constants, fractions, types or lists. */
    private List<Integer> ids(int time, boolean apart) {
        List<Integer> others = IntStream.range(0, columns.size())
                .filter(column -> column != time && !(apart && column == time + 1))
                .boxed()
                .toList();
        List<Integer> likely = others.stream().filter(this::mayBeIds).toList();
        List<Integer> ids = new ArrayList<>(likely.size() >= 2 ? likely : others);
        if (ids.size() < 2) {
            ids = new ArrayList<>(List.of(0, Math.min(1, columns.size() - 1)));
        }
        return ids.subList(0, 2);
    }

    private boolean mayBeIds(int column) {
        List<String> values = columns.get(column);
        if (values.stream().anyMatch(String::isEmpty)
                || values.stream().allMatch(text -> FRACTION.matcher(text).matches())
                || values.stream().allMatch(text -> Lists.isIdList(text, ' '))) {
            return false;
        }
        long different = values.stream().distinct().count();
        boolean types = different <= MAX_TYPES
                && 2 * different < values.size()
                && values.stream().allMatch(text -> WORD.matcher(text).matches());
        return values.size() < MIN_ROWS || (different > 1 && !types && !areRowNumbers(values));
    }

    private static boolean areRowNumbers(List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            String text = values.get(i);
            if (!WHOLE.matcher(text).matches() || Long.parseLong(text) != Long.parseLong(values.getFirst()) + i) {
                return false;
            }
        }
        return true;
    }
}
