package io.github.ttt4rec.train;

/** Leaves a training or an evaluation in the middle because it was asked to stop. It is no failure. */
public final class StopException extends RuntimeException {
    private static final long serialVersionUID = 1L;
}
