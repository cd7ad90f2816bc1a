package io.github.ttt4rec.train;

import io.github.ttt4rec.data.DataSource;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.data.SplitSpec;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Synthetic logs in memory. */
final class PatternLog {
    private PatternLog() {}

    /**
     * Users whose next item follows from the last one, except for a fraction {@code noise} of random items. All items
     * are about equally popular.
     */
    static Dataset pattern(long seed, int users, int items, double noise) {
        Random random = new Random(seed);
        int[][] sequences = new int[users][];
        for (int u = 0; u < users; u++) {
            int[] sequence = new int[6 + random.nextInt(18)];
            int item = 1 + random.nextInt(items);
            for (int t = 0; t < sequence.length; t++) {
                sequence[t] = item;
                item = random.nextDouble() < noise ? 1 + random.nextInt(items) : 1 + (7 * item + 3) % items;
            }
            sequences[u] = sequence;
        }
        return of(items, sequences);
    }

    static Dataset of(int items, int[]... sequences) {
        int[] offsets = new int[sequences.length + 1];
        for (int u = 0; u < sequences.length; u++) {
            offsets[u + 1] = offsets[u] + sequences[u].length;
        }
        int[] events = IntStream.range(0, sequences.length)
                .flatMap(u -> IntStream.of(sequences[u]))
                .toArray();
        return new Dataset(
                ids("u", sequences.length),
                ids("i", items),
                offsets,
                events,
                new long[events.length],
                false,
                new DataSource("made in memory", "", List.of()));
    }

    static SplitSpec ratio(int train, int validation, int test) {
        return new SplitSpec.Ratio(train, validation, test);
    }

    private static IdMap ids(String prefix, int count) {
        return new IdMap(
                IntStream.rangeClosed(1, count).mapToObj(i -> prefix + i).toList());
    }
}
