package io.github.ttt4rec.data.read;

import io.github.ttt4rec.data.internal.IdDictionary;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Reads ids such as {@code 17850.0} as whole numbers. Programs write them this way if a column has gaps, and if only
 * some rows have this form, one user would become two. Applies only if every id of a column is a whole number.
 */
final class WholeNumbers {
    private WholeNumbers() {}

    /**
     * Renumbers {@code column} and returns the ids without {@code .0}; returns {@code ids} itself if nothing changes.
     */
    static IdDictionary unify(IdDictionary ids, IntColumn column, String role, List<String> notices) {
        String first = null;
        for (int i = 0; i < ids.size(); i++) {
            if (ids.isWholeNumber(i)) {
                continue;
            }
            String name = ids.get(i);
            String whole = whole(name);
            if (whole.isEmpty()) {
                return ids;
            }
            first = first == null && whole.length() < name.length() ? name : first;
        }
        if (first == null) {
            return ids;
        }
        IdDictionary unified = new IdDictionary();
        int[] numbers = new int[ids.size()];
        for (int i = 0; i < numbers.length; i++) {
            byte[] name = whole(ids.get(i)).getBytes(StandardCharsets.UTF_8);
            numbers[i] = unified.add(name, name.length);
        }
        column.replaceAll(numbers);
        notices.add("the " + role + " ids are whole numbers written as \"" + first + "\", and read as \"" + whole(first)
                + "\""
                + (unified.size() < ids.size()
                        ? "; " + (ids.size() - unified.size()) + " of them also stand in the file without a point"
                        : ""));
        return unified;
    }

    /** The digits of a whole number, with or without {@code .0} but without a leading zero; empty for other text. */
    static String whole(String name) {
        int start = name.startsWith("-") ? 1 : 0;
        int end = start;
        while (end < name.length() && name.charAt(end) >= '0' && name.charAt(end) <= '9') {
            end++;
        }
        boolean zeroLed = end > start + 1 && name.charAt(start) == '0';
        if (end == start || zeroLed) {
            return "";
        }
        if (end < name.length()) {
            if (name.charAt(end) != '.' || end + 1 == name.length()) {
                return "";
            }
            for (int i = end + 1; i < name.length(); i++) {
                if (name.charAt(i) != '0') {
                    return "";
                }
            }
        }
        return name.substring(0, end);
    }
}
