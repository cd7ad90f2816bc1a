package io.github.ttt4rec.catalogue;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits an expression into tokens. */
final class Tokens {
    private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern NUMBER =
            Pattern.compile("[-+]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?");
    private static final Pattern OPERATOR = Pattern.compile("<=|>=|!=|=|<|>");

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private Tokens(String text) {
        this.text = text;
    }

    /**
     * The tokens of an expression, followed by one of kind {@code END}.
     *
     * @throws InvalidExpressionException if a character cannot begin a token, or a string is not closed
     */
    static List<Token> of(String text) {
        Tokens tokens = new Tokens(text);
        while (tokens.at < text.length()) {
            tokens.read(text.charAt(tokens.at));
        }
        tokens.tokens.add(new Token(Token.Kind.END, "", text.length() + 1));
        return tokens.tokens;
    }

    private void read(char c) {
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            at++;
        } else if (c == '(' || c == ')' || c == ',') {
            tokens.add(new Token(Token.Kind.SIGN, String.valueOf(c), at + 1));
            at++;
        } else if (c == '"' || c == '\'') {
            string(c);
        } else if (!take(WORD, Token.Kind.WORD)
                && !take(NUMBER, Token.Kind.NUMBER)
                && !take(OPERATOR, Token.Kind.OPERATOR)) {
            throw new InvalidExpressionException(
                    at + 1,
                    Character.isISOControl(c) || Character.isSurrogate(c)
                            ? "a character that means nothing here"
                            : "'" + c + "' means nothing here; strings stand in quotation marks");
        }
    }

    private boolean take(Pattern pattern, Token.Kind kind) {
        Matcher matcher = pattern.matcher(text).region(at, text.length());
        boolean found = matcher.lookingAt();
        if (found) {
            tokens.add(new Token(kind, matcher.group(), at + 1));
            at = matcher.end();
        }
        return found;
    }

    private void string(char quote) {
        int start = at;
        StringBuilder value = new StringBuilder();
        for (at++; at < text.length() && text.charAt(at) != quote; at++) {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            value.append(text.charAt(at));
        }
        if (at == text.length()) {
            throw new InvalidExpressionException(start + 1, "the string that begins here has no end");
        }
        at++;
        tokens.add(new Token(Token.Kind.STRING, value.toString(), start + 1));
    }
}
