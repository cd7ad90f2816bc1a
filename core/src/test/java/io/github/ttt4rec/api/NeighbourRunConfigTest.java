package io.github.ttt4rec.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.SplitSpec;
import io.github.ttt4rec.io.YamlFiles;
import io.github.ttt4rec.neighbour.ItemKnn;
import io.github.ttt4rec.neighbour.RecentPopularity;
import io.github.ttt4rec.neighbour.VsKnn;
import io.github.ttt4rec.neighbour.VsKnnOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NeighbourRunConfigTest {
    @TempDir
    private Path directory;

    private Path file(String yaml) throws IOException {
        return Files.writeString(directory.resolve("some.yaml"), yaml);
    }

    private NeighbourRunConfig read(String yaml) throws IOException {
        return NeighbourRunConfig.read(file(yaml), RunConfig.defaults()).orElseThrow();
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        for (String name : NeighbourRunConfig.names()) {
            NeighbourRunConfig config = NeighbourRunConfig.of(name, RunConfig.defaults())
                    .orElseThrow()
                    .set(List.of("max_len=7", "split=leave-one-out"));
            assertThat(read(YamlFiles.format(config.toMap()))).isEqualTo(config);
            assertThat(config.shared().split()).isEqualTo(SplitSpec.parse("leave-one-out"));
        }
    }

    @Test
    void aFileChangesWhatItNames() throws IOException {
        NeighbourRunConfig config = read("""
                split: 6:2:2
                model: {type: vsknn, weighting: log, k: 3}
                train: {max_len: 20}
                """);
        VsKnnOptions defaults = VsKnnOptions.defaults();
        assertThat(config.method())
                .isEqualTo(new VsKnnOptions(
                        3,
                        defaults.sampleSize(),
                        20,
                        VsKnnOptions.Weighting.LOG,
                        defaults.scoreWeighting(),
                        defaults.idfWeight(),
                        defaults.remind()));
        assertThat(config.shared().split().spec()).isEqualTo("6:2:2");
        assertThat(config.toMap().get("model"))
                .asString()
                .startsWith("{type=vsknn, k=3, ")
                .doesNotContain("max_len");
        assertThat(read("model: {type: recent-popularity, share: 0.5}").method())
                .isEqualTo(new RecentPopularity.Options(0.5));
    }

    @Test
    void networksAndFilesWithoutAModelAreNotRead() throws IOException {
        assertThat(NeighbourRunConfig.read(file("model: {type: sasrec}"), RunConfig.defaults()))
                .isEmpty();
        assertThat(NeighbourRunConfig.read(file("split: 6:2:2"), RunConfig.defaults()))
                .isEmpty();
        assertThatThrownBy(() -> RunConfigs.read(file("model: {type: item-knn}"), RunConfig.defaults()))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("item-knn has no network to train");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{type: item-knn, neigbours: 3} | unknown key \"model.neigbours\"; did you mean model.neighbours?",
                "{type: item-knn, k: 3} | unknown key \"model.k\"; there are",
                "{type: item-knn, neighbours: many} | model.neighbours: the value \"many\" does not fit; it is a whole",
                "{type: item-knn, decay: 2} | decay must be above 0 and at most 1, not 2.0",
                "{type: vsknn, weighting: cubic} | model.weighting: the value \"cubic\" does not fit; it is one of same,",
                "{type: recent-popularity, share: 0} | share must be above 0",
            })
    void whatIsWrongIsNamed(String model, String message) {
        assertThatThrownBy(() -> read("model: " + model))
                .isInstanceOf(UserFacingException.class)
                .message()
                .startsWith(directory.resolve("some.yaml").toString())
                .contains(message)
                .hasLineCount(1);
    }

    @Test
    void itMakesTheRecommenderOfItsType() {
        var split = Logs.small(1).open(Logs.write(directory, 30));
        assertThat(ItemKnn.Options.defaults().create(split)).isInstanceOf(ItemKnn.class);
        assertThat(VsKnnOptions.defaults().create(split)).isInstanceOf(VsKnn.class);
        assertThat(RecentPopularity.Options.defaults().create(split).itemCount())
                .isEqualTo(Logs.ITEMS);
        assertThat(NeighbourRunConfig.of("popular", RunConfig.defaults())).isEmpty();
        assertThat(NeighbourRunConfig.of("item-knn", RunConfig.defaults())
                        .orElseThrow()
                        .overlay(Map.of(), "x"))
                .isEqualTo(
                        NeighbourRunConfig.of("item-knn", RunConfig.defaults()).orElseThrow());
    }
}
