package io.github.ttt4rec.serve.engine;

import java.util.Arrays;
import java.util.Optional;

/** A kind of list on a shop's page. */
public enum ShelfKind {
    /** The best items for the user. */
    PERSONAL("personal"),
    /** The items most similar to one, by their vectors. */
    SIMILAR("similar"),
    /** The items that users had together with one, by the model's counts. */
    BOUGHT_TOGETHER("bought_together"),
    /** The user's best items among those that users had together with one of the user's items. */
    BECAUSE("because"),
    /** The items whose events have become more frequent. */
    TRENDING("trending"),
    /** The items that became available most recently. */
    NEW("new"),
    /** The items with most events. */
    POPULAR("popular"),
    /** The user's items, the latest first. */
    RECENTLY_VIEWED("recently_viewed"),
    /** The best items for an unknown user with some items in the basket. */
    COMPLETE("complete");

    private final String word;

    ShelfKind(String word) {
        this.word = word;
    }

    /** Returns its name in requests and answers. */
    public String word() {
        return word;
    }

    /** Returns the kind of that name. */
    public static Optional<ShelfKind> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }

    /** Returns whether the request must name one item. */
    public boolean needsItem() {
        return this == SIMILAR || this == BOUGHT_TOGETHER;
    }
}
