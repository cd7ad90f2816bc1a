package io.github.ttt4rec.lab.compare;

import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.lab.compare.Results.Published;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Published figures of others, stored with their source in {@code published.json}. */
record PublishedFigures(String source, List<String> metrics, List<Table> tables) {
    private static final String RESOURCE = "published.json";

    /**
     * One table. Data is identified by its counts, because file names vary.
     *
     * @param figures the figures of each method, in the order of the metrics
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

    /** The published figures for this data and split; null if there are none. */
    static @Nullable Published of(Split split) {
        PublishedFigures all = read();
        return all.table(split.data(), split.protocol())
                .map(table -> {
                    Map<String, Map<String, Double>> figures = new LinkedHashMap<>();
                    table.figures().forEach((method, values) -> {
                        Map<String, Double> named = new LinkedHashMap<>();
                        for (int i = 0; i < values.size(); i++) {
                            named.put(all.metrics().get(i), values.get(i));
                        }
                        figures.put(method, named);
                    });
                    return new Published(all.source(), table.data(), table.split(), figures);
                })
                .orElse(null);
    }

    /** The table for this data and split, if there is one. */
    private Optional<Table> table(Dataset data, String split) {
        return tables.stream()
                .filter(table -> table.users() == data.userCount()
                        && table.items() == data.itemCount()
                        && table.events() == data.eventCount()
                        && split.equals("ratio " + table.split()))
                .findFirst();
    }
}
