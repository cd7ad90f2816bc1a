package io.github.ttt4rec.catalogue;

/**
 * A token of an expression.
 *
 * @param kind the kind of token
 * @param text the text as written, without the quotation marks of a string
 * @param column the 1-based position of its first character
 */
record Token(Kind kind, String text, int column) {
    /** The kinds of tokens. */
    enum Kind {
        /** A name or a keyword. */
        WORD,
        /** A decimal number. */
        NUMBER,
        /** Text between quotation marks. */
        STRING,
        /** A comparison operator. */
        OPERATOR,
        /** A parenthesis or comma. */
        SIGN,
        /** The end of the expression. */
        END
    }

    /** Returns whether the token is this sign. */
    boolean is(String sign) {
        return kind == Kind.SIGN && text.equals(sign);
    }
}
