package io.github.ttt4rec.lab.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.RecommenderTypes;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import io.github.ttt4rec.hybrid.HybridConfig;
import io.github.ttt4rec.recommend.HistoryPolicy;
import io.github.ttt4rec.train.TrainConfig;
import io.github.ttt4rec.ttt.TttConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MethodsTest {
    @TempDir
    private Path directory;

    private static List<String> names(String... words) {
        return Methods.choose(List.of(words)).stream().map(Method::name).toList();
    }

    @Test
    void everyNetworkTakesPartAndEveryMethodHasAConfiguration() {
        assertThat(names("all")).containsAll(RecommenderTypes.names()).doesNotHaveDuplicates();
        Settings settings = Settings.of(RunConfig.defaults(), List.of());
        assertThat(Methods.known())
                .allSatisfy(method -> assertThat(settings.configure(method)).isNotNull());
    }

    @Test
    void variantsAreOverridesOfTheMainModel() {
        Settings settings = Settings.of(
                RunConfig.defaults(), List.of("hidden_size=32", "mini_batch_size=2", "num_layers=4", "epochs=3"));
        TttConfig k4 = (TttConfig) configure(settings, "ttt-mlp-k4").model();
        assertThat(k4.miniBatchSize()).as("its own setting wins").isEqualTo(4);
        assertThat(k4.hiddenSize()).isEqualTo(32);
        assertThat(k4.numLayers()).isEqualTo(4);
        assertThat(((TttConfig) configure(settings, "ttt-mlp-frozen").model()).baseLr())
                .isZero();
        assertThat(((TttConfig) configure(settings, "ttt-mlp-frozen-at-test").model()).baseLr())
                .isZero();
        assertThat(((TttConfig) configure(settings, "ttt-mamba-mlp").model()).preConv())
                .isTrue();
        assertThat(configure(settings, "gru4rec").train().epochs()).isEqualTo(3);
        assertThat(RunConfigs.toMap(configure(settings, "sasrec")).get("model"))
                .as("a setting goes to the models that know it")
                .asString()
                .contains("hidden_size=32", "num_layers=4")
                .doesNotContain("mini_batch");
        assertThat(settings.unused(Methods.choose(List.of("gru4rec")))).contains("mini_batch_size=2");
        assertThat(settings.unused(Methods.choose(List.of("gru4rec", "ttt4rec"))))
                .isEmpty();
    }

    private static RunConfig configure(Settings settings, String name) {
        return settings.configure(Methods.choose(List.of(name)).getLast());
    }

    @Test
    void wordsAreNamesAliasesAndGroups() {
        assertThat(names("ttt-mlp", "ttt4rec", "markov")).containsExactly("ttt4rec", "markov");
        assertThat(names("default")).containsExactly("hybrid");
        assertThatThrownBy(() -> names("hybrid@unbounded")).isInstanceOf(IllegalArgumentException.class);
        assertThat(names("simple"))
                .containsExactly(
                        "popularity",
                        "recent-popularity",
                        "item-knn",
                        "vsknn",
                        "markov",
                        "ease",
                        "slist",
                        "tale",
                        "fmc");
        assertThat(names("ttt-mlp-frozen-at-test"))
                .as("whose weights are needed comes first")
                .containsExactly("ttt4rec", "ttt-mlp-frozen-at-test");
        assertThatThrownBy(() -> names("sasrec", "sasreck"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'sasreck'")
                .hasMessageContaining("mamba4rec")
                .hasMessageContaining("controls");
        assertThatThrownBy(() -> names()).isInstanceOf(IllegalArgumentException.class);
    }

    /** The hybrid model has its network's settings in a separate section. */
    @Test
    void settingsOfNetworksReachTheNetworkOfTheHybridModel() {
        Settings settings = Settings.of(
                RunConfig.defaults(), List.of("dropout=0.25", "model.network.hidden_size=32", "neighbours=9"));
        HybridConfig hybrid = (HybridConfig) configure(settings, "hybrid").model();
        assertThat(hybrid.network().dropout()).isEqualTo(0.25);
        assertThat(hybrid.network().hiddenSize()).isEqualTo(32);
        assertThat(hybrid.neighbours()).isEqualTo(9);
        HybridConfig frozen =
                (HybridConfig) configure(settings, "hybrid-frozen").model();
        assertThat(frozen.network().baseLr()).isZero();
        assertThat(frozen.network().dropout()).isEqualTo(0.25);
        assertThat(((HybridConfig) configure(settings, "hybrid-no-memory").model()).useMemory())
                .isFalse();
        assertThat(names("ablation"))
                .containsExactly(
                        "hybrid",
                        "hybrid-no-repeats",
                        "hybrid-no-memory",
                        "hybrid-no-popularity",
                        "hybrid-no-times",
                        "hybrid-all-terms",
                        "hybrid-frozen");
        assertThat(names("hybrid-frozen")).containsExactly("hybrid", "hybrid-frozen");
    }

    @Test
    void blendNamesMethodsThatRunBeforeIt() {
        assertThat(names("blend=markov+ttt-mlp")).containsExactly("markov", "ttt4rec", "blend-markov+ttt4rec");
        Method own =
                Methods.choose(List.of("wide=wide.yaml", "blend=wide+markov")).getLast();
        assertThat(own.name()).as("also of one of the user's").isEqualTo("blend-wide+markov");
        assertThat(own.isDeterministic()).isFalse();
        assertThat(Methods.choose(List.of("blend=ease+slist")).getLast().isDeterministic())
                .isTrue();
        for (String wrong :
                List.of("blend=markov", "blend=markov+markov", "blend=markov+nobody", "blend=", "blend=+")) {
            assertThatThrownBy(() -> names(wrong))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(wrong);
        }
        assertThatThrownBy(() -> names("ttt4rec", "blend=markov+ttt4rec@hop"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void controlsAndLossesAreSettings() {
        Settings settings = Settings.of(RunConfig.defaults(), List.of("patience=3"));
        TttConfig noNorm =
                (TttConfig) configure(settings, "ttt-linear-no-inner-norm").model();
        assertThat(noNorm.innerNorm()).isFalse();
        assertThat(noNorm.learnedInnerRate()).isTrue();
        TttConfig fixed = (TttConfig) configure(settings, "ttt-mlp-fixed-lr").model();
        assertThat(fixed.learnedInnerRate()).isFalse();
        assertThat(fixed.innerNorm()).isTrue();
        TrainConfig gbce = configure(settings, "sasrec-gbce").train();
        assertThat(gbce.loss()).isEqualTo(TrainConfig.Loss.GBCE);
        assertThat(gbce.patience()).as("its own setting wins").isEqualTo(40);
        assertThat(configure(settings, "bert4rec").train().patience()).isEqualTo(20);
        assertThat(configure(settings, "ttt4rec").train().patience()).isEqualTo(3);
        assertThat(names("losses"))
                .containsExactly(
                        "ttt4rec", "sasrec", "sasrec-sampled-ce", "sasrec-bce", "sasrec-gbce", "ttt4rec-sampled-ce");
    }

    @Test
    void anyNetworkCanReadUnderAnotherPolicy() {
        assertThat(names("policies")).containsExactly("ttt4rec", "ttt4rec@hop", "ttt4rec@unbounded", "ttt4rec@reset");
        assertThat(names("ttt-linear@hop")).containsExactly("ttt-linear", "ttt-linear@hop");
        assertThat(names("ttt-mlp@Reset", "ttt4rec@reset", "gru4rec@window"))
                .containsExactly("ttt4rec", "ttt4rec@reset", "gru4rec");
        assertThat(names("wide=wide.yaml", "wide@hop"))
                .as("also one of the user's")
                .containsExactly("wide", "wide@hop");
        assertThat(Methods.choose(List.of("gru4rec@unbounded")).getLast().policy())
                .isEqualTo(HistoryPolicy.UNBOUNDED);
        for (String wrong : List.of("markov@hop", "nobody@hop", "@hop", "ttt4rec@hop@reset", "ttt4rec@", "wide@hop")) {
            assertThatThrownBy(() -> names(wrong)).as(wrong).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void userBringsModelsOfTheirOwn() throws IOException {
        Path file = Files.writeString(
                directory.resolve("wide.yaml"),
                "split: 1:1:1\nmodel: {type: gru4rec, hidden_size: 96}\ntrain: {epochs: 7}\n");
        Settings settings = Settings.of(RunConfig.defaults(), List.of("batch_size=64"));
        RunConfig wide = configure(settings, "wide=" + file);
        assertThat(wide.model().describe()).startsWith("gru4rec").contains("96");
        assertThat(wide.train().epochs()).isEqualTo(7);
        assertThat(wide.train().batchSize()).isEqualTo(64);
        assertThat(wide.split())
                .as("is everybody's")
                .isEqualTo(settings.shared().split());
        assertThatThrownBy(() -> names("sasrec=" + file)).hasMessageContaining("taken");
        assertThatThrownBy(() -> names("../x=" + file)).hasMessageContaining("NAME=config.yaml");
        assertThatThrownBy(() -> configure(settings, "wide=" + directory.resolve("none.yaml")))
                .isInstanceOf(UserFacingException.class);
    }

    @Test
    void userBringsARecommenderWithoutANetwork() throws IOException {
        Path file = Files.writeString(
                directory.resolve("knn.yaml"),
                "model: {type: item-knn, neighbours: 7, remind: false}\ntrain: {max_len: 9}\n");
        Settings settings = Settings.of(RunConfig.defaults(), List.of("epochs=3"));
        Method knn = Methods.choose(List.of("knn=" + file)).getLast();
        assertThat(knn.isDeterministic()).isTrue();
        assertThat(settings.configure(knn).train().maxLen()).isEqualTo(9);
        assertThat(settings.tree(knn).get("model"))
                .asString()
                .contains("type=item-knn", "neighbours=7", "remind=false", "decay=0.8");
        assertThat(settings.tree(Methods.choose(List.of("item-knn")).getLast()).get("model"))
                .asString()
                .contains("type=item-knn", "neighbours=100");
    }

    @Test
    void settingsThatConfigurationsLeaveOutAtTheirDefaultsAreKnown() {
        Settings settings = Settings.of(RunConfig.defaults(), List.of("averaging=8", "type_feature=true"));
        assertThat(settings.tree(Methods.choose(List.of("ttt4rec")).getLast()))
                .asString()
                .contains("averaging=8", "type_feature=true");
    }

    @Test
    void settingsNobodyKnowsAreRefused() {
        for (String wrong : List.of("hiden=3", "model.hiden=3", "type=sasrec", "epochs", "train.epoch=3")) {
            assertThatThrownBy(() -> Settings.of(RunConfig.defaults(), List.of(wrong)))
                    .as(wrong)
                    .isInstanceOf(UserFacingException.class);
        }
    }

    @Test
    void publishedFiguresAreOfKnownMethods() {
        PublishedFigures published = PublishedFigures.read();
        assertThat(published.tables()).hasSize(2).allSatisfy(table -> {
            assertThat(names("all")).containsAll(table.figures().keySet());
            assertThat(table.figures().values())
                    .allSatisfy(figures -> assertThat(figures)
                            .hasSameSizeAs(published.metrics())
                            .allSatisfy(value -> assertThat(value).isBetween(0.0, 1.0)));
        });
        assertThat(published.tables().getFirst().figures())
                .contains(Map.entry("ttt4rec", List.of(0.0879, 0.2178, 0.0425, 0.0707)));
    }
}
