package io.github.ttt4rec.io.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelSeriesTest {
    @TempDir
    private Path models;

    /** Creates a directory that counts as a model's. */
    private Path model(String name) throws IOException {
        Path model = Files.createDirectories(models.resolve(name));
        Files.writeString(model.resolve("provenance.json"), "{}");
        return model;
    }

    @Test
    void directoryOfModelsStandsForItsOnlyModelUntilOneIsServed() throws IOException {
        assertThat(ModelSeries.resolve(models)).isEqualTo(models);
        Path first = model("first");
        assertThat(ModelSeries.resolve(first)).isEqualTo(first);
        assertThat(ModelSeries.resolve(models)).isEqualTo(first);
        assertThat(ModelSeries.resolveServed(models)).isEqualTo(first);
        Path second = model("second");
        assertThatThrownBy(() -> ModelSeries.resolve(models))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("holds 2 models");
        Files.writeString(models.resolve(ModelSeries.SERVED), "{\"served\": \"second\", \"earlier\": [\"first\"]}");
        assertThat(ModelSeries.resolve(models)).isEqualTo(second);
        assertThat(ModelSeries.resolve(first)).isEqualTo(first);
    }

    @Test
    void retrainingServerTakesTheServedModelForAnEarlierOne() throws IOException {
        Path first = model("first");
        assertThat(ModelSeries.resolveServed(first)).isEqualTo(first);
        Path second = model("second");
        try (ModelSeries series = seriesOf("first")) {
            assertThat(ModelSeries.resolveServed(first)).isEqualTo(first);
            series.promote(second);
            assertThat(ModelSeries.resolveServed(first)).isEqualTo(second);
            assertThat(ModelSeries.resolveServed(second)).isEqualTo(second);
            series.rollBack();
            assertThat(ModelSeries.resolveServed(second)).isEqualTo(first);
        }
    }

    @Test
    void entryOfTheJournalBeginsALineEvenIfTheOneBeforeWasCutOff() throws IOException {
        model("first");
        Path journal = models.resolve("retrain.jsonl");
        try (ModelSeries series = seriesOf("first")) {
            series.journal(Map.of("swapped", true));
            assertThat(journal).content().isEqualTo("{\"swapped\":true}\n");
            Files.writeString(journal, "{\"swap", StandardOpenOption.APPEND);
            series.journal(Map.of("swapped", false));
        }
        assertThat(ModelSeries.readJournal(models))
                .containsExactly("{\"swapped\":true}", "{\"swap", "{\"swapped\":false}");
    }

    private ModelSeries seriesOf(String served) throws IOException {
        Files.writeString(models.resolve(ModelSeries.SERVED), "{\"served\": \"" + served + "\", \"earlier\": []}");
        return ModelSeries.open(models);
    }
}
