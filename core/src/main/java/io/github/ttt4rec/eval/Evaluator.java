package io.github.ttt4rec.eval;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.kernels.Kernels;
import io.github.ttt4rec.recommend.CaseBlock;
import io.github.ttt4rec.recommend.Recommender;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Full-ranking evaluation: every case's target is ranked among all items. Cases are scored in blocks, spread over
 * threads; the ranks are kept by case and reduced in one order, so that results are the same for any number of threads.
 */
public final class Evaluator {
    private static final Kernels KERNELS = Kernels.active();

    private final EvaluationOptions options;

    /** Is told how far an evaluation is. Called by one thread at a time, with {@code done} ascending. */
    @FunctionalInterface
    public interface Progress {
        /** {@code done} of {@code total} cases are ranked. */
        void ranked(int done, int total);
    }

    /** An evaluator that evaluates in one way. */
    public Evaluator(EvaluationOptions options) {
        this.options = options;
    }

    /** Evaluates without reporting progress; see {@link #evaluate(Recommender, Split, Split.Part, Progress)}. */
    public EvaluationResult evaluate(Recommender recommender, Split split, Split.Part part)
            throws InterruptedException {
        return evaluate(recommender, split, part, (done, total) -> {});
    }

    /**
     * Ranks the target of every case of {@code part} among all items.
     *
     * @param recommender scores items of the same indices as {@code split}'s data
     * @throws UserFacingException if the part has no case
     * @throws IllegalArgumentException if recommender and data differ in their number of items
     * @throws InterruptedException if the calling thread is interrupted; workers stop after the block at hand
     */
    public EvaluationResult evaluate(Recommender recommender, Split split, Split.Part part, Progress progress)
            throws InterruptedException {
        int items = split.data().itemCount();
        if (recommender.itemCount() != items) {
            throw new IllegalArgumentException(
                    "the recommender has " + recommender.itemCount() + " items, the data " + items);
        }
        EvaluationProtocol protocol =
                new EvaluationProtocol(split.protocol(), part, items, options.maskSeen(), options.window());
        CaseBlocks blocks = new CaseBlocks(split, part, blockRows(items));
        if (blocks.cases() == 0) {
            throw new UserFacingException("nothing to evaluate: split " + split.protocol() + " leaves no "
                    + protocol.partName() + " case of " + split.data().userCount()
                    + " users; use another split or more data");
        }
        long start = System.nanoTime();
        int[] ranks = rankAll(recommender, blocks, progress);
        double seconds = (System.nanoTime() - start) / 1e9;
        CaseRanks caseRanks = blocks.withRanks(ranks);
        return new EvaluationResult(
                protocol,
                blocks.userCount(),
                blocks.cases(),
                options.ks(),
                metrics(caseRanks, blocks.userCount()),
                options.resamples(),
                options.seed(),
                seconds,
                caseRanks);
    }

    private int blockRows(int items) {
        long rowBytes = (items + 1L) * Float.BYTES;
        long rows = Math.min(options.blockRows(), options.blockBytes() / rowBytes);
        // An array of scores holds fewer than 2^31 floats, whatever the caller allows.
        return (int) Math.max(1, Math.min(rows, (Integer.MAX_VALUE - 8L) / (items + 1L)));
    }

    private int[] rankAll(Recommender recommender, CaseBlocks blocks, Progress progress) throws InterruptedException {
        int threads = Math.min(options.threads(), blocks.count());
        Run run = new Run(recommender, blocks, options.maskSeen(), progress);
        List<Future<?>> workers = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            for (int t = 0; t < threads; t++) {
                workers.add(executor.submit(run));
            }
            try {
                for (Future<?> worker : workers) {
                    worker.get();
                }
            } finally {
                // Closing the executor waits for the workers, which look at the flag after each block.
                run.stopped = true;
            }
        } catch (ExecutionException failure) {
            throw unwrapped(failure);
        }
        return run.ranks;
    }

    private static RuntimeException unwrapped(ExecutionException failure) {
        return switch (failure.getCause()) {
            case Error error -> throw error;
            case RuntimeException exception -> exception;
            case null, default -> new IllegalStateException(failure);
        };
    }

    /** The work of all threads of one evaluation: each takes the next block until none is left. */
    private static final class Run implements Callable<Void> {
        private final Recommender recommender;
        private final CaseBlocks blocks;
        private final boolean maskSeen;
        private final Progress progress;
        private final int[] ranks;
        private final AtomicInteger nextBlock = new AtomicInteger();
        private final Object progressLock = new Object();
        private int done;
        private volatile boolean stopped;

        Run(Recommender recommender, CaseBlocks blocks, boolean maskSeen, Progress progress) {
            this.recommender = recommender;
            this.blocks = blocks;
            this.maskSeen = maskSeen;
            this.progress = progress;
            this.ranks = new int[blocks.cases()];
        }

        @Override
        public Void call() {
            try {
                Recommender.Scorer scorer = recommender.newScorer();
                int items = recommender.itemCount();
                float[] scores = new float[0];
                SeenItems seen = new SeenItems(items);
                for (int b = nextBlock.getAndIncrement();
                        b < blocks.count() && !stopped;
                        b = nextBlock.getAndIncrement()) {
                    CaseBlock block = blocks.block(b);
                    int size = Math.multiplyExact(block.size(), items + 1);
                    if (scores.length < size) {
                        scores = new float[size];
                    }
                    scorer.score(block, scores);
                    for (int i = 0; i < block.size(); i++) {
                        int rank = rank(scores, i * (items + 1), items, block.target(i));
                        if (maskSeen) {
                            rank -= seen.atOrAboveTarget(block, i, scores, i * (items + 1));
                        }
                        ranks[blocks.start(b) + i] = rank;
                    }
                    synchronized (progressLock) {
                        done += block.size();
                        progress.ranked(done, blocks.cases());
                    }
                }
            } catch (RuntimeException | Error failure) {
                stopped = true;
                throw failure;
            }
            return null;
        }
    }

    /**
     * The rank of an item: 1 + the number of other items that do not score below it. Ties and NaN scores of others
     * count against it, and an item whose own score is NaN is last.
     *
     * @param scores scores of items {@code 1..itemCount} at {@code offset + 1 .. offset + itemCount}
     */
    static int rank(float[] scores, int offset, int itemCount, int target) {
        // Not the number of scores that are at least the target's, which a NaN on either side would escape. The target
        // counts itself, hence no 1 +.
        return KERNELS.countNotLess(itemCount, scores, offset + 1, scores[offset + target]);
    }

    /** Counts seen items that must not count against a target. For one thread. */
    private static final class SeenItems {
        private final long[] lastCase;
        private long currentCase;

        SeenItems(int items) {
            lastCase = new long[items + 1];
        }

        /**
         * How many different items before case {@code i}'s position, its target not counted, are ranked with or above
         * it.
         */
        int atOrAboveTarget(CaseBlock block, int i, float[] scores, int offset) {
            currentCase++;
            Dataset data = block.data();
            int target = block.target(i);
            float score = scores[offset + target];
            int count = 0;
            for (int p = 0; p < block.positions()[i]; p++) {
                int item = data.item(block.users()[i], p);
                if (item != target && lastCase[item] != currentCase) {
                    lastCase[item] = currentCase;
                    count += scores[offset + item] < score ? 0 : 1;
                }
            }
            return count;
        }
    }

    private List<Metric> metrics(CaseRanks ranks, int users) throws InterruptedException {
        MetricSet set = new MetricSet(options.ks());
        int width = set.size() + 1;
        double[] userSums = new double[Math.multiplyExact(users, width)];
        int user = 0;
        for (int from = 0; from < ranks.size(); user++) {
            int end = ranks.endOfUser(from);
            for (int i = from; i < end; i++) {
                set.add(ranks.ranks()[i], userSums, user * width);
            }
            userSums[user * width + set.size()] = end - from;
            from = end;
        }
        double[] sums = new double[width];
        for (int i = 0; i < userSums.length; i++) {
            sums[i % width] += userSums[i];
        }
        List<Metric.Interval> intervals = options.resamples() == 0
                ? List.of()
                : Bootstrap.intervals(userSums, width, options.resamples(), options.seed(), options.threads());
        List<Metric> metrics = new ArrayList<>();
        for (int m = 0; m < set.size(); m++) {
            metrics.add(new Metric(set.name(m), sums[m] / ranks.size(), intervals.isEmpty() ? null : intervals.get(m)));
        }
        return List.copyOf(metrics);
    }
}
