package io.github.ttt4rec.eval;

/**
 * Which cases count and which items are ranked. Published figures follow one or the other, and they cannot be compared:
 * on data without repeats a method that repeats items wastes the first ranks of {@link #ALL}.
 */
public enum Protocol {
    /** Every case; the target is ranked among all items. RecBole and the TTT4Rec paper use it. */
    ALL("all", "all cases, ranked among all items"),
    /**
     * The cases whose target is new to the user; the target is ranked among the items that are new to the user. Cases with
     * a repeated target are left out, because to remove only their rivals would tell the answer.
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

    /** The cases and the ranked items in words. */
    public String description() {
        return description;
    }
}
