package io.github.ttt4rec.compare;

import io.github.ttt4rec.data.Dataset;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Figures that others published; kept, with their source, in {@code published.json}. */
record PublishedFigures(String source, List<String> metrics, List<Table> tables) {
    private static final String RESOURCE = "published.json";

    /**
     * One table. Data is known by its counts, as everybody names files as they like.
     *
     * @param figures of each entrant, in the order of the metrics
     */
    record Table(String data, int users, int items, int events, String split, Map<String, List<Double>> figures) {}

    static PublishedFigures read() {
        try (InputStream in = PublishedFigures.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing from the class path");
            }
            return RunStore.JSON.readValue(in, PublishedFigures.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The table of this data and split, where there is one. */
    Optional<Table> table(Dataset data, String split) {
        return tables.stream()
                .filter(table -> table.users() == data.userCount()
                        && table.items() == data.itemCount()
                        && table.events() == data.eventCount()
                        && split.equals("ratio " + table.split()))
                .findFirst();
    }
}
