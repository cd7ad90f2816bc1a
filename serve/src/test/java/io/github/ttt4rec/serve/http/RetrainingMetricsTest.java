package io.github.ttt4rec.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetrainingMetricsTest {
    private static final String PROMOTED = """
            {"started":"2026-11-27T03:00:00Z","finished":"2026-11-27T03:01:30Z","swapped":true,"served":"b",\
            "reason":"better","served_ndcg_10":0.2,"candidate_ndcg_10":0.25}
            """;
    private static final String KEPT = """
            {"started":"2026-11-28T03:00:00Z","finished":"2026-11-28T03:00:02Z","swapped":false,"served":"b",\
            "reason":"only 3 events"}
            """;

    @TempDir
    private Path models;

    private void write(String line) throws IOException {
        Files.writeString(models.resolve("retrain.jsonl"), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Test
    void journalIsToldOfAsMetrics() throws IOException {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        RetrainingMetrics metrics = RetrainingMetrics.in(registry, models);
        metrics.read();
        assertThat(metrics.summary()).as("nothing was retrained").isEqualTo(RetrainingMetrics.Summary.NONE);
        write(PROMOTED);
        metrics.read();
        assertThat(registry.scrape())
                .contains(
                        "ttt4rec_retrain_runs_total{outcome=\"promoted\"} 1.0",
                        "ttt4rec_retrain_runs_total{outcome=\"kept\"} 0.0",
                        "ttt4rec_retrain_last_duration_seconds 90.0",
                        "ttt4rec_retrain_gate_ndcg{model=\"served\"} 0.2",
                        "ttt4rec_retrain_gate_ndcg{model=\"candidate\"} 0.25");
        write(KEPT);
        metrics.read();
        assertThat(registry.scrape())
                .contains(
                        "ttt4rec_retrain_runs_total{outcome=\"kept\"} 1.0",
                        "ttt4rec_retrain_gate_ndcg{model=\"served\"} NaN");
    }

    @Test
    void damagedLineDoesNotCountAndLaterOnesDo() throws IOException {
        RetrainingMetrics metrics = RetrainingMetrics.in(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), models);
        write(PROMOTED);
        metrics.read();
        write("{\"started\": ");
        metrics.read();
        assertThat(metrics.summary().promoted()).isEqualTo(1);
        write("\n" + KEPT);
        metrics.read();
        assertThat(metrics.summary().promoted()).isEqualTo(1);
        assertThat(metrics.summary().kept()).isEqualTo(1);
    }
}
