package io.github.ttt4rec.eval;

import io.github.ttt4rec.data.DataSource;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.data.Split;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Small data sets made in memory. */
final class TestSplits {
    private TestSplits() {}

    /** Users {@code u1}, {@code u2}… with the given item sequences, over items {@code i1 .. i<items>}. */
    static Split of(int items, int[][] sequences, int[] validStart, int[] testStart) {
        int[] offsets = new int[sequences.length + 1];
        for (int u = 0; u < sequences.length; u++) {
            offsets[u + 1] = offsets[u] + sequences[u].length;
        }
        int[] events = IntStream.range(0, sequences.length)
                .flatMap(u -> IntStream.of(sequences[u]))
                .toArray();
        Dataset data = new Dataset(
                ids("u", sequences.length),
                ids("i", items),
                offsets,
                events,
                new long[events.length],
                false,
                new DataSource("made in memory", "", List.of()));
        return new Split("made by hand", data, validStart, testStart);
    }

    /** Sequences of length 1 to {@code maximalLength} with random items and boundaries. */
    static Split random(long seed, int users, int items, int maximalLength) {
        Random random = new Random(seed);
        int[][] sequences = new int[users][];
        int[] validStart = new int[users];
        int[] testStart = new int[users];
        for (int u = 0; u < users; u++) {
            sequences[u] =
                    random.ints(1 + random.nextInt(maximalLength), 1, items + 1).toArray();
            validStart[u] = 1 + random.nextInt(sequences[u].length);
            testStart[u] = validStart[u] + random.nextInt(sequences[u].length - validStart[u] + 1);
        }
        return of(items, sequences, validStart, testStart);
    }

    private static IdMap ids(String prefix, int count) {
        return new IdMap(
                IntStream.rangeClosed(1, count).mapToObj(i -> prefix + i).toList());
    }
}
