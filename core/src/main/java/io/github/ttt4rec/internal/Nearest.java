package io.github.ttt4rec.internal;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the existing name that is closest to a mistyped one. */
public final class Nearest {
    private Nearest() {}

    /**
     * The name closest to {@code wanted} in edit distance, ignoring case and all characters but letters and digits;
     * empty if no name is within a third of the length of {@code wanted} (or within two edits).
     */
    public static Optional<String> of(String wanted, Collection<String> names) {
        String best = null;
        int bestDistance = Math.max(2, wanted.length() / 3) + 1;
        for (String name : names) {
            int distance = distance(simplified(wanted), simplified(name));
            if (distance < bestDistance) {
                bestDistance = distance;
                best = name;
            }
        }
        return Optional.ofNullable(best);
    }

    private static String simplified(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
    }

    /** Levenshtein's edit distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
