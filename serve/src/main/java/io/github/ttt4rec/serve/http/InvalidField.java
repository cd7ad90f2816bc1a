package io.github.ttt4rec.serve.http;

/** A value in a request is wrong. */
final class InvalidField extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;

    /** {@code message} says what is wrong with the field, beginning with its name. */
    InvalidField(String field, String message) {
        super(message, null, false, false);
        this.field = field;
    }

    /** The name of the field or parameter. */
    String field() {
        return field;
    }

    /** The problem, beginning with the field's name. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    /** Somebody else's text, cut to a length that can be shown. */
    static String shown(String text) {
        return text.length() <= 64 ? text : text.substring(0, 61) + "...";
    }
}
