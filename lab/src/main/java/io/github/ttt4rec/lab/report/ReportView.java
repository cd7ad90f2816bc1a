package io.github.ttt4rec.lab.report;

import io.github.ttt4rec.lab.compare.Entrants;
import io.github.ttt4rec.lab.compare.Results;
import io.github.ttt4rec.lab.compare.Results.Difference;
import io.github.ttt4rec.lab.compare.Results.Summary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** The results as the report's sections look at them: what they look up, and each entrant's colour. */
final class ReportView {
    private static final int COLOURS = 7;

    private final Results results;
    private final Map<String, String> colours = new HashMap<>();

    ReportView(Results results) {
        this.results = results;
        // The main model and the best others have colours; more could not be told apart.
        Stream.concat(
                        entrants().stream().filter(entrant -> entrant.name().equals(Entrants.MAIN)),
                        entrants().stream().filter(entrant -> !entrant.name().equals(Entrants.MAIN)))
                .limit(COLOURS)
                .forEach(entrant -> colours.put(entrant.name(), "c" + colours.size()));
    }

    Results results() {
        return results;
    }

    /** Best first. */
    List<Summary> entrants() {
        return results.entrants();
    }

    Optional<Summary> entrant(String name) {
        return entrants().stream()
                .filter(entrant -> entrant.name().equals(name))
                .findFirst();
    }

    /** A class of the style sheet. */
    String colour(String entrant) {
        return colours.getOrDefault(entrant, "cx");
    }

    /** Returns whether any entrant was trained more than once. */
    boolean severalSeeds() {
        return entrants().stream().anyMatch(entrant -> entrant.seeds().size() > 1);
    }

    double largest(ToDoubleFunction<Summary> value) {
        return entrants().stream().mapToDouble(value).max().orElse(1);
    }

    /** An entrant's difference to whom the list compares with; empty for that one itself. */
    static Optional<Difference> find(List<Difference> differences, String entrant) {
        return differences.stream().filter(d -> d.entrant().equals(entrant)).findFirst();
    }
}
