package io.github.ttt4rec.terminal;

/** Colours and weights of text on a terminal; has no effect elsewhere. */
public enum Style {
    PLAIN(""),
    BOLD("1"),
    DIM("2"),
    GREEN("32"),
    RED("31"),
    CYAN("36");

    private final String code;

    Style(String code) {
        this.code = code;
    }

    /** Returns {@code text} in this style, or unchanged if the terminal has no colour. */
    public String of(String text, Terminal terminal) {
        return terminal.colour() && !code.isEmpty() && !text.isBlank()
                ? "\u001B[" + code + "m" + text + "\u001B[0m"
                : text;
    }
}
