package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.catalogue.Catalogue;
import io.github.ttt4rec.catalogue.Expression;
import io.github.ttt4rec.catalogue.ExpressionParser;
import io.github.ttt4rec.catalogue.InvalidExpressionException;
import org.jspecify.annotations.Nullable;

/** Parses the expressions of requests. */
final class Filters {
    /** The name of the parameter or member that holds an expression. */
    static final String FILTER = "filter";

    private Filters() {}

    /** Parses an expression, null if there is none; throws {@link Problem} 400 that points at the error. */
    static @Nullable Expression read(@Nullable String text, Catalogue catalogue) {
        return text == null ? null : read(FILTER, text, catalogue);
    }

    /** Parses the expression in {@code field}; throws {@link Problem} 400 that points at the error. */
    static Expression read(String field, String text, Catalogue catalogue) {
        try {
            return ExpressionParser.parse(text, catalogue.types());
        } catch (InvalidExpressionException e) {
            throw problem(field + ", " + e.getMessage(), field, e.column());
        }
    }

    /** Creates a problem 400 that points at a column, from 1, of an expression. */
    static Problem problem(String detail, String field, int column) {
        return Problem.of(400, detail, json -> {
            json.writeObjectPropertyStart("at");
            json.writeStringProperty("field", field);
            json.writeNumberProperty("column", column);
            json.writeEndObject();
        });
    }
}
