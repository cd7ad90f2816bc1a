package io.github.ttt4rec.live;

/**
 * A serialised {@link LiveState}. The arrays must not be modified.
 *
 * @param stamp the model that made it, which alone can read it
 * @param start the position of the first event it has read
 * @param next the position of the next event to be read
 * @param hidden the query vector for the next item; empty if no known item has been read
 * @param state the fast weights
 */
public record SavedState(ModelStamp stamp, long start, long next, float[] hidden, byte[] state) {}
