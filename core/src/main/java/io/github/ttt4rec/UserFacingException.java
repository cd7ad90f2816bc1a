package io.github.ttt4rec;

/**
 * A problem the user can mend: bad input, a damaged file, a full disk. Its message is one complete line that says what
 * is wrong, where (file, line, field), and what to do; the command line prints just that line and exits with 1.
 */
public class UserFacingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A problem described by {@code message}, one line. */
    public UserFacingException(String message) {
        super(message);
    }

    /** A problem described by {@code message}, one line, that {@code cause} brought to light. */
    public UserFacingException(String message, Throwable cause) {
        super(message, cause);
    }
}
