package io.github.ttt4rec.catalogue;

import java.util.Set;
import java.util.regex.Pattern;

/** The attribute names with a meaning in expressions and files. */
final class AttributeNames {
    static final String ITEM = "item";
    static final String TITLE = "title";
    static final String TEXT = "text";
    static final String GROUP = "group";
    static final String CATEGORY = "category";
    static final String CATEGORIES = "categories";
    static final String LABEL = "label";
    static final String LABELS = "labels";
    static final String FROM = "available_from";
    static final String UNTIL = "available_until";
    static final String ATTRIBUTES = "attributes";

    /** Names that a shop's own attributes cannot have, because they mean something else in expressions or files. */
    static final Set<String> RESERVED = Set.of(
            ITEM,
            TITLE,
            TEXT,
            GROUP,
            CATEGORY,
            CATEGORIES,
            LABEL,
            LABELS,
            FROM,
            UNTIL,
            ATTRIBUTES,
            "and",
            "or",
            "not",
            "in",
            "has",
            "name",
            "similar_to");

    private static final int MAX_LENGTH = 64;
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0," + (MAX_LENGTH - 1) + "}");

    private AttributeNames() {}

    /**
     * Checks the name of a shop's own attribute.
     *
     * @throws InvalidAttributeException if the name is reserved or malformed
     */
    static void require(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidAttributeException(
                    ATTRIBUTES,
                    "'" + shown(name) + "' cannot name an attribute: take 1 to " + MAX_LENGTH
                            + " letters, digits and _, not starting with a digit");
        }
        if (RESERVED.contains(name)) {
            throw new InvalidAttributeException(
                    ATTRIBUTES, "'" + name + "' is a name with a meaning of its own: take another");
        }
    }

    /** Text from a request or file, cut to a length that fits a message. */
    static String shown(String text) {
        return text.length() <= 64 ? text : text.substring(0, 61) + "...";
    }
}
