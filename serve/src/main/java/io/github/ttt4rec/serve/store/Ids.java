package io.github.ttt4rec.serve.store;

import io.github.ttt4rec.UserFacingException;

/**
 * The rule for ids of users, items and events: any well-formed Unicode string of 1 to {@value #MAX_LENGTH} UTF-16
 * units, NUL, quotes and line breaks included. Ids are compared unit by unit: case matters, and Unicode equivalence is
 * ignored. Unpaired surrogates are refused: UTF-8 cannot represent them, and replacing them could make two ids equal.
 */
public final class Ids {
    /** The maximum length of an id in UTF-16 units. */
    public static final int MAX_LENGTH = 512;

    private Ids() {}

    /** Returns whether {@code id} is a valid id. */
    public static boolean isValid(String id) {
        return !id.isEmpty() && id.length() <= MAX_LENGTH && isWellFormed(id);
    }

    /** Throws {@link UserFacingException} if {@code id} is not a valid id; {@code what} names it, such as "item". */
    public static void require(String id, String what) {
        if (id.isEmpty()) {
            throw new UserFacingException(what + ": the id is empty");
        }
        if (id.length() > MAX_LENGTH) {
            throw new UserFacingException(
                    what + ": the id has " + id.length() + " characters, and " + MAX_LENGTH + " are allowed");
        }
        if (!isWellFormed(id)) {
            throw new UserFacingException(what + ": the id has half a surrogate pair, which is not Unicode text");
        }
    }

    private static boolean isWellFormed(String id) {
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < id.length() && Character.isLowSurrogate(id.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }
}
