package io.github.ttt4rec.data.read;

import io.github.ttt4rec.data.internal.IdDictionary;
import java.util.List;
import java.util.regex.Pattern;

/** Finds ids that a spreadsheet has rounded, such as {@code 1.23457E+11}, so that different ids became equal. */
final class RoundedIds {
    private static final Pattern ROUNDED = Pattern.compile("-?[0-9]([.,][0-9]+)?[eE][+][0-9]{2,3}");

    private RoundedIds() {}

    /** One line if any of {@code ids} are rounded numbers; {@code role} names them. */
    static List<String> find(String role, IdDictionary ids) {
        long count = 0;
        String first = "";
        for (int i = 0; i < ids.size(); i++) {
            if (ids.contains(i, '+') && ROUNDED.matcher(ids.get(i)).matches()) {
                first = count == 0 ? ids.get(i) : first;
                count++;
            }
        }
        return count == 0
                ? List.of()
                : List.of(count + " " + role + (count == 1 ? " id is a number" : " ids are numbers")
                        + " that a program has rounded, such as \"" + first
                        + "\": several may have become one; export the file again with the column as text");
    }
}
