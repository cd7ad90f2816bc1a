package io.github.ttt4rec.data.read;

import io.github.ttt4rec.data.internal.IdDictionary;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Lists written in one field, such as {@code [3, 7]} or {@code ['a', 'b']}. */
final class Lists {
    private static final Pattern ID = Pattern.compile("[A-Za-z_:-]*[0-9][A-Za-z0-9_:-]*");

    private Lists() {}

    /** Explains how to read items that are lists in brackets; null unless all items are such lists. */
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

    /** Returns whether the text is enclosed by two marks. */
    private static boolean stands(String text, String open, String close) {
        return text.length() > 1 && text.startsWith(open) && text.endsWith(close);
    }

    /** The text between the brackets of a list. */
    static String members(String text) {
        String stripped = text.strip();
        return isList(stripped) ? stripped.substring(1, stripped.length() - 1) : text;
    }

    /** A member of a list without its quotation marks. */
    static String member(String text) {
        String stripped = text.strip();
        boolean quoted = stands(stripped, "'", "'") || stands(stripped, "\"", "\"");
        return quoted ? stripped.substring(1, stripped.length() - 1) : stripped;
    }

    /** Returns whether a text lists at least two ids, each of which holds a digit; one blank may follow a separator. */
    static boolean isIdList(String text, char separator) {
        String[] parts = text.split(Pattern.quote(String.valueOf(separator)) + " ?", -1);
        for (String part : parts) {
            if (!ID.matcher(part).matches()) {
                return false;
            }
        }
        return parts.length > 1;
    }

    /**
     * One line if at least half of the items look like lists of ids. Names hold commas and blanks too, so that these
     * count only between ids with digits.
     */
    static List<String> notices(IdDictionary items) {
        List<String> notices = new ArrayList<>();
        for (char separator : new char[] {'|', ';', ',', ' '}) {
            boolean inNames = separator == ',' || separator == ' ';
            int lists = 0;
            String first = "";
            for (int i = 0; i < items.size(); i++) {
                if (items.contains(i, separator) && (!inNames || isIdList(items.get(i), separator))) {
                    first = lists == 0 ? items.get(i) : first;
                    lists++;
                }
            }
            if (lists > 0 && 2 * lists >= items.size()) {
                notices.add(lists + " of " + items.size() + " items hold \"" + separator + "\", such as \"" + first
                        + "\"; if a field lists several items, give --list-separator \"" + separator + "\"");
            }
        }
        return List.copyOf(notices);
    }
}
