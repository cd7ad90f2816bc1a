package io.github.ttt4rec.lab.report;

/** The report's markup as it is written, line by line. */
final class Page {
    private final StringBuilder out = new StringBuilder();

    void add(String text) {
        out.append(text).append('\n');
    }

    /** Begins a table that can be sorted by each column. */
    void open(String heads, String caption) {
        add("<div class=\"scroll\" tabindex=\"0\"><table class=\"sortable\"><caption><span>" + caption
                + "</span></caption><thead><tr>" + heads + "</tr></thead><tbody>");
    }

    /** Ends it. */
    void close() {
        add("</tbody></table></div>");
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
