package io.github.ttt4rec.lab.tune;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Tree-structured Parzen estimators (Bergstra, Bardenet, Bengio and Kégl 2011, Algorithms for Hyper-Parameter
 * Optimization, section 4; here without a tree, because no setting depends on another). The trials so far are divided
 * into the best share γ and the rest. For each setting separately, l is a density estimate of its values among the best
 * trials, and g among the rest. Several values are drawn from l, and the one with the largest l/g, which has the
 * largest expected improvement, is proposed.
 *
 * <p>Failed trials belong to the rest, so that the search avoids the values that made them fail. The constants are
 * Optuna's.
 */
final class TreeParzen {
    /** The number of random trials before there are enough for estimates. */
    static final int STARTUP = 10;

    private static final double GAMMA = 0.1;
    private static final int MAX_GOOD = 25;
    private static final int CANDIDATES = 24;

    private TreeParzen() {}

    static Map<String, Object> propose(SearchSpace space, List<Trial> trials, RandomGenerator random) {
        if (trials.size() < STARTUP) {
            return space.sample(random);
        }
        List<Trial> ranked = trials.stream().sorted(Trial.BEST_FIRST).toList();
        int good = Math.min(MAX_GOOD, (int) Math.ceil(GAMMA * ranked.size()));
        Map<String, Object> values = new LinkedHashMap<>();
        for (SearchSpace.Dimension dimension : space.dimensions()) {
            List<Object> tried = new ArrayList<>();
            ranked.forEach(trial -> tried.add(trial.values().get(dimension.path())));
            List<Object> best = tried.subList(0, good);
            List<Object> rest = tried.subList(good, tried.size());
            values.put(
                    dimension.path(),
                    switch (dimension.domain()) {
                        case Domain.Numeric numeric -> propose(numeric, best, rest, random);
                        case Domain.Choice choice -> propose(choice, best, rest, random);
                    });
        }
        return values;
    }

    private static Object propose(Domain.Numeric domain, List<Object> best, List<Object> rest, RandomGenerator random) {
        ParzenEstimator l = estimator(domain, best);
        ParzenEstimator g = estimator(domain, rest);
        Object proposed = domain.at(l.sample(random));
        double largest = ratio(domain, proposed, l, g);
        for (int i = 1; i < CANDIDATES; i++) {
            Object candidate = domain.at(l.sample(random));
            double ratio = ratio(domain, candidate, l, g);
            if (ratio > largest) {
                largest = ratio;
                proposed = candidate;
            }
        }
        return proposed;
    }

    private static ParzenEstimator estimator(Domain.Numeric domain, List<Object> values) {
        return new ParzenEstimator(values.stream().mapToDouble(domain::unit).toArray());
    }

    private static double ratio(Domain.Numeric domain, Object value, ParzenEstimator l, ParzenEstimator g) {
        double unit = domain.unit(value);
        return l.density(unit) / g.density(unit);
    }

    private static Object propose(Domain.Choice domain, List<Object> best, List<Object> rest, RandomGenerator random) {
        double[] l = shares(domain, best);
        double[] g = shares(domain, rest);
        int proposed = -1;
        for (int i = 0; i < CANDIDATES; i++) {
            int candidate = draw(l, random);
            if (proposed < 0 || l[candidate] / g[candidate] > l[proposed] / g[proposed]) {
                proposed = candidate;
            }
        }
        return domain.values().get(proposed);
    }

    /** The share of each choice, with one added to each count so that no choice is ruled out. */
    private static double[] shares(Domain.Choice domain, List<Object> values) {
        double[] counts = new double[domain.values().size()];
        Arrays.fill(counts, 1);
        values.forEach(value -> counts[domain.values().indexOf(value)]++);
        return Arrays.stream(counts)
                .map(count -> count / (values.size() + counts.length))
                .toArray();
    }

    private static int draw(double[] shares, RandomGenerator random) {
        double left = random.nextDouble();
        int i = 0;
        while (i < shares.length - 1 && left >= shares[i]) {
            left -= shares[i++];
        }
        return i;
    }
}
