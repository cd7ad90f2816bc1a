package io.github.ttt4rec.data;

/** The rule for which of a user's repeated events are dropped. The first one always stays. */
public enum Deduplication {
    /** Keeps all events. */
    NONE("none"),
    /** Drops events with the same user, item and time as an earlier one; usually such rows were logged twice. */
    EXACT("exact"),
    /** Drops an event on the same item as the event before it, such as a page loaded again. */
    CONSECUTIVE("consecutive"),
    /** Drops every event on an item that the user already had, so that a user has each item once. */
    FIRST_PER_USER_ITEM("first");

    private final String word;

    Deduplication(String word) {
        this.word = word;
    }

    /** The rule's name in options and files: {@code none}, {@code exact}, {@code consecutive} or {@code first}. */
    public String word() {
        return word;
    }
}
