package io.github.ttt4rec.catalogue;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.catalogue.Expression.Comparison;
import io.github.ttt4rec.internal.Nearest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads expressions by recursive descent:
 *
 * <pre>
 * expression = conjunction { "or" conjunction }
 * conjunction = term { "and" term }
 * term       = "not" term | "(" expression ")" | test
 * test       = "has" name
 *            | name ( "=" | "!=" | "&lt;" | "&lt;=" | "&gt;" | "&gt;=" ) value
 *            | name [ "not" ] "in" "(" value { "," value } ")"
 * value      = number | string between " or ', in which \ makes the next character an ordinary one
 * </pre>
 *
 * The keywords and, or, not, in and has are case-insensitive; names and strings are case-sensitive. The names are
 * {@code item}, {@code category}, {@code label}, {@code group}, {@code available_from}, {@code available_until} and
 * those of the shop's attributes.
 */
public final class ExpressionParser {
    /** The largest number of characters of an expression. */
    public static final int MAX_LENGTH = 4_096;

    private static final int MAX_DEPTH = 32;
    private static final int MAX_TESTS = 64;
    private static final int MAX_VALUES = 1_000;

    private static final Set<String> WORD_NAMES =
            Set.of(AttributeNames.ITEM, AttributeNames.LABEL, AttributeNames.GROUP);
    private static final Set<String> TIME_NAMES = Set.of(AttributeNames.FROM, AttributeNames.UNTIL);

    private final Map<String, AttributeType> types;
    private final List<Token> tokens;
    private int next;
    private int tests;
    private int depth;

    private ExpressionParser(Map<String, AttributeType> types, List<Token> tokens) {
        this.types = types;
        this.tokens = tokens;
    }

    /**
     * Reads an expression.
     *
     * @param types the type of each of the shop's attributes
     * @throws InvalidExpressionException if the text is not an expression, names an attribute that no item has ever
     *     had, or compares an attribute with a value of another type
     */
    public static Expression parse(String text, Map<String, AttributeType> types) {
        if (text.length() > MAX_LENGTH) {
            throw new InvalidExpressionException(
                    MAX_LENGTH + 1, "an expression has at most " + MAX_LENGTH + " characters, not " + text.length());
        }
        ExpressionParser parser = new ExpressionParser(types, Tokens.of(text));
        Expression whole = parser.expression();
        Token end = parser.peek();
        if (end.kind() != Token.Kind.END) {
            throw parser.unexpected(end, "'and', 'or' or the end");
        }
        return whole;
    }

    private Token peek() {
        return tokens.get(next);
    }

    private Token take() {
        Token token = tokens.get(next);
        if (token.kind() != Token.Kind.END) {
            next++;
        }
        return token;
    }

    private boolean takeKeyword(String word) {
        boolean there = isKeyword(peek(), word);
        if (there) {
            next++;
        }
        return there;
    }

    private static boolean isKeyword(Token token, String word) {
        return token.kind() == Token.Kind.WORD
                && token.text().toLowerCase(Locale.ROOT).equals(word);
    }

    private InvalidExpressionException unexpected(Token token, String expected) {
        String found = token.kind() == Token.Kind.END
                ? "the expression ends"
                : "found '" + AttributeNames.shown(token.text()) + "'";
        return new InvalidExpressionException(token.column(), "expected " + expected + ", " + found);
    }

    private Expression expression() {
        return list("or", this::conjunction, Expression.Any::new);
    }

    private Expression conjunction() {
        return list("and", this::term, Expression.All::new);
    }

    private Expression list(String between, Supplier<Expression> part, Function<List<Expression>, Expression> whole) {
        List<Expression> parts = new ArrayList<>();
        parts.add(part.get());
        while (takeKeyword(between)) {
            parts.add(part.get());
        }
        return parts.size() == 1 ? parts.getFirst() : whole.apply(List.copyOf(parts));
    }

    private Expression term() {
        Token first = peek();
        if (++depth > MAX_DEPTH) {
            throw new InvalidExpressionException(first.column(), "more than " + MAX_DEPTH + " levels deep");
        }
        Expression term;
        if (takeKeyword("not")) {
            term = new Expression.Not(term());
        } else if (first.is("(")) {
            next++;
            term = expression();
            Token close = take();
            if (!close.is(")")) {
                throw unexpected(close, "')', 'and' or 'or'");
            }
        } else {
            term = test();
        }
        depth--;
        return term;
    }

    private Expression test() {
        Token first = take();
        if (first.kind() != Token.Kind.WORD || isOtherKeyword(first)) {
            throw unexpected(first, "the name of an attribute, 'not', 'has' or '('");
        }
        if (++tests > MAX_TESTS) {
            throw new InvalidExpressionException(first.column(), "more than " + MAX_TESTS + " tests");
        }
        if (isKeyword(first, "has")) {
            Token name = take();
            if (name.kind() != Token.Kind.WORD) {
                throw unexpected(name, "the name of an attribute");
            }
            requireKnown(name);
            return new Expression.Has(name.text());
        }
        requireKnown(first);
        boolean negated = takeKeyword("not");
        if (takeKeyword("in")) {
            Expression in = oneOf(first, values());
            return negated ? new Expression.Not(in) : in;
        }
        Token operator = take();
        if (negated || operator.kind() != Token.Kind.OPERATOR) {
            throw unexpected(operator, negated ? "'in'" : "=, !=, <, <=, >, >= or 'in'");
        }
        return compare(first, operator, value());
    }

    private static boolean isOtherKeyword(Token token) {
        return isKeyword(token, "and") || isKeyword(token, "or") || isKeyword(token, "in");
    }

    private void requireKnown(Token name) {
        String text = name.text();
        if (isWords(text) || isNumber(text) || text.equals(AttributeNames.CATEGORY)) {
            return;
        }
        Set<String> names = new HashSet<>(types.keySet());
        names.addAll(WORD_NAMES);
        names.addAll(TIME_NAMES);
        names.add(AttributeNames.CATEGORY);
        String hint = Nearest.of(AttributeNames.shown(text), names)
                .map(near -> ", did you mean '" + near + "'?")
                .orElse("; put it into the attributes of an item first");
        throw new InvalidExpressionException(
                name.column(), "no item has an attribute '" + AttributeNames.shown(text) + "'" + hint);
    }

    private boolean isWords(String name) {
        return WORD_NAMES.contains(name) || types.get(name) == AttributeType.WORDS;
    }

    private boolean isNumber(String name) {
        return TIME_NAMES.contains(name) || types.get(name) == AttributeType.NUMBER;
    }

    private List<Token> values() {
        Token open = take();
        if (!open.is("(")) {
            throw unexpected(open, "'(' and values between commas");
        }
        List<Token> values = new ArrayList<>();
        while (true) {
            Token value = value();
            values.add(value);
            if (values.size() > MAX_VALUES) {
                throw new InvalidExpressionException(value.column(), "more than " + MAX_VALUES + " values");
            }
            Token after = take();
            if (after.is(")")) {
                return values;
            }
            if (!after.is(",")) {
                throw unexpected(after, "',' or ')'");
            }
        }
    }

    private Token value() {
        Token value = take();
        if (value.kind() != Token.Kind.STRING && value.kind() != Token.Kind.NUMBER) {
            throw unexpected(value, "a number or a string in quotation marks");
        }
        return value;
    }

    private Expression oneOf(Token name, List<Token> values) {
        if (isNumber(name.text())) {
            List<Expression> equal = new ArrayList<>();
            for (Token value : values) {
                equal.add(new Expression.Compare(name.text(), Comparison.EQUAL, number(name, value)));
            }
            return equal.size() == 1 ? equal.getFirst() : new Expression.Any(List.copyOf(equal));
        }
        if (name.text().equals(AttributeNames.CATEGORY)) {
            Set<Category> categories = new LinkedHashSet<>();
            values.forEach(value -> categories.add(category(value)));
            return new Expression.InCategory(Set.copyOf(categories));
        }
        Set<String> words = new LinkedHashSet<>();
        values.forEach(value -> words.add(string(name, value)));
        return new Expression.HasWord(name.text(), Set.copyOf(words));
    }

    private Expression compare(Token name, Token operator, Token value) {
        return switch (operator.text()) {
            case "=" -> oneOf(name, List.of(value));
            case "!=" -> new Expression.Not(oneOf(name, List.of(value)));
            default -> {
                if (!isNumber(name.text())) {
                    throw new InvalidExpressionException(
                            operator.column(), "'" + name.text() + "' has no order: compare it by =, != or 'in'");
                }
                yield new Expression.Compare(name.text(), comparison(operator.text()), number(name, value));
            }
        };
    }

    private static Comparison comparison(String operator) {
        return switch (operator) {
            case "<" -> Comparison.LESS;
            case "<=" -> Comparison.AT_MOST;
            case ">" -> Comparison.GREATER;
            default -> Comparison.AT_LEAST;
        };
    }

    private static double number(Token name, Token value) {
        if (TIME_NAMES.contains(name.text())) {
            try {
                return AttributeJson.time(name.text(), value.text());
            } catch (InvalidAttributeException notATime) {
                throw new InvalidExpressionException(value.column(), String.valueOf(notATime.getMessage()));
            }
        }
        if (value.kind() != Token.Kind.NUMBER) {
            throw new InvalidExpressionException(
                    value.column(), "'" + name.text() + "' is a number, and a string is given");
        }
        double number = Double.parseDouble(value.text());
        if (!Double.isFinite(number)) {
            throw new InvalidExpressionException(value.column(), "the number is too large");
        }
        return number + 0.0;
    }

    private static String string(Token name, Token value) {
        if (value.kind() != Token.Kind.STRING) {
            throw new InvalidExpressionException(
                    value.column(), "'" + name.text() + "' has words: put the value in quotation marks");
        }
        return value.text();
    }

    private static Category category(Token value) {
        if (value.kind() != Token.Kind.STRING) {
            throw new InvalidExpressionException(
                    value.column(), "a category is a path such as \"shoes > boots\", in quotation marks");
        }
        try {
            return Category.parse(value.text());
        } catch (UserFacingException e) {
            throw new InvalidExpressionException(value.column(), String.valueOf(e.getMessage()));
        }
    }
}
