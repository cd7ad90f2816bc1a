package io.github.ttt4rec.model;

import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.internal.EventTokens;

/**
 * B sequences packed into N tokens.
 *
 * @param items the item index of each token, or its {@link EventTokens} for a network that reads kinds; may be longer than N
 * @param positions the 0-based position of each token in its sequence, counted from the start of the state
 * @param rowSeeds a dropout seed for each token; may be empty without dropout
 * @param segments the starts of the sequences
 */
public record SequenceBatch(int[] items, int[] positions, long[] rowSeeds, Segments segments) {
    public int rows() {
        return segments.rows();
    }

    /** A batch of whole sequences, for inference. */
    public static SequenceBatch of(int[] items, Segments segments) {
        int[] positions = new int[segments.rows()];
        for (int s = 0; s < segments.count(); s++) {
            for (int t = 0; t < segments.length(s); t++) {
                positions[segments.start(s) + t] = t;
            }
        }
        return new SequenceBatch(items, positions, new long[0], segments);
    }

    /** A batch of consecutive events of one user that follow {@code before} earlier ones. */
    public static SequenceBatch continuing(int[] items, long before) {
        int[] positions = new int[items.length];
        for (int t = 0; t < items.length; t++) {
            positions[t] = Math.toIntExact(before + t);
        }
        return new SequenceBatch(items, positions, new long[0], new Segments(new int[] {0, items.length}));
    }
}
