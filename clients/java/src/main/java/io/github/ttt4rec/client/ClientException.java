package io.github.ttt4rec.client;

/** Thrown if the server refuses a request, or does not answer any attempt. */
public final class ClientException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    ClientException(int status, String detail) {
        super(detail);
        this.status = status;
    }

    ClientException(String detail, Throwable cause) {
        super(detail, cause);
        status = 0;
    }

    /** The HTTP status; 0 if there was no answer. */
    public int status() {
        return status;
    }
}
