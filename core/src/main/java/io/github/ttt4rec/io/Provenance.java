package io.github.ttt4rec.io;

import io.github.ttt4rec.data.DataSource;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

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
 * @param metrics results by name, such as {@code validation NDCG@10}
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
        Map<String, Double> metrics) {

    /** This provenance with more results. */
    public Provenance withMetrics(Map<String, Double> more) {
        Map<String, Double> all = new LinkedHashMap<>(metrics);
        all.putAll(more);
        return new Provenance(
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
                all);
    }
}
