package io.github.ttt4rec.catalogue;

/**
 * A piece of an expression.
 *
 * @param kind its kind
 * @param text the word, number, operator or sign as written, a string without its quotation marks
 * @param column the place of its first character, from 1
 */
record Token(Kind kind, String text, int column) {
    /** The kinds of pieces. */
    enum Kind {
        /** A name or a keyword. */
        WORD,
        /** A decimal number. */
        NUMBER,
        /** Text between quotation marks. */
        STRING,
        /** A comparison. */
        OPERATOR,
        /** A parenthesis or comma. */
        SIGN,
        /** Nothing follows. */
        END
    }

    /** Returns whether it is this sign. */
    boolean is(String sign) {
        return kind == Kind.SIGN && text.equals(sign);
    }
}
