package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.io.internal.ModelSeries;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Metrics of the retrainings of the served models. They are read from the journal next to the models, so they include
 * retrainings by the server and by a timer, and survive a restart.
 */
final class RetrainingMetrics {
    private static final System.Logger LOGGER = System.getLogger(RetrainingMetrics.class.getName());

    private final Path models;
    private volatile Summary summary = Summary.NONE;
    /** The number of damaged lines that the log has a warning about. */
    private volatile int damagedLines;

    /**
     * A summary of all retrainings.
     *
     * @param promoted the number of retrainings that replaced the served model
     * @param kept the number of retrainings after which the served model stayed
     * @param finished the end of the last retraining in epoch seconds; 0 if there was none
     * @param seconds the duration of the last retraining in seconds
     * @param servedNdcg the served model's NDCG@10 in the last comparison; NaN if there was no comparison
     * @param candidateNdcg the new model's NDCG@10
     */
    record Summary(long promoted, long kept, double finished, double seconds, double servedNdcg, double candidateNdcg) {
        static final Summary NONE = new Summary(0, 0, 0, 0, Double.NaN, Double.NaN);

        /** Returns the summary with a further line of the journal. */
        Summary and(JsonNode entry) {
            Instant end = Instant.parse(entry.path("finished").asString());
            boolean swapped = entry.path("swapped").asBoolean();
            return new Summary(
                    promoted + (swapped ? 1 : 0),
                    kept + (swapped ? 0 : 1),
                    end.getEpochSecond(),
                    Duration.between(Instant.parse(entry.path("started").asString()), end)
                                    .toMillis()
                            / 1e3,
                    entry.path("served_ndcg_10").asDouble(Double.NaN),
                    entry.path("candidate_ndcg_10").asDouble(Double.NaN));
        }
    }

    private RetrainingMetrics(Path models) {
        this.models = models;
    }

    /** Adds the metrics of the journal in {@code models} to a registry; {@link #read} updates them. */
    static RetrainingMetrics in(MeterRegistry registry, Path models) {
        RetrainingMetrics metrics = new RetrainingMetrics(models);
        FunctionCounter.builder("ttt4rec.retrain.runs", metrics, one -> one.summary.promoted())
                .description("Retrainings by their outcome")
                .tags("outcome", "promoted")
                .register(registry);
        FunctionCounter.builder("ttt4rec.retrain.runs", metrics, one -> one.summary.kept())
                .description("Retrainings by their outcome")
                .tags("outcome", "kept")
                .register(registry);
        Gauge.builder("ttt4rec.retrain.last.timestamp.seconds", metrics, one -> one.summary.finished())
                .description("When the last retraining ended, in epoch seconds; 0 if there was none")
                .register(registry);
        Gauge.builder("ttt4rec.retrain.last.duration.seconds", metrics, one -> one.summary.seconds())
                .description("How long the last retraining took")
                .register(registry);
        Gauge.builder("ttt4rec.retrain.gate.ndcg", metrics, one -> one.summary.servedNdcg())
                .description("NDCG@10 in the last comparison of the served model with a new one")
                .tags("model", "served")
                .register(registry);
        Gauge.builder("ttt4rec.retrain.gate.ndcg", metrics, one -> one.summary.candidateNdcg())
                .description("NDCG@10 in the last comparison of the served model with a new one")
                .tags("model", "candidate")
                .register(registry);
        return metrics;
    }

    /**
     * Reads the journal. Skips damaged lines, which a crash or a full disk leaves; keeps the previous figures if the file
     * cannot be read.
     */
    void read() {
        List<String> lines;
        try {
            lines = ModelSeries.readJournal(models);
        } catch (UserFacingException failure) {
            LOGGER.log(System.Logger.Level.WARNING, "no metrics of retraining: " + failure.getMessage());
            return;
        }
        Summary read = Summary.NONE;
        int skipped = 0;
        for (String line : lines) {
            try {
                read = read.and(JsonMapper.shared().readTree(line));
            } catch (JacksonException | DateTimeException damaged) {
                skipped++;
            }
        }
        if (skipped > damagedLines) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    models + ": " + skipped + " damaged lines of the journal of retrainings do not count");
        }
        damagedLines = skipped;
        summary = read;
    }

    Summary summary() {
        return summary;
    }
}
