package io.github.ttt4rec.lab.parity;

import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.model.SequenceBatch;
import java.util.stream.IntStream;

/**
 * The right-padded sequences of a reference file in packed form.
 *
 * @param width the padded length L
 * @param segments the B sequences
 * @param items the items of the sequences, without padding
 */
record PackedInput(int width, Segments segments, int[] items) {

    /** Reads tensor {@code name (B, L)} and {@code input.lengths}. */
    static PackedInput read(TensorFile reference, String name) {
        int[] shape = reference.shape(name);
        int sequences = shape[0];
        int width = shape[1];
        int[] lengths = reference.ints("input.lengths", sequences);
        int[] padded = reference.ints(name, sequences, width);
        int[] offsets = new int[sequences + 1];
        for (int s = 0; s < sequences; s++) {
            offsets[s + 1] = offsets[s] + lengths[s];
        }
        Segments segments = new Segments(offsets);
        int[] items = new int[segments.rows()];
        for (int s = 0; s < sequences; s++) {
            System.arraycopy(padded, s * width, items, offsets[s], lengths[s]);
        }
        return new PackedInput(width, segments, items);
    }

    SequenceBatch batch() {
        return SequenceBatch.of(items, segments);
    }

    /** The row of each sequence's last item. */
    int[] lastRows() {
        return IntStream.range(0, segments.count())
                .map(s -> segments.start(s) + segments.length(s) - 1)
                .toArray();
    }
}
