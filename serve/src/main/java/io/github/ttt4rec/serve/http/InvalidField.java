package io.github.ttt4rec.serve.http;

/** Thrown if a value in a request is wrong. */
final class InvalidField extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;

    /** Creates the exception; {@code message} begins with the field's name and says what is wrong. */
    InvalidField(String field, String message) {
        super(message, null, false, false);
        this.field = field;
    }

    /** Returns the name of the field or parameter. */
    String field() {
        return field;
    }

    /** Returns the problem, beginning with the field's name. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    /** Shortens a client's text so that a message can quote it. */
    static String shown(String text) {
        return text.length() <= 64 ? text : text.substring(0, 61) + "...";
    }
}
