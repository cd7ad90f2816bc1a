package io.github.ttt4rec.live;

/**
 * A {@link LiveState} outside of a model's hands. Nobody writes to the arrays.
 *
 * @param stamp the model it was made with, which alone can read it
 * @param start the position of the first event it has read
 * @param next the position of the next one to be read
 * @param hidden what scores the next item; empty as long as no known item was read
 * @param state the fast weights
 */
public record SavedState(ModelStamp stamp, long start, long next, float[] hidden, byte[] state) {}
