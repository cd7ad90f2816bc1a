package io.github.ttt4rec.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.baseline.SasRec;
import io.github.ttt4rec.data.Deduplication;
import io.github.ttt4rec.data.SplitSpec;
import io.github.ttt4rec.data.TimeBound;
import io.github.ttt4rec.internal.YamlFiles;
import io.github.ttt4rec.train.TrainConfig;
import io.github.ttt4rec.ttt.InnerModelType;
import io.github.ttt4rec.ttt.TttConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunConfigsTest {
    private static final RunConfig DEFAULTS = RunConfig.defaults();

    @TempDir
    private Path directory;

    @Test
    void yamlIsReadBackAsWritten() throws IOException {
        RunConfig config = RunConfigs.set(
                DEFAULTS,
                List.of(
                        "layer=linear",
                        "backbone=mamba",
                        "split=temporal:2011-10-01,2011-11-01",
                        "data.after=2011-01-01",
                        "user_column=customer",
                        "deduplication=first_per_user_item",
                        "loss=bpr",
                        "learning_rate=0.0025"));
        Path file = Files.writeString(directory.resolve("c.yaml"), YamlFiles.format(RunConfigs.toMap(config)));
        assertThat(RunConfigs.read(file, DEFAULTS)).isEqualTo(config);
        assertThat(config.data().after()).isEqualTo(new TimeBound("2011-01-01"));
        assertThat(config.read().userColumn()).isEqualTo("customer");
        assertThat(config.data().deduplication()).isEqualTo(Deduplication.FIRST_PER_USER_ITEM);
    }

    @Test
    void theTreeHasAllSectionsInOrder() {
        assertThat(RunConfigs.toMap(DEFAULTS).keySet()).containsExactly("read", "data", "split", "model", "train");
        assertThat(RunConfigs.toMap(DEFAULTS)).containsEntry("split", "3:2:5");
    }

    @Test
    void aFileNeedsOnlyWhatItChanges() {
        RunConfig config =
                read("model:\n  layer: linear\n  num_layers: 2\ntrain:\n  # epochs: 7\nsplit: leave-one-out\n");
        assertThat(ttt(config).layer()).isEqualTo(InnerModelType.LINEAR);
        assertThat(ttt(config).numLayers()).isEqualTo(2);
        assertThat(config.split()).isEqualTo(SplitSpec.parse("leave-one-out"));
        assertThat(config.train()).isEqualTo(TrainConfig.defaults());
        assertThat(read("")).isEqualTo(DEFAULTS);
    }

    @Test
    void settingsTakeFullAndShortKeysAndTheLastOneCounts() {
        assertThat(RunConfigs.set(DEFAULTS, List.of("model.hidden_size=32", "epochs=7", "train.epochs=8")))
                .isEqualTo(RunConfigs.set(DEFAULTS, List.of("hidden_size=32", "epochs=8")));
        assertThat(ttt(RunConfigs.set(DEFAULTS, List.of(" dropout = 0 "))).dropout())
                .isZero();
        assertThat(RunConfigs.set(DEFAULTS, List.of("split=1:1:1")).split()).isEqualTo(SplitSpec.parse("1:1:1"));
        assertThat(RunConfigs.set(DEFAULTS, List.of())).isEqualTo(DEFAULTS);
    }

    @Test
    void mambaComesWithItsConvolutionUnlessSaidOtherwiseInAnyOrder() {
        assertThat(preConv("backbone=mamba")).isTrue();
        assertThat(preConv("backbone=mamba", "pre_conv=false")).isFalse();
        assertThat(preConv("pre_conv=false", "backbone=mamba")).isFalse();
        assertThat(preConv("backbone=transformer")).isFalse();
        assertThat(ttt(read("model: {backbone: Mamba}")).preConv()).isTrue();
        assertThat(ttt(read("model: {backbone: mamba}")).backbone()).isEqualTo(TttConfig.Backbone.MAMBA);
    }

    /** A file has the key only if weights are averaged, so other files are as before the key existed. */
    @Test
    void averagingIsWrittenOnlyIfItIsOn() {
        assertThat(averaging()).isNull();
        assertThat(averaging("averaging=0")).isNull();
        assertThat(averaging("type=hybrid", "averaging=8")).isEqualTo(8.0);
    }

    /** A file has the key only if it differs from the default, so other files are as before the key existed. */
    @Test
    void dropoutOfIdsIsWrittenOnlyIfItIsNotTheDefault() {
        Map<?, ?> plain = (Map<?, ?>) RunConfigs.toMap(DEFAULTS).get("train");
        assertThat(plain.containsKey("id_dropout")).isFalse();
        RunConfig config = RunConfigs.set(DEFAULTS, List.of("id_dropout=0"));
        assertThat(((Map<?, ?>) RunConfigs.toMap(config).get("train")).get("id_dropout"))
                .isEqualTo(0.0);
        assertThat(RunConfigs.overlay(DEFAULTS, RunConfigs.toMap(config), "test"))
                .isEqualTo(config);
    }

    private static @Nullable Object averaging(String... settings) {
        RunConfig config = RunConfigs.set(DEFAULTS, List.of(settings));
        return ((Map<?, ?>) RunConfigs.toMap(config).get("train")).get("averaging");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "averaging=-1        | averaging must be in 0 .. 1000",
                "id_dropout=1.5      | id_dropout must be in 0 .. 1",
                "averaging=late      | train.averaging: the value \"late\" does not fit; it is a number",
                "hidden=3            | --set hidden: there is no such key",
                "model.hidden=3      | unknown key \"model.hidden\"; there are model.type, model.layer",
                "modl.layer=linear   | unknown key \"modl\"; did you mean model",
                "epoch=3             | --set epoch: there is no such key; did you mean train.epochs?",
                "model.hiden_size=8  | unknown key \"model.hiden_size\"; did you mean model.hidden_size?",
                "layer               | --set layer: expected key=value",
                "=3                  | --set =3: expected key=value",
                "layer=quadratic     | model.layer: the value \"quadratic\" does not fit; it is one of linear, mlp",
                "epochs=2.5          | train.epochs: the value 2.5 does not fit; it is a whole number",
                "epochs=many         | train.epochs: the value \"many\" does not fit",
                "epochs=             | train.epochs",
                "pre_conv=perhaps    | model.pre_conv: the value \"perhaps\" does not fit; it is true or false",
                "learning_rate=fast  | train.learning_rate: the value \"fast\" does not fit; it is a number",
                "learning_rate=0     | learning_rate must be above 0",
                "loss=nce            | \"nce\" does not fit; it is one of ce, bpr, sampled_ce, bce, gbce",
                "negatives=-1        | negatives must be in 0 .. 1048576",
                "negatives=2000000   | negatives must be in 0 .. 1048576",
                "negatives=1.5       | train.negatives: the value 1.5 does not fit; it is a whole number",
                "negative_sampling=x | train.negative_sampling: the value \"x\" does not fit; it is one of uniform, popul",
                "popularity_alpha=2  | popularity_alpha must be in [0, 1]",
                "gbce_t=-0.1         | gbce_t must be in [0, 1]",
                "sparse_item_updates=true | sparse_item_updates needs a loss that samples",
                "hidden_size=65      | hidden_size / num_heads must be an even whole number",
                "min_user_events=0   | counts must be at least 1",
                "model=3             | \"model\" is a section",
                "after=yesterday     | data.after: \"yesterday\" is not a time",
                "split=3:2           | expected train:validation:test",
            })
    void aSettingThatDoesNotFitIsNamed(String setting, String message) {
        assertThatThrownBy(() -> RunConfigs.set(DEFAULTS, List.of(setting)))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining(message)
                .message()
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model: {hiden_size: 3}    | unknown key \"model.hiden_size\"",
                "model: 3                  | \"model\" is a section",
                "model: {layer: [mlp]}     | \"model.layer\" takes one value",
                "model: {layer: null}      | \"model.layer\" needs a value",
                "split: null               | \"split\" needs a value",
                "train: {epochs: ten}      | train.epochs: the value \"ten\" does not fit",
                "[1, 2]                    | not a YAML file of keys and values",
            })
    void aFileThatDoesNotFitIsNamedWithItsKey(String yaml, String message) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("c.yaml")
                .hasMessageContaining(message)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void anOverlayLeavesTheRestAlone() {
        RunConfig config = RunConfigs.set(DEFAULTS, List.of("epochs=3"));
        assertThat(RunConfigs.overlay(config, Map.of("model", Map.of("num_layers", 2)), "here"))
                .isEqualTo(RunConfigs.set(DEFAULTS, List.of("epochs=3", "num_layers=2")));
    }

    private static boolean preConv(String... settings) {
        return ttt(RunConfigs.set(DEFAULTS, List.of(settings))).preConv();
    }

    private RunConfig read(String yaml) {
        try {
            return RunConfigs.read(Files.writeString(directory.resolve("c.yaml"), yaml), DEFAULTS);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static TttConfig ttt(RunConfig config) {
        return (TttConfig) config.model();
    }

    @Test
    void lossesThatSampleHaveKeysOfTheirOwn() {
        TrainConfig train = RunConfigs.set(
                        DEFAULTS,
                        List.of(
                                "loss=sampled_ce",
                                "negatives=512",
                                "negative_sampling=popularity",
                                "popularity_alpha=0.5",
                                "gbce_t=1",
                                "sparse_item_updates=true",
                                "validation_cases=5000"))
                .train();
        assertThat(train.loss()).isEqualTo(TrainConfig.Loss.SAMPLED_CE);
        assertThat(train.effectiveNegatives()).isEqualTo(512);
        assertThat(train.negativeSampling()).isEqualTo(TrainConfig.NegativeSampling.POPULARITY);
        assertThat(train.popularityAlpha()).isEqualTo(0.5);
        assertThat(train.gbceT()).isEqualTo(1);
        assertThat(train.sparseItemUpdates()).isTrue();
        assertThat(train.validationCases()).isEqualTo(5000);
        assertThatThrownBy(() -> RunConfigs.set(DEFAULTS, List.of("loss=bpr", "negatives=2")))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("loss bpr takes one negative, but negatives is 2")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void choosesAnotherModelByItsType() {
        RunConfig config = read("model: {type: sasrec, num_layers: 1}\ntrain: {max_len: 20}");
        assertThat(config.model()).isInstanceOfSatisfying(SasRec.Config.class, sasRec -> {
            assertThat(sasRec.numLayers()).isEqualTo(1);
            assertThat(sasRec.maxLen())
                    .as("as many positions as the history has items")
                    .isEqualTo(20);
        });
        assertThat(RunConfigs.overlay(DEFAULTS, RunConfigs.toMap(config), "again"))
                .isEqualTo(config);
        assertThat(RunConfigs.set(DEFAULTS, List.of("type=sasrec", "hidden_dropout=0.1"))
                        .model())
                .isInstanceOfSatisfying(
                        SasRec.Config.class,
                        sasRec -> assertThat(sasRec.hiddenDropout()).isEqualTo(0.1));
    }

    @Test
    void namesTheModelsThatThereAre() {
        assertThatThrownBy(() -> read("model: {type: transformer4}"))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining(
                        "model.type: there is no model \"transformer4\"; there are ttt4rec, hybrid, gru4rec");
        assertThatThrownBy(() -> read("model: {type: gru4rec, layer: mlp}"))
                .hasMessageContaining("unknown key \"model.layer\"")
                .hasMessageContaining("model.hidden_size");
    }
}
