package io.github.ttt4rec.lab.compare;

import io.github.ttt4rec.eval.Bootstrap;
import io.github.ttt4rec.eval.Metric;
import io.github.ttt4rec.lab.compare.Results.Difference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Differences between methods and their statistical significance. */
final class Differences {
    static final int PERMUTATIONS = 10_000;

    private Differences() {}

    /**
     * The difference of each method to the reference over a set of cases, given by their sums; empty if all cases are of
     * one user, because users are the independent units.
     */
    static List<Difference> to(Scored reference, List<Scored> scored, Function<Scored, UserSums> sums, int threads)
            throws InterruptedException {
        List<Scored> others = scored.stream()
                .filter(one -> !one.name().equals(reference.name()))
                .toList();
        if (sums.apply(reference).users() < 2) {
            return List.of();
        }
        double[] ps = new double[others.size()];
        double[][] differences = new double[others.size()][];
        for (int i = 0; i < ps.length; i++) {
            double[] byUser = sums.apply(others.get(i)).less(sums.apply(reference));
            differences[i] = byUser;
            double[] ofUsers = IntStream.range(0, byUser.length / 2)
                    .mapToDouble(user -> byUser[2 * user])
                    .toArray();
            ps[i] = Significance.pairedPValue(ofUsers, PERMUTATIONS, UserSums.SEED);
        }
        double[] corrected = Significance.holm(ps);
        List<Difference> result = new ArrayList<>();
        for (int i = 0; i < ps.length; i++) {
            Metric.Interval interval = Bootstrap.intervals(
                            differences[i], 2, UserSums.RESAMPLES, UserSums.SEED, threads)
                    .getFirst();
            result.add(new Difference(
                    others.get(i).name(),
                    reference.name(),
                    sums.apply(others.get(i)).mean(Results.HEADLINE)
                            - sums.apply(reference).mean(Results.HEADLINE),
                    interval.low(),
                    interval.high(),
                    ps[i],
                    corrected[i]));
        }
        return List.copyOf(result);
    }
}
