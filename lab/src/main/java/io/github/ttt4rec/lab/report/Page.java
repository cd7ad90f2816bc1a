package io.github.ttt4rec.lab.report;

/** The report's markup while it is written, line by line. */
final class Page {
    private final StringBuilder out = new StringBuilder();

    void add(String text) {
        out.append(text).append('\n');
    }

    /** Starts a table that can be sorted by each column. */
    void open(String heads, String caption) {
        add("<div class=\"scroll\" tabindex=\"0\"><table class=\"sortable\"><caption><span>" + caption
                + "</span></caption><thead><tr>" + heads + "</tr></thead><tbody>");
    }

    /** Ends the table. */
    void close() {
        add("</tbody></table></div>");
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
