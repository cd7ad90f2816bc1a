package io.github.ttt4rec.lab.tune;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The result of a search for one setting.
 *
 * @param name the name of the setting
 * @param best its value in the best trial
 * @param good its values in the best quarter of the trials: their range, or the number of times each was chosen
 * @param searched the domain that was searched
 * @param atEdge whether the best value is a number at the edge of the domain, so that a better one may lie beyond
 */
public record Finding(String name, String best, String good, String searched, boolean atEdge) {
    private static final double EDGE = 0.03;

    /** The findings for all settings of a space; empty if no trial has a result. */
    public static List<Finding> of(SearchSpace space, List<Trial> trials) {
        List<Trial> ranked = trials.stream()
                .filter(trial -> trial.status() == Trial.Status.FINISHED)
                .sorted(Trial.BEST_FIRST)
                .toList();
        if (ranked.isEmpty()) {
            return List.of();
        }
        List<Trial> quarter = ranked.subList(0, (ranked.size() + 3) / 4);
        List<Finding> findings = new ArrayList<>();
        for (SearchSpace.Dimension dimension : space.dimensions()) {
            List<Object> values = new ArrayList<>();
            quarter.forEach(trial -> values.add(trial.values().get(dimension.path())));
            Object best = values.getFirst();
            boolean inside = dimension.domain().contains(best);
            findings.add(
                    switch (dimension.domain()) {
                        case Domain.Real real ->
                            new Finding(
                                    dimension.name(),
                                    Domain.text(best),
                                    range(values),
                                    real.toString(),
                                    inside && Math.abs(real.unit(best) - 0.5) > 0.5 - EDGE);
                        case Domain.Whole whole ->
                            new Finding(
                                    dimension.name(),
                                    Domain.text(best),
                                    range(values),
                                    whole.toString(),
                                    whole.extremes().contains(best));
                        case Domain.Choice choice ->
                            new Finding(dimension.name(), Domain.text(best), counts(values), choice.toString(), false);
                    });
        }
        return findings;
    }

    private static String range(List<Object> values) {
        Comparator<Object> order = Comparator.comparingDouble(value -> ((Number) value).doubleValue());
        Object low = values.stream().min(order).orElseThrow();
        Object high = values.stream().max(order).orElseThrow();
        return low.equals(high) ? Domain.text(low) : Domain.text(low) + " to " + Domain.text(high);
    }

    private static String counts(List<Object> values) {
        Map<Object, Long> counts =
                values.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        return counts.entrySet().stream()
                .sorted(Map.Entry.<Object, Long>comparingByValue()
                        .reversed()
                        .thenComparing(entry -> entry.getKey().toString()))
                .map(entry -> Domain.text(entry.getKey()) + (counts.size() == 1 ? "" : " ×" + entry.getValue()))
                .collect(Collectors.joining(", "));
    }
}
