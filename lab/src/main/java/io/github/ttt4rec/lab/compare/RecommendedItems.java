package io.github.ttt4rec.lab.compare;

import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.eval.Evaluator.Scoring;
import io.github.ttt4rec.internal.Parallel;
import io.github.ttt4rec.recommend.CaseBlock;
import io.github.ttt4rec.recommend.Popularity;
import io.github.ttt4rec.recommend.Recommender;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Statistics of the top-10 lists of a sample of test cases.
 *
 * @param cases the number of lists
 * @param coverage the share of the catalogue that occurs in at least one list
 * @param gini the Gini coefficient of the number of places per item: 0 if all items have equally many, near 1 if one
 *     has all
 * @param novelty the mean self-information of a recommended item in bits: −log2 of its share of the training events,
 *     with one event added per item
 * @param popularityRank the mean popularity rank of a recommended item; 1 is the most popular
 */
public record RecommendedItems(int cases, double coverage, double gini, double novelty, double popularityRank) {
    private static final int K = 10;
    private static final long BLOCK_BYTES = 12L << 20;
    private static final int BLOCK_ROWS = 256;

    static RecommendedItems of(Scoring recommender, Split split, TestCases sample, int threads)
            throws InterruptedException {
        int items = split.data().itemCount();
        int rows = Math.clamp(BLOCK_BYTES / (4L * (items + 1)), 1, BLOCK_ROWS);
        long[][] parts = new long[threads][];
        Parallel.run(threads, "lists", worker -> {
            int from = (int) ((long) sample.size() * worker / threads);
            int to = (int) ((long) sample.size() * (worker + 1) / threads);
            parts[worker] = count(recommender, sample, from, to, rows);
        });
        long[] counts = new long[items + 1];
        for (long[] part : parts) {
            for (int item = 1; item <= items; item++) {
                counts[item] += part[item];
            }
        }
        return summarise(counts, Popularity.of(split).scores(), sample.size());
    }

    private static long[] count(Scoring recommender, TestCases sample, int from, int to, int rows) {
        int items = recommender.itemCount();
        Recommender.Scorer scorer = recommender.newScorer().get();
        float[] scores = new float[rows * (items + 1)];
        long[] counts = new long[items + 1];
        for (int start = from; start < to; start += rows) {
            int end = Math.min(to, start + rows);
            CaseBlock block = new CaseBlock(
                    sample.data(),
                    Arrays.copyOfRange(sample.users(), start, end),
                    Arrays.copyOfRange(sample.positions(), start, end));
            scorer.score(block, scores);
            for (int i = 0; i < block.size(); i++) {
                for (int item : top(scores, i * (items + 1), items)) {
                    counts[item]++;
                }
            }
        }
        return counts;
    }

    /** The K best items; ties go to the smaller index. */
    static int[] top(float[] scores, int offset, int items) {
        int[] best = new int[Math.min(K, items)];
        int filled = 0;
        for (int item = 1; item <= items; item++) {
            float score = scores[offset + item];
            if (filled == best.length && !(score > scores[offset + best[filled - 1]])) {
                continue;
            }
            int at = filled < best.length ? filled++ : filled - 1;
            while (at > 0 && score > scores[offset + best[at - 1]]) {
                best[at] = best[at - 1];
                at--;
            }
            best[at] = item;
        }
        return best;
    }

    /**
     * Computes the statistics; {@code counts[v]} is the number of places in lists of item v, and {@code popularity[v]}
     * its number of training events.
     */
    static RecommendedItems summarise(long[] counts, float[] popularity, int cases) {
        int items = counts.length - 1;
        int[] byPopularity = IntStream.rangeClosed(1, items)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer item) -> -popularity[item]))
                .mapToInt(Integer::intValue)
                .toArray();
        double events = items;
        for (int item = 1; item <= items; item++) {
            events += popularity[item];
        }
        double places = 0;
        double covered = 0;
        double information = 0;
        double ranks = 0;
        for (int rank = 1; rank <= items; rank++) {
            int item = byPopularity[rank - 1];
            places += counts[item];
            covered += counts[item] > 0 ? 1 : 0;
            information -= counts[item] * Math.log((popularity[item] + 1) / events) / Math.log(2);
            ranks += (double) counts[item] * rank;
        }
        long[] sorted = Arrays.copyOfRange(counts, 1, items + 1);
        Arrays.sort(sorted);
        double weighted = 0;
        for (int i = 0; i < items; i++) {
            weighted += (i + 1.0) * sorted[i];
        }
        return new RecommendedItems(
                cases,
                covered / items,
                2 * weighted / (items * places) - (items + 1.0) / items,
                information / places,
                ranks / places);
    }
}
