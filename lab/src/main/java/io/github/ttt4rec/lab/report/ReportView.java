package io.github.ttt4rec.lab.report;

import io.github.ttt4rec.lab.compare.Methods;
import io.github.ttt4rec.lab.compare.Results;
import io.github.ttt4rec.lab.compare.Results.Difference;
import io.github.ttt4rec.lab.compare.Results.Summary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** The results in the form that the report's sections need: lookups, and each method's colour. */
final class ReportView {
    private static final int COLOURS = 7;

    private final Results results;
    private final Map<String, String> colours = new HashMap<>();

    ReportView(Results results) {
        this.results = results;
        // Only the main model and the best others have colours, because more could not be distinguished.
        Stream.concat(
                        methods().stream().filter(method -> method.name().equals(Methods.MAIN)),
                        methods().stream().filter(method -> !method.name().equals(Methods.MAIN)))
                .limit(COLOURS)
                .forEach(method -> colours.put(method.name(), "c" + colours.size()));
    }

    Results results() {
        return results;
    }

    /** The methods, best first. */
    List<Summary> methods() {
        return results.methods();
    }

    Optional<Summary> method(String name) {
        return methods().stream().filter(method -> method.name().equals(name)).findFirst();
    }

    /** The method's class in the style sheet. */
    String colour(String method) {
        return colours.getOrDefault(method, "cx");
    }

    /** Returns whether any method was trained more than once. */
    boolean severalSeeds() {
        return methods().stream().anyMatch(method -> method.seeds().size() > 1);
    }

    double largest(ToDoubleFunction<Summary> value) {
        return methods().stream().mapToDouble(value).max().orElse(1);
    }

    /** A method's difference to the reference of the list; empty for the reference itself. */
    static Optional<Difference> find(List<Difference> differences, String method) {
        return differences.stream().filter(d -> d.method().equals(method)).findFirst();
    }
}
