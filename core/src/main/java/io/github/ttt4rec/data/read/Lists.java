package io.github.ttt4rec.data.read;

import io.github.ttt4rec.data.internal.IdDictionary;
import org.jspecify.annotations.Nullable;

/** Lists written into one field, such as {@code [3, 7]} or {@code ['a', 'b']}. */
final class Lists {
    private Lists() {}

    /** Says how to read items that are lists in brackets; null if some item is none. */
    static @Nullable String problem(IdDictionary items) {
        for (int i = 0; i < items.size(); i++) {
            String item = items.get(i);
            if (!isList(item)) {
                return null;
            }
        }
        return "every item is a list, such as \"" + items.get(0)
                + "\"; give --list-separator \",\" to read its members as items, or another --item-column";
    }

    private static boolean isList(String text) {
        return stands(text, "[", "]") || stands(text, "(", ")");
    }

    /** Returns whether text stands between two marks. */
    private static boolean stands(String text, String open, String close) {
        return text.length() > 1 && text.startsWith(open) && text.endsWith(close);
    }

    /** The text between the brackets of a list. */
    static String members(String text) {
        String stripped = text.strip();
        return isList(stripped) ? stripped.substring(1, stripped.length() - 1) : text;
    }

    /** A member of a list without the quotation marks around it. */
    static String member(String text) {
        String stripped = text.strip();
        boolean quoted = stands(stripped, "'", "'") || stands(stripped, "\"", "\"");
        return quoted ? stripped.substring(1, stripped.length() - 1) : stripped;
    }
}
