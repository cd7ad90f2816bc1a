package io.github.ttt4rec.data.read;

import io.github.ttt4rec.data.internal.IdDictionary;
import java.math.BigDecimal;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Finds ids that look alike but differ: in invisible characters, or in how accents are composed. */
final class LookAlikes {
    private static final int MAX_SHOWN = 3;

    /** Zero-width characters, marks of direction, the soft hyphen and the byte order mark. */
    private static final Pattern INVISIBLE = Pattern.compile("[\\u00AD\\u200B-\\u200F\\u202A-\\u202E\\u2060\\uFEFF]");

    private static final Pattern BLANKS = Pattern.compile("[\\u00A0\\u2000-\\u200A\\u202F\\u3000]");

    /** Numbers that may equal one that is written more plainly. */
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,18}([.][0-9]{1,18})?([eE][+-]?[0-9]{1,2})?");

    private LookAlikes() {}

    /**
     * One line if several of {@code ids} are the same number written differently, such as 007 and 7; {@code role} names
     * them.
     */
    static List<String> findNumbers(String role, IdDictionary ids) {
        List<String> pairs = new ArrayList<>();
        long count = 0;
        for (int i = 0; i < ids.size(); i++) {
            if (!mayBePlainer(ids, i)) {
                continue;
            }
            String name = ids.get(i);
            if (!NUMBER.matcher(name).matches()) {
                continue;
            }
            BigDecimal number = new BigDecimal(name);
            String plain =
                    number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
            if (!plain.equals(name) && ids.find(plain) >= 0) {
                count++;
                if (pairs.size() < MAX_SHOWN) {
                    pairs.add("\"" + plain + "\" and \"" + name + "\"");
                }
            }
        }
        return count == 0
                ? List.of()
                : List.of(count + " " + role + " ids are numbers that also stand in the log written otherwise, such as "
                        + String.join(", ", pairs) + "; make them one in the file if they mean one " + role);
    }

    private static boolean mayBePlainer(IdDictionary ids, int i) {
        return ids.startsWith(i, '0')
                || ids.startsWith(i, '+')
                || ids.startsWith(i, '-')
                || ids.contains(i, '.')
                || ids.contains(i, 'e')
                || ids.contains(i, 'E');
    }

    /** One line if any of {@code ids} look alike; {@code role} names them. */
    static List<String> find(String role, IdDictionary ids) {
        Map<String, String> byLooks = new HashMap<>();
        List<String> pairs = new ArrayList<>();
        long count = 0;
        for (int i = 0; i < ids.size(); i++) {
            if (ids.isAscii(i)) {
                continue;
            }
            String name = ids.get(i);
            String looks = looks(name);
            String other = byLooks.putIfAbsent(looks, name);
            if (other == null && !looks.equals(name) && ids.find(looks) >= 0) {
                other = looks;
            }
            if (other != null && !other.equals(name)) {
                count++;
                if (pairs.size() < MAX_SHOWN) {
                    pairs.add("\"" + escaped(other) + "\" and \"" + escaped(name) + "\"");
                }
            }
        }
        return count == 0
                ? List.of()
                : List.of(count + " " + role
                        + " ids look like another one but differ in invisible or composed characters," + " such as "
                        + String.join(", ", pairs) + "; make them one in the file if they mean one " + role);
    }

    private static String looks(String name) {
        String visible = INVISIBLE.matcher(name).replaceAll("");
        return Normalizer.normalize(BLANKS.matcher(visible).replaceAll(" "), Normalizer.Form.NFKC)
                .strip();
    }

    private static String escaped(String name) {
        StringBuilder text = new StringBuilder();
        name.chars().forEach(c -> text.append(c < 0x7F ? String.valueOf((char) c) : "\\u%04X".formatted(c)));
        return text.toString();
    }
}
