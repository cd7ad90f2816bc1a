package io.github.ttt4rec.data;

/** Which repeated events of a user are dropped. The first one always stays. */
public enum Deduplication {
    /** None. */
    NONE("none"),
    /** Events with the same user, item and time: usually a row logged twice. */
    EXACT("exact"),
    /** An event whose item is that of the event before it, such as a page loaded again. */
    CONSECUTIVE("consecutive"),
    /** Every event of an item the user already had: each user meets each item once. */
    FIRST_PER_USER_ITEM("first");

    private final String word;

    Deduplication(String word) {
        this.word = word;
    }

    /** The word for it in options and files: {@code none}, {@code exact}, {@code consecutive} or {@code first}. */
    public String word() {
        return word;
    }
}
