package io.github.ttt4rec.lab.compare;

import java.util.ArrayList;
import java.util.List;

/**
 * The runs of a {@link Comparison}.
 *
 * @param settings the settings that all methods share
 * @param methods the methods, in the order of runs and reports
 * @param seeds the seeds for training, each above 0; deterministic methods run once, as seed 1
 * @param fractions the fractions of the training users, each above 0 and at most 1; fraction 1 is always run
 * @param threads the number of threads for training and testing
 */
public record ComparisonPlan(
        Settings settings, List<Method> methods, List<Integer> seeds, List<Double> fractions, int threads) {
    public ComparisonPlan {
        if (seeds.isEmpty()
                || seeds.stream().anyMatch(seed -> seed < 1)
                || threads < 1
                || fractions.stream().anyMatch(f -> !(f > 0 && f <= 1))) {
            throw new IllegalArgumentException("seeds " + seeds + ", threads " + threads + ", " + fractions);
        }
        methods = List.copyOf(methods);
        seeds = seeds.stream().distinct().toList();
        List<Double> others = fractions.stream()
                .filter(f -> f < 1)
                .sorted((a, b) -> Double.compare(b, a))
                .distinct()
                .toList();
        List<Double> all = new ArrayList<>(List.of(1.0));
        all.addAll(others);
        fractions = List.copyOf(all);
    }

    /** All runs: on all users with the first seed, then with the others; runs on fewer users come last. */
    public List<RunKey> runs() {
        List<RunKey> runs = new ArrayList<>();
        for (double fraction : fractions) {
            for (int seed : seeds) {
                for (Method method : methods) {
                    if (!method.isDeterministic()) {
                        runs.add(new RunKey(method.name(), seed, fraction));
                    } else if (seed == seeds.getFirst()) {
                        runs.add(new RunKey(method.name(), 1, fraction));
                    }
                }
            }
        }
        return runs;
    }

    Method method(RunKey key) {
        return methods.stream()
                .filter(method -> method.name().equals(key.method()))
                .findFirst()
                .orElseThrow();
    }
}
