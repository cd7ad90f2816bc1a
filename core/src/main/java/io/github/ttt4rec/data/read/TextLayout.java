package io.github.ttt4rec.data.read;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.ReadOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The layout of a delimited file, from its first lines and the options.
 *
 * @param skip the number of lines before the header or the first row
 * @param delimiter the text between fields; a blank stands for runs of blanks
 * @param quotes whether quoted fields may contain delimiters and line ends
 * @param evidence the reasons for the delimiter
 * @param wholeLines whether each line is one quoted field, whose content is the real line
 * @param firstLines the first lines that are not skipped
 */
record TextLayout(
        int skip, String delimiter, String evidence, boolean quotes, boolean wholeLines, List<String> firstLines) {
    static final String BLANKS = " ";

    private static final List<String> DELIMITERS = List.of("\t", ",", ";", "|", "::", "\u0001");
    private static final Pattern SEPARATOR_LINE = Pattern.compile("(?i)\"?sep=(.|\\\\t)\"?");

    /** A line of a drawn table that separates its header from its rows. */
    private static final Pattern RULE = Pattern.compile("\\s*[+|]?[ :]*-{2,}[ :]*([+|][ :]*-{2,}[ :]*)+[+|]?\\s*");

    /** Characters that are proposed as a delimiter if none of the usual ones occurs. */
    private static final String UNUSUAL_DELIMITERS = "^~#@!$%&*/\\\u00A6\u00A7";

    /** The number of lines that are inspected to find the delimiter. */
    private static final int MAX_LINES = 20;

    /** The number of lines in the sample. */
    private static final int MAX_SAMPLE = 200;

    /** The layout of {@code source}; RecBole's files are never quoted. */
    static TextLayout of(SourceFile source, ReadOptions options, boolean recBole) throws IOException {
        List<String> lines = new String(source.peek(SourceFile.PEEK), StandardCharsets.UTF_8)
                .replace("\uFEFF", "")
                .lines()
                .toList();
        int skip = options.skipLines();
        String delimiter = options.delimiter();
        String evidence = delimiter == null ? "" : "given";
        while (skip < lines.size()) {
            String line = lines.get(skip);
            Matcher separator = SEPARATOR_LINE.matcher(line.strip());
            if (separator.matches()) {
                String given = separator.group(1).equals("\\t") ? "\t" : separator.group(1);
                evidence = delimiter == null ? "a line sep= says so" : evidence;
                delimiter = delimiter == null ? given : delimiter;
            } else if (!line.isBlank() && !isComment(lines, skip, options)) {
                break;
            }
            skip++;
        }
        if (skip >= lines.size()) {
            throw new UserFacingException(source.path() + " holds nothing but "
                    + (options.skipLines() > 0 ? "the lines to skip" : "blank lines"));
        }
        refuseDrawnTable(source.path(), lines, skip);
        boolean whole = !recBole && !Boolean.FALSE.equals(options.quotes()) && isWholeLine(lines.get(skip), delimiter);
        List<String> rows = lines.subList(skip, Math.min(lines.size(), skip + MAX_LINES));
        if (delimiter == null) {
            evidence = recBole ? "RecBole's atomic files are written so" : counts(rows, whole);
            delimiter = recBole ? recBole(rows.getFirst()) : detect(source.path(), rows, whole, skip);
        }
        boolean quotes = options.quotes() == null ? !recBole && !delimiter.equals("\t") : options.quotes();
        // The last line may have been cut.
        int end = Math.max(skip + 1, Math.min(lines.size() - 1, skip + MAX_SAMPLE));
        return new TextLayout(skip, delimiter, evidence, quotes, whole, lines.subList(skip, end));
    }

    /** Refuses a table as database clients draw it: with bars between columns and a rule below or above the header. */
    private static void refuseDrawnTable(Path path, List<String> lines, int skip) {
        for (String line : lines.subList(skip, Math.min(lines.size(), skip + 2))) {
            if (RULE.matcher(line).matches()) {
                throw new UserFacingException(
                        path + " is a table drawn for people; write it with one delimiter, for example"
                                + " with: awk '/[|]/ && !/^[-+|: ]+$/ {gsub(/^ *[|] *| *[|] *$|^ +| +$/, \"\"); gsub(/ *[|] */, \"|\");"
                                + " print}' FILE > FILE.txt");
            }
        }
    }

    /** The fields of the first lines, which advice in refusals is derived from. */
    List<List<String>> sample() {
        return firstLines.stream()
                .filter(line -> !line.isBlank())
                .map(line -> fields(unwrapped(line, wholeLines), delimiter))
                .toList();
    }

    /** The fields of a line without their quotation marks. */
    private static List<String> fields(String line, String delimiter) {
        if (delimiter.equals(BLANKS)) {
            return List.of(line.strip().split(" +", -1));
        }
        List<String> fields = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) == '"') {
                quoted = !quoted;
            } else if (!quoted && line.startsWith(delimiter, i)) {
                fields.add(Lists.member(line.substring(start, i)));
                i += delimiter.length() - 1;
                start = i + 1;
            }
        }
        fields.add(Lists.member(line.substring(start)));
        return List.copyOf(fields);
    }

    private static boolean isComment(List<String> lines, int at, ReadOptions options) {
        String line = lines.get(at).stripLeading();
        String comment = options.comment();
        if (comment != null) {
            return line.startsWith(comment);
        }
        if (!line.startsWith("#") && !line.startsWith("%")) {
            return false;
        }
        // A header may begin with the comment sign too; then it has as many fields as the line below.
        String next = at + 1 < lines.size() ? lines.get(at + 1) : "";
        for (String delimiter : DELIMITERS) {
            int count = count(line, delimiter);
            if (count > 0 && count == count(next, delimiter)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWholeLine(String line, @Nullable String delimiter) {
        String stripped = line.strip();
        if (stripped.length() < 3 || !stripped.startsWith("\"") || !stripped.endsWith("\"")) {
            return false;
        }
        String inside = stripped.substring(1, stripped.length() - 1).replace("\"\"", "");
        boolean delimited =
                delimiter == null ? DELIMITERS.stream().anyMatch(inside::contains) : inside.contains(delimiter);
        return delimited && inside.indexOf('"') < 0;
    }

    private static String recBole(String header) {
        return header.indexOf('\t') < 0 && header.strip().indexOf(' ') > 0 ? BLANKS : "\t";
    }

    private static String detect(Path path, List<String> rows, boolean whole, int skip) {
        String best = "";
        int bestAgreeing = 0;
        int most = 0;
        for (String candidate : DELIMITERS) {
            int count = count(unwrapped(rows.getFirst(), whole), candidate);
            int agreeing = 0;
            for (String row : rows) {
                agreeing += count > 0 && Math.abs(count(unwrapped(row, whole), candidate) - count) <= 1 ? 1 : 0;
            }
            if (count > 0 && (agreeing > bestAgreeing || (agreeing == bestAgreeing && count > most))) {
                most = count;
                bestAgreeing = agreeing;
                best = candidate;
            }
        }
        if (most == 0 && rows.getFirst().strip().indexOf(' ') > 0) {
            return BLANKS;
        }
        if (most == 0) {
            String line = rows.getFirst();
            throw new UserFacingException(path + ", line " + (skip + 1) + ": no delimiter (tab , ; | ::) in \""
                    + line.substring(0, Math.min(60, line.length()))
                    + (line.matches("[0-9]+:\\s*")
                            ? "\"; if this is Netflix's combined_data, make rows of it: awk -F, '/:\\r?$/ {sub(/:\\r?$/, \"\");"
                                    + " m = $0; next} {sub(/\\r$/, \"\"); print $1 \",\" m \",\" $3}' FILE > FILE.csv, and"
                                    + " read those with"
                                    + " --no-header --user-column 1 --item-column 2 --time-column 3"
                            : "\"; a log needs a column each for users and items, so check the file or give --delimiter"
                                    + unusualDelimiter(rows) + ", or --skip-lines if this line is a title"));
        }
        return best;
    }

    /** An unusual delimiter that occurs equally often in all rows, as the value of an option; or nothing. */
    private static String unusualDelimiter(List<String> rows) {
        return UNUSUAL_DELIMITERS
                .chars()
                .mapToObj(Character::toString)
                .filter(candidate -> {
                    int count = count(rows.getFirst(), candidate);
                    return count > 0 && rows.stream().allMatch(row -> row.isBlank() || count(row, candidate) == count);
                })
                .findFirst()
                .map(candidate -> " \"" + candidate + "\"")
                .orElse("");
    }

    /** For each delimiter that occurs, its number in the first row and the number of other rows with as many. */
    private static String counts(List<String> rows, boolean whole) {
        List<String> counts = new ArrayList<>();
        for (String candidate : DELIMITERS) {
            int count = count(unwrapped(rows.getFirst(), whole), candidate);
            if (count > 0) {
                long agreeing = rows.stream()
                        .filter(row -> count(unwrapped(row, whole), candidate) == count)
                        .count();
                counts.add(shown(candidate) + " stands " + count + " times in the first row, and as often in "
                        + agreeing + " of the first " + rows.size());
            }
        }
        return counts.isEmpty() ? "nothing else separates words" : String.join("; ", counts);
    }

    private static String unwrapped(String line, boolean whole) {
        String stripped = line.strip();
        return whole && stripped.length() > 1
                ? stripped.substring(1, stripped.length() - 1).replace("\"\"", "\"")
                : line;
    }

    /** The number of occurrences of {@code delimiter} outside quotes. */
    static int count(String line, String delimiter) {
        int count = 0;
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) == '"') {
                quoted = !quoted;
            } else if (!quoted && line.startsWith(delimiter, i)) {
                count++;
                i += delimiter.length() - 1;
            }
        }
        return count;
    }

    /** The delimiter for people. */
    String shownDelimiter() {
        return shown(delimiter);
    }

    private static String shown(String delimiter) {
        return switch (delimiter) {
            case "\t" -> "tab";
            case BLANKS -> "blanks";
            case "\u0001" -> "control-A";
            default -> "'" + delimiter + "'";
        };
    }
}
