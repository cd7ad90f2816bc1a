package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.internal.Ranges;
import java.time.Duration;

/**
 * How the catalogue of a served model follows the stored events between two trainings.
 *
 * @param every the time after which it is counted anew; zero for never
 * @param eachEvent whether each stored event adds to the tables of related items at once
 */
public record CatalogueUpdates(Duration every, boolean eachEvent) {
    /** The catalogue stays as it was trained. */
    public static final CatalogueUpdates OFF = new CatalogueUpdates(Duration.ZERO, false);
    /** Each stored event adds to the tables. */
    public static final CatalogueUpdates EACH_EVENT = new CatalogueUpdates(Duration.ZERO, true);

    private static final Duration MIN_EVERY = Duration.ofSeconds(10);

    /** Checks the time. */
    public CatalogueUpdates {
        Ranges.require(
                every.isZero() || every.compareTo(MIN_EVERY) >= 0,
                "the catalogue can be counted every 10s or more seldom, or never (off)");
        Ranges.require(
                every.isZero() || !eachEvent, "the catalogue is counted every so often or by each event, not both");
    }

    /** The catalogue is counted anew every so often. */
    public static CatalogueUpdates every(Duration period) {
        return new CatalogueUpdates(period, false);
    }
}
