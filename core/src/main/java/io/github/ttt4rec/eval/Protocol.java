package io.github.ttt4rec.eval;

/**
 * The cases that are evaluated and the items that are ranked. Published figures follow one protocol or the other and
 * cannot be compared: on data without repeats, a method that repeats items wastes the top ranks in {@link #ALL}.
 */
public enum Protocol {
    /** All cases; the target is ranked among all items. RecBole and the TTT4Rec paper use this protocol. */
    ALL("all", "all cases, ranked among all items"),
    /**
     * The cases whose target is new to the user; the target is ranked among the items that are new to the user. Cases
     * with a repeated target are left out, because removing only the other seen items would reveal the target.
     */
    UNSEEN("unseen", "cases with a new target, ranked among items new to the user");

    private final String word;
    private final String description;

    Protocol(String word, String description) {
        this.word = word;
        this.description = description;
    }

    /** The name in options, files and tables. */
    public String word() {
        return word;
    }

    /** A description of the cases and the ranked items. */
    public String description() {
        return description;
    }
}
