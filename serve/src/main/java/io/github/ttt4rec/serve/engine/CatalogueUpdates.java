package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.internal.Ranges;
import java.time.Duration;

/**
 * How to update the catalogue of a served model from the stored events between two trainings.
 *
 * @param every the interval at which to recount it; zero for never
 * @param eachEvent whether each stored event adds to the tables of related items at once
 */
public record CatalogueUpdates(Duration every, boolean eachEvent) {
    /** The catalogue stays as it was trained. */
    public static final CatalogueUpdates OFF = new CatalogueUpdates(Duration.ZERO, false);
    /** Each stored event adds to the tables. */
    public static final CatalogueUpdates EACH_EVENT = new CatalogueUpdates(Duration.ZERO, true);

    private static final Duration MIN_EVERY = Duration.ofSeconds(10);

    /** Validates the interval. */
    public CatalogueUpdates {
        Ranges.require(
                every.isZero() || every.compareTo(MIN_EVERY) >= 0,
                "the catalogue can be recounted at intervals of at least 10s, or never (off)");
        Ranges.require(
                every.isZero() || !eachEvent,
                "the catalogue can be recounted at intervals or updated by each event," + " not both");
    }

    /** Recounts the catalogue at intervals. */
    public static CatalogueUpdates every(Duration period) {
        return new CatalogueUpdates(period, false);
    }
}
