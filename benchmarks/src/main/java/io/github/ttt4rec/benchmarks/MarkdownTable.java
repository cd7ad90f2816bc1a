package io.github.ttt4rec.benchmarks;

import java.util.List;

/** Formats a Markdown table with aligned columns, readable as plain text. The first row is the header. */
public final class MarkdownTable {
    private MarkdownTable() {}

    public static String of(List<String[]> rows) {
        int columns = rows.getFirst().length;
        int[] widths = new int[columns];
        for (String[] row : rows) {
            if (row.length != columns) {
                throw new IllegalArgumentException("a row of " + row.length + " cells below " + columns);
            }
            for (int c = 0; c < columns; c++) {
                widths[c] = Math.max(widths[c], row[c].length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (int r = 0; r < rows.size(); r++) {
            for (int c = 0; c < columns; c++) {
                String cell = rows.get(r)[c];
                String padding = " ".repeat(widths[c] - cell.length());
                text.append(c == 0 ? "| " + cell + padding : " | " + padding + cell);
            }
            text.append(" |\n");
            if (r == 0) {
                for (int c = 0; c < columns; c++) {
                    text.append(c == 0 ? "|:" + "-".repeat(widths[c] + 1) : "|" + "-".repeat(widths[c] + 1) + ":");
                }
                text.append("|\n");
            }
        }
        return text.toString();
    }
}
