package io.github.ttt4rec.lab.compare;

import java.util.ArrayList;
import java.util.List;

/**
 * The runs of a {@link Comparison}.
 *
 * @param settings shared by all
 * @param methods in the order of running and of reports
 * @param seeds to train with, each above 0; deterministic methods run once, as seed 1
 * @param fractions of the training users, each above 0 and at most 1; 1 is always among what is run
 * @param threads to train and test with
 */
public record ComparisonPlan(
        Settings settings, List<Method> methods, List<Integer> seeds, List<Double> fractions, int threads) {
    /** Throws {@link IllegalArgumentException} for values out of range. */
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

    /** All runs: everybody with the first seed, then with the next; those on less data last. */
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
