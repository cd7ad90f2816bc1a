package io.github.ttt4rec.benchmarks.micro;

import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.ttt.InnerModelType;
import io.github.ttt4rec.ttt.TttConfig;
import java.util.stream.IntStream;

/** The settings of the default model, and batches for it. */
final class Networks {
    private Networks() {}

    /** Returns the default model with the given inner model. */
    static TttConfig config(InnerModelType layer) {
        return TttConfig.defaults().withLayer(layer);
    }

    /** Returns a batch of sequences of equal length. */
    static Segments segments(int sequences, int length) {
        return new Segments(
                IntStream.rangeClosed(0, sequences).map(s -> s * length).toArray());
    }
}
