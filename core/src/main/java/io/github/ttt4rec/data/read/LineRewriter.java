package io.github.ttt4rec.data.read;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites lines that a CSV parser cannot read as they are: runs of blanks become one blank, a line that is quoted as a
 * whole is unquoted, and escaped characters become placeholders that have no meaning to the parser and that
 * {@link #restore} replaces again.
 */
final class LineRewriter extends Reader {
    // Private-use characters of Unicode, which do not occur in exchanged text.
    private static final char QUOTE = '\uE000';
    private static final char DELIMITER = '\uE001';
    private static final char LINE_END = '\uE002';
    private static final char ESCAPE = '\uE003';
    private static final Pattern BLANKS = Pattern.compile("[ \t]+");

    private final BufferedReader lines;
    private final TextLayout layout;
    private final @Nullable String escape;
    private final StringBuilder pending = new StringBuilder();
    private int at;

    LineRewriter(Reader text, TextLayout layout, @Nullable String escape) {
        lines = new BufferedReader(text);
        this.layout = layout;
        this.escape = escape;
    }

    /** Returns whether lines of this layout need rewriting. */
    static boolean isNeeded(TextLayout layout, @Nullable String escape) {
        return layout.wholeLines() || escape != null || layout.delimiter().equals(TextLayout.BLANKS);
    }

    /** The field with its escaped characters restored. */
    static String restore(String field, String delimiter, String escape) {
        return field.replace(QUOTE, '"')
                .replace(DELIMITER, delimiter.charAt(0))
                .replace(LINE_END, '\n')
                .replace(ESCAPE, escape.charAt(0));
    }

    @Override
    public int read(char[] target, int offset, int count) throws IOException {
        if (at == pending.length()) {
            String line = lines.readLine();
            if (line == null) {
                return -1;
            }
            pending.setLength(0);
            at = 0;
            rewrite(line);
        }
        int given = Math.min(count, pending.length() - at);
        pending.getChars(at, at + given, target, offset);
        at += given;
        return given;
    }

    private void rewrite(String whole) {
        String line = whole;
        if (layout.wholeLines()) {
            String stripped = line.strip();
            if (stripped.length() > 1 && stripped.startsWith("\"") && stripped.endsWith("\"")) {
                line = stripped.substring(1, stripped.length() - 1).replace("\"\"", "\"");
            }
        }
        if (layout.delimiter().equals(TextLayout.BLANKS)) {
            line = BLANKS.matcher(line.strip()).replaceAll(" ");
        }
        if (escape == null || line.indexOf(escape) < 0) {
            pending.append(line).append('\n');
            return;
        }
        char mark = escape.charAt(0);
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c != mark) {
                pending.append(c);
            } else if (i + 1 == line.length()) {
                pending.append(LINE_END);
                return; // the next line continues this one
            } else {
                i += escaped(line, i + 1, mark);
            }
        }
        pending.append('\n');
    }

    /** Appends the character at {@code i}, which follows an escape, and returns the number of characters read. */
    private int escaped(String line, int i, char mark) {
        char c = line.charAt(i);
        if (c == '"') {
            pending.append(QUOTE);
        } else if (c == mark) {
            pending.append(ESCAPE);
        } else if (c == layout.delimiter().charAt(0)) {
            pending.append(DELIMITER);
        } else {
            pending.append(mark); // such as \N, which is not an escape for the parser
            return 0;
        }
        return 1;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
