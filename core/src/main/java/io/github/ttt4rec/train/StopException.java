package io.github.ttt4rec.train;

/** Ends a training or an evaluation early on request. It does not report a failure. */
public final class StopException extends RuntimeException {
    private static final long serialVersionUID = 1L;
}
