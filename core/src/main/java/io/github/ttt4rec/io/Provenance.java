package io.github.ttt4rec.io;

import io.github.ttt4rec.data.DataSource;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The origin of a model, sufficient to reproduce it. Stored as {@code provenance.json} beside the model; the format's
 * version and the checksums of the other files are added there by {@link ModelDirectory}.
 *
 * @param projectVersion version of ttt4rec that trained it
 * @param javaVersion version of the Java that ran it
 * @param kernels name of the active kernels
 * @param data the data file, its SHA-256 and what each reading step left
 * @param split name of the split's protocol
 * @param config the full configuration, defaults included
 * @param seed of everything random
 * @param threads training threads
 * @param started when training began
 * @param finished when it ended
 * @param epochs epochs trained
 * @param bestEpoch epoch whose weights these are, 1-based; 0 if nothing was trained
 * @param metrics results by name, such as {@code validation NDCG@10}: of the model that trained on the training part of the
 *     split
 * @param fitted how these weights came from all events after the model had been evaluated; null for the evaluated model
 *     itself
 */
public record Provenance(
        String projectVersion,
        String javaVersion,
        String kernels,
        DataSource data,
        String split,
        Map<String, Object> config,
        long seed,
        int threads,
        Instant started,
        Instant finished,
        int epochs,
        int bestEpoch,
        Map<String, Double> metrics,
        @Nullable Fitted fitted) {

    /**
     * The fit on all events.
     *
     * @param events events that it has learned from, each user's first included
     * @param epochs epochs trained
     * @param trainingLoss mean loss of the last epoch; NaN for a method without a loss
     * @param lastTime time of the last event; null if the log gave only an order
     * @param from the version of the model it started from; null if it started from scratch
     * @param started when the fit began
     * @param finished when it ended
     */
    public record Fitted(
            long events,
            int epochs,
            double trainingLoss,
            @Nullable Instant lastTime,
            @Nullable String from,
            Instant started,
            Instant finished) {}

    /** Returns the provenance of a model that is not fitted on all events. */
    public Provenance(
            String projectVersion,
            String javaVersion,
            String kernels,
            DataSource data,
            String split,
            Map<String, Object> config,
            long seed,
            int threads,
            Instant started,
            Instant finished,
            int epochs,
            int bestEpoch,
            Map<String, Double> metrics) {
        this(
                projectVersion,
                javaVersion,
                kernels,
                data,
                split,
                config,
                seed,
                threads,
                started,
                finished,
                epochs,
                bestEpoch,
                metrics,
                null);
    }

    /** This provenance with more results. */
    public Provenance withMetrics(Map<String, Double> more) {
        Map<String, Double> all = new LinkedHashMap<>(metrics);
        all.putAll(more);
        return with(data, all, fitted);
    }

    /** This for the weights that were fitted on all events. */
    public Provenance withFitted(Fitted fit) {
        return with(data, metrics, fit);
    }

    /** This for a model that was trained on other data. */
    public Provenance withData(DataSource other) {
        return with(other, metrics, fitted);
    }

    private Provenance with(DataSource source, Map<String, Double> results, @Nullable Fitted fit) {
        return new Provenance(
                projectVersion,
                javaVersion,
                kernels,
                source,
                split,
                config,
                seed,
                threads,
                started,
                finished,
                epochs,
                bestEpoch,
                results,
                fit);
    }
}
