package io.github.ttt4rec.cli.retrain;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.read.Datasets;
import io.github.ttt4rec.eval.Bootstrap;
import io.github.ttt4rec.eval.CaseRanks;
import io.github.ttt4rec.eval.Evaluator;
import io.github.ttt4rec.eval.Metric;
import io.github.ttt4rec.internal.EventRanks;
import io.github.ttt4rec.terminal.Text;
import java.util.Arrays;

/**
 * Compares a new model with the served one by NDCG@10 on events that neither has seen, by a paired bootstrap over
 * users. A target that a model does not know is a miss, because the model cannot recommend it.
 *
 * <p><b>The rule is non-inferiority.</b> The new model passes if the lower end of the 95 % interval of its NDCG@10
 * minus the served model's is at least minus the margin. A better mean alone does not pass: by chance, every second
 * model that is no better has a better mean. The new model need not be significantly better, because it knows the
 * latest events and items in any case.
 *
 * @param cases the number of cases compared
 * @param users the number of their users
 * @param served the served model's NDCG@10
 * @param candidate the new model's NDCG@10
 * @param low the lower end of the 95 % interval of the difference
 * @param high the upper end of that interval
 * @param margin the loss of NDCG@10 that is tolerated
 */
record Gate(int cases, int users, double served, double candidate, double low, double high, double margin) {
    private static final int MAX_CASES_PER_USER = 100;
    private static final int RESAMPLES = 1_000;
    private static final long SEED = 17;
    private static final int MISS = Integer.MAX_VALUE;

    /** The number of values in a user's row of {@link #of}. */
    static final int WIDTH = 4;

    /** The outcome of the comparison. */
    enum Verdict {
        /** A loss beyond the margin is ruled out. */
        PASSES,
        /** The new model's mean is below the served one's. */
        WORSE,
        /** The new model's mean is no lower, but a loss beyond the margin is not ruled out. */
        UNDECIDED
    }

    /** Returns whether the new model may replace the served one. */
    Verdict verdict() {
        if (low >= -margin) {
            return Verdict.PASSES;
        }
        return candidate < served ? Verdict.WORSE : Verdict.UNDECIDED;
    }

    /** Formats the result in one line. */
    String describe() {
        return Text.format(
                "NDCG@10 %.4f served, %.4f new (difference %+.4f, 95 %% %+.4f to %+.4f; tolerated -%.4f) on %s of"
                        + " %s that neither has seen",
                served,
                candidate,
                candidate - served,
                low,
                high,
                margin,
                Text.count(cases, "event"),
                Text.count(users, "user"));
    }

    /**
     * Compares two models.
     *
     * @param data all events
     * @param from the first position of each user that neither model has seen
     * @param margin as a share of the served model's NDCG@10
     */
    static Gate compare(
            TrainedModel served, TrainedModel candidate, Dataset data, int[] from, double margin, int threads)
            throws InterruptedException {
        int[] before = ranks(served, data, from, threads);
        int[] after = ranks(candidate, data, from, threads);
        double[] sums = new double[WIDTH * data.userCount()];
        int users = 0;
        for (int user = 0; user < data.userCount(); user++) {
            int first = Math.max(from[user], data.length(user) - MAX_CASES_PER_USER);
            double[] row = new double[WIDTH];
            for (int at = data.start(user) + first; at < data.offsets()[user + 1]; at++) {
                if (before[at] > 0 && after[at] > 0) {
                    row[0] += EventRanks.gain(after[at]) - EventRanks.gain(before[at]);
                    row[1] += EventRanks.gain(before[at]);
                    row[2] += EventRanks.gain(after[at]);
                    row[3]++;
                }
            }
            if (row[3] > 0) {
                System.arraycopy(row, 0, sums, WIDTH * users++, WIDTH);
            }
        }
        return of(Arrays.copyOf(sums, WIDTH * users), margin, threads);
    }

    /**
     * Computes the comparison from sums per user.
     *
     * @param sums row-major {@code (users, 4)}: for each user the sum of the NDCG@10 differences (new minus served),
     *     the sum for the served model, the sum for the new model, and the number of cases
     * @param margin as a share of the served model's NDCG@10
     */
    static Gate of(double[] sums, double margin, int threads) throws InterruptedException {
        if (sums.length == 0) {
            return new Gate(0, 0, 0, 0, 0, 0, 0);
        }
        double[] all = new double[WIDTH];
        for (int i = 0; i < sums.length; i++) {
            all[i % WIDTH] += sums[i];
        }
        Metric.Interval interval =
                Bootstrap.intervals(sums, WIDTH, RESAMPLES, SEED, threads).getFirst();
        double ndcg = all[1] / all[3];
        return new Gate(
                (int) all[3],
                sums.length / WIDTH,
                ndcg,
                all[2] / all[3],
                interval.low(),
                interval.high(),
                margin * ndcg);
    }

    /**
     * Returns the rank of each event from the given positions on; 0 if the model knows no item of the history before
     * it.
     */
    private static int[] ranks(TrainedModel model, Dataset data, int[] from, int threads) throws InterruptedException {
        Dataset known = Datasets.withItems(data, model.items());
        int[] ranks = new int[data.eventCount()];
        int[] place = new int[known.eventCount()];
        int[] starts = new int[known.userCount()];
        int there = 0;
        for (int user = 0; user < data.userCount(); user++) {
            int position = 0;
            int unseen = -1;
            for (int at = data.start(user); at < data.offsets()[user + 1]; at++) {
                boolean tested = at - data.start(user) >= from[user];
                if (model.items().indexOf(data.items().name(data.events()[at])) != null) {
                    if (tested && unseen < 0) {
                        unseen = position;
                    }
                    place[known.offsets()[Math.min(there, known.userCount() - 1)] + position++] = at;
                } else if (tested && position > 0) {
                    ranks[at] = MISS;
                }
            }
            if (position > 0) {
                starts[there++] = unseen < 0 ? position : Math.max(1, unseen);
            }
        }
        Split split = new Split("unseen by both", known, starts, starts);
        if (split.cases(Split.Part.TEST) == 0) {
            return ranks;
        }
        CaseRanks found = new Evaluator(
                        model.evaluationOptions().withThreads(threads).withBootstrap(0, 0))
                .evaluate(model.recommender(), split, Split.Part.TEST)
                .ranks();
        for (int i = 0; i < found.size(); i++) {
            ranks[place[known.start(found.users()[i]) + found.positions()[i]]] = found.ranks()[i];
        }
        return ranks;
    }
}
