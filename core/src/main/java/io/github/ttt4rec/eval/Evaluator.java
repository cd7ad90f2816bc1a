package io.github.ttt4rec.eval;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.eval.internal.MetricSet;
import io.github.ttt4rec.internal.Parallel;
import io.github.ttt4rec.kernels.Kernels;
import io.github.ttt4rec.recommend.CaseBlock;
import io.github.ttt4rec.recommend.Recommender;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Full-ranking evaluation: every case's target is ranked among all items, or among those new to the user. Cases are
 * scored in blocks on several threads. Ranks are stored by case and reduced in a fixed order, so that results do not
 * depend on the number of threads.
 */
public final class Evaluator {
    private static final Kernels KERNELS = Kernels.active();
    /** Stored instead of a rank if the target is in the user's history. */
    private static final int REPEATED = 0;

    private final EvaluationOptions options;

    /** Receives the progress of an evaluation, from one thread at a time, with {@code done} ascending. */
    @FunctionalInterface
    public interface Progress {
        /** Reports that {@code done} of {@code total} cases are ranked. */
        void ranked(int done, int total);
    }

    /**
     * The part of a recommender that an evaluation needs.
     *
     * @param itemCount the number of items V
     * @param newScorer makes a scorer for one thread
     */
    public record Scoring(int itemCount, Supplier<Recommender.Scorer> newScorer) {
        public static Scoring of(Recommender recommender) {
            return new Scoring(recommender.itemCount(), recommender::newScorer);
        }
    }

    /** Creates an evaluator with fixed options. */
    public Evaluator(EvaluationOptions options) {
        this.options = options;
    }

    /** Evaluates without reporting progress; see {@link #evaluate(Recommender, Split, Split.Part, Progress)}. */
    public EvaluationResult evaluate(Recommender recommender, Split split, Split.Part part)
            throws InterruptedException {
        return evaluate(recommender, split, part, (done, total) -> {});
    }

    /**
     * Ranks the targets of {@code part} by the protocol of the options.
     *
     * @param recommender scores items of the same indices as {@code split}'s data
     * @throws UserFacingException if the part has no case of the protocol
     * @throws IllegalArgumentException if recommender and data differ in their number of items
     * @throws InterruptedException if the calling thread is interrupted; workers stop after the current block
     */
    public EvaluationResult evaluate(Recommender recommender, Split split, Split.Part part, Progress progress)
            throws InterruptedException {
        EvaluationResult result = evaluate(Scoring.of(recommender), split, part, Set.of(options.protocol()), progress)
                .get(options.protocol());
        if (result == null) {
            throw new UserFacingException("nothing to evaluate by protocol unseen: the target of every case of split "
                    + split.protocol() + " is in the user's history; use protocol all");
        }
        return result;
    }

    /**
     * Scores the cases of {@code part} once and ranks their targets by every protocol, regardless of the protocol in
     * the options.
     *
     * @return a result for each protocol that has cases, always including {@link Protocol#ALL}
     * @see #evaluate(Recommender, Split, Split.Part, Progress)
     */
    public Map<Protocol, EvaluationResult> evaluateAllProtocols(
            Scoring recommender, Split split, Split.Part part, Progress progress) throws InterruptedException {
        return evaluate(recommender, split, part, EnumSet.allOf(Protocol.class), progress);
    }

    private Map<Protocol, EvaluationResult> evaluate(
            Scoring recommender, Split split, Split.Part part, Set<Protocol> protocols, Progress progress)
            throws InterruptedException {
        int items = split.data().itemCount();
        if (recommender.itemCount() != items) {
            throw new IllegalArgumentException(
                    "the recommender has " + recommender.itemCount() + " items, the data " + items);
        }
        CaseBlocks blocks = new CaseBlocks(split, part, blockRows(items));
        if (blocks.cases() == 0) {
            throw new UserFacingException("nothing to evaluate: split " + split.protocol() + " leaves no "
                    + EvaluationProtocol.partName(part) + " case of "
                    + split.data().userCount()
                    + " users; use another split or more data");
        }
        long start = System.nanoTime();
        Run run = rankAll(recommender, blocks, protocols.contains(Protocol.UNSEEN), progress);
        double seconds = (System.nanoTime() - start) / 1e9;
        Map<Protocol, EvaluationResult> results = new EnumMap<>(Protocol.class);
        for (Protocol protocol : protocols) {
            CaseRanks ranks = switch (protocol) {
                case ALL -> blocks.withRanks(run.ranks);
                case UNSEEN -> newTargets(blocks.withRanks(run.unseenRanks));
            };
            if (ranks.size() > 0) {
                int users = ranks.userCount();
                results.put(
                        protocol,
                        new EvaluationResult(
                                new EvaluationProtocol(split.describe(), part, items, protocol, options.window()),
                                users,
                                ranks.size(),
                                options.ks(),
                                metrics(ranks, users),
                                resamples(users),
                                options.seed(),
                                seconds,
                                ranks));
            }
        }
        return results;
    }

    private static CaseRanks newTargets(CaseRanks ranks) {
        BitSet chosen = new BitSet(ranks.size());
        for (int i = 0; i < ranks.size(); i++) {
            chosen.set(i, ranks.ranks()[i] != REPEATED);
        }
        return ranks.only(chosen);
    }

    private int blockRows(int items) {
        long rowBytes = (items + 1L) * Float.BYTES;
        long rows = Math.min(options.blockRows(), options.blockBytes() / rowBytes);
        // A Java array holds fewer than 2^31 scores, whatever limit the caller sets.
        return (int) Math.max(1, Math.min(rows, (Integer.MAX_VALUE - 8L) / (items + 1L)));
    }

    private Run rankAll(Scoring recommender, CaseBlocks blocks, boolean unseen, Progress progress)
            throws InterruptedException {
        int threads = Math.min(options.threads(), blocks.count());
        Run run = new Run(recommender, blocks, unseen, progress);
        Parallel.run(threads, "evaluate", worker -> run.rankBlocks());
        return run;
    }

    /** The shared work of all threads in one evaluation: each thread takes the next block until none is left. */
    private static final class Run {
        private final Scoring recommender;
        private final CaseBlocks blocks;
        private final boolean unseen;
        private final Progress progress;
        private final int[] ranks;
        /**
         * The ranks among the items new to the user, {@link #REPEATED} if the target is not new; empty if not
         * requested.
         */
        private final int[] unseenRanks;

        private final AtomicInteger nextBlock = new AtomicInteger();
        private final Object progressLock = new Object();
        private int done;
        private volatile boolean stopped;

        Run(Scoring recommender, CaseBlocks blocks, boolean unseen, Progress progress) {
            this.recommender = recommender;
            this.blocks = blocks;
            this.unseen = unseen;
            this.progress = progress;
            this.ranks = new int[blocks.cases()];
            this.unseenRanks = new int[unseen ? blocks.cases() : 0];
        }

        void rankBlocks() {
            try {
                Recommender.Scorer scorer = recommender.newScorer().get();
                int items = recommender.itemCount();
                float[] scores = new float[0];
                SeenItems seen = new SeenItems(items);
                for (int b = nextBlock.getAndIncrement();
                        b < blocks.count()
                                && !stopped
                                && !Thread.currentThread().isInterrupted();
                        b = nextBlock.getAndIncrement()) {
                    CaseBlock block = blocks.block(b);
                    int size = Math.multiplyExact(block.size(), items + 1);
                    if (scores.length < size) {
                        scores = new float[size];
                    }
                    scorer.score(block, scores);
                    for (int i = 0; i < block.size(); i++) {
                        int rank = rank(scores, i * (items + 1), items, block.target(i));
                        ranks[blocks.start(b) + i] = rank;
                        if (unseen) {
                            unseenRanks[blocks.start(b) + i] = seen.unseenRank(block, i, rank, scores, i * (items + 1));
                        }
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
        }
    }

    /**
     * The rank of an item: 1 + the number of other items that do not score below it. Ties and NaN scores of other items
     * count against the target, and a target whose own score is NaN is last.
     *
     * @param scores the scores of items {@code 1..itemCount} at {@code offset + 1 .. offset + itemCount}
     */
    static int rank(float[] scores, int offset, int itemCount, int target) {
        // Counting the scores that are at least the target's would miss NaN on either side. The target counts itself,
        // so no 1 is added.
        return KERNELS.countNotLess(itemCount, scores, offset + 1, scores[offset + target]);
    }

    /** Ranks targets among the items that are new to a user. Not thread-safe. */
    private static final class SeenItems {
        private final long[] lastCase;
        private long currentCase;

        SeenItems(int items) {
            lastCase = new long[items + 1];
        }

        /**
         * The rank of case {@code i}'s target without the items of the user's history, or {@link #REPEATED} if it is
         * one of them.
         *
         * @param rank the target's rank among all items
         */
        int unseenRank(CaseBlock block, int i, int rank, float[] scores, int offset) {
            currentCase++;
            Dataset data = block.data();
            int target = block.target(i);
            float score = scores[offset + target];
            int count = 0;
            for (int p = 0; p < block.positions()[i]; p++) {
                int item = data.item(block.users()[i], p);
                if (item == target) {
                    return REPEATED;
                }
                if (lastCase[item] != currentCase) {
                    lastCase[item] = currentCase;
                    count += scores[offset + item] < score ? 0 : 1;
                }
            }
            return rank - count;
        }
    }

    /** The number of resamples; 0 for one user, because users are the units that are resampled. */
    private int resamples(int users) {
        return users < 2 ? 0 : options.resamples();
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
        List<Metric.Interval> intervals = resamples(users) == 0
                ? List.of()
                : Bootstrap.intervals(userSums, width, options.resamples(), options.seed(), options.threads());
        List<Metric> metrics = new ArrayList<>();
        for (int m = 0; m < set.size(); m++) {
            metrics.add(new Metric(set.name(m), sums[m] / ranks.size(), intervals.isEmpty() ? null : intervals.get(m)));
        }
        return List.copyOf(metrics);
    }
}
