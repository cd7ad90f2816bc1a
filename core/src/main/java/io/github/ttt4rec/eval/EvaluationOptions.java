package io.github.ttt4rec.eval;

import io.github.ttt4rec.internal.Ranges;
import io.github.ttt4rec.internal.Withers;
import java.util.List;

/**
 * The options of an evaluation.
 *
 * @param ks list lengths of HR@k, NDCG@k and MRR@k, each at least 1, ascending
 * @param protocol which cases count and which items are ranked
 * @param window a description, for the report, of how much of the history the recommender sees, such as
 *     {@code last 50 items}
 * @param threads worker threads, at least 1; results do not depend on it
 * @param blockBytes the maximum number of bytes for the scores of a block of cases, per thread
 * @param blockRows the maximum number of cases per block
 * @param resamples bootstrap resamples for the intervals; 0 for no intervals
 * @param seed the seed of the bootstrap
 */
@Withers
public record EvaluationOptions(
        List<Integer> ks,
        Protocol protocol,
        String window,
        int threads,
        long blockBytes,
        int blockRows,
        int resamples,
        long seed)
        implements EvaluationOptionsBuilder.With {

    private static final int MIN_ROWS = 16;
    private static final long MAX_BYTES = 128L << 20;

    public EvaluationOptions {
        ks = ks.stream().sorted().distinct().toList();
        Ranges.require(ks.isEmpty() || ks.getFirst() >= 1, "every k must be at least 1");
        Ranges.require(threads >= 1, "threads must be at least 1");
        Ranges.require(blockBytes >= 1, "blockBytes must be at least 1");
        Ranges.require(blockRows >= 1, "blockRows must be at least 1");
        Ranges.require(resamples >= 0, "resamples must not be negative");
    }

    /**
     * The published protocol: k = 10 and 50 (and 1, 5, 20), all cases and items, one thread, blocks of at most 256
     * cases and 12 MiB, 1,000 resamples.
     *
     * @param window a description of how much of the history the recommender sees
     */
    public static EvaluationOptions defaults(String window) {
        return new EvaluationOptions(List.of(1, 5, 10, 20, 50), Protocol.ALL, window, 1, 12L << 20, 256, 1000, 1);
    }

    /**
     * These options for a catalogue of {@code items} items: blocks have at least {@value #MIN_ROWS} cases if their
     * scores fit 128 MiB, so that a large item table is not read for only a few cases at a time.
     */
    public EvaluationOptions forCatalogue(int items) {
        long least = Math.min(MAX_BYTES, MIN_ROWS * Float.BYTES * (items + 1L));
        return withBlocks(Math.max(blockBytes, least), blockRows);
    }

    /** These options with other block limits. */
    public EvaluationOptions withBlocks(long bytes, int rows) {
        return with(options -> options.blockBytes(bytes).blockRows(rows));
    }

    /**
     * These options with another bootstrap. A {@code count} of 0 turns it off, as in the evaluation after each epoch.
     */
    public EvaluationOptions withBootstrap(int count, long bootstrapSeed) {
        return with(options -> options.resamples(count).seed(bootstrapSeed));
    }
}
