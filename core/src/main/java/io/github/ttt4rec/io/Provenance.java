package io.github.ttt4rec.io;

import io.github.ttt4rec.data.DataSource;
import io.github.ttt4rec.internal.Withers;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The origin of a model, in enough detail to reproduce it. Stored as {@code provenance.json} with the model;
 * {@link ModelDirectory} adds the version of the format and the checksums of the other files.
 *
 * @param projectVersion the version of ttt4rec that trained the model
 * @param javaVersion the Java version
 * @param kernels the name of the active kernels
 * @param data the data file, its SHA-256 and the number of events that each reading step kept
 * @param split the name of the split's protocol
 * @param config the full configuration, including defaults
 * @param seed the seed of all random numbers
 * @param threads the number of training threads
 * @param started the time when training began
 * @param finished the time when training ended
 * @param epochs the number of epochs trained
 * @param bestEpoch the epoch, counted from 1, of the weights; 0 if nothing was trained
 * @param metrics results by name, such as {@code validation NDCG@10}, of the model trained on the training part of the
 *     split
 * @param fitted the fit on all events that followed the evaluation; null for the evaluated model itself
 */
@Withers
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
        @Nullable Fitted fitted)
        implements ProvenanceBuilder.With {

    /**
     * The fit on all events.
     *
     * @param events the number of events it learned from, including each user's first
     * @param epochs the number of epochs trained
     * @param trainingLoss the mean loss of the last epoch; NaN for a method without a loss
     * @param lastTime the time of the last event; null if the log gave only an order
     * @param from the version of the model that the fit started from; null if it started from scratch
     * @param started the time when the fit began
     * @param finished the time when the fit ended
     */
    public record Fitted(
            long events,
            int epochs,
            double trainingLoss,
            @Nullable Instant lastTime,
            @Nullable String from,
            Instant started,
            Instant finished) {}

    /** This provenance with further results. */
    @Override
    public Provenance withMetrics(Map<String, Double> more) {
        Map<String, Double> all = new LinkedHashMap<>(metrics);
        all.putAll(more);
        return with(builder -> builder.metrics(all));
    }
}
