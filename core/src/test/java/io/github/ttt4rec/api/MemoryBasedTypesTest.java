package io.github.ttt4rec.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.Split.Part;
import io.github.ttt4rec.data.SplitSpec;
import io.github.ttt4rec.eval.EvaluationResult;
import io.github.ttt4rec.internal.YamlFiles;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.internal.Safetensors;
import io.github.ttt4rec.neighbour.RecentPopularity;
import io.github.ttt4rec.neighbour.VsKnn;
import io.github.ttt4rec.recommend.HistoryPolicy;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.MemoryBasedConfig;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.recommend.Recommendations.Basis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The common properties of all memory-based types: they are configured, fitted, saved, evaluated and followed live like
 * networks.
 */
class MemoryBasedTypesTest {
    @TempDir
    private static Path directory;

    private static Split split;

    static List<String> names() {
        return RecommenderTypes.names().stream()
                .filter(name -> RecommenderTypes.defaults(name).orElseThrow() instanceof MemoryBasedConfig)
                .toList();
    }

    @BeforeAll
    static void read() {
        split = config("item-knn").open(Logs.write(directory, 60));
    }

    private static RunConfig config(String type) {
        return RunConfigs.set(
                Logs.small(1).withModel(RecommenderTypes.defaults(type).orElseThrow()), List.of("max_len=6"));
    }

    private static TrainedModel fitted(String type) throws InterruptedException {
        return Training.run(split, config(type));
    }

    private RunConfig read(String yaml) throws IOException {
        return RunConfigs.read(Files.writeString(directory.resolve("some.yaml"), yaml), RunConfig.defaults());
    }

    @ParameterizedTest
    @MethodSource("names")
    void writtenConfigurationIsReadAgain(String type) throws IOException {
        RunConfig config = RunConfigs.ofType(type, null, List.of("max_len=7", "split=leave-one-out"));
        assertThat(read(YamlFiles.format(RunConfigs.toMap(config)))).isEqualTo(config);
        assertThat(config.split()).isEqualTo(SplitSpec.parse("leave-one-out"));
    }

    @Test
    void fileChangesOnlyTheSettingsThatItNames() throws IOException {
        RunConfig config = read("""
                split: 6:2:2
                model: {type: vsknn, weighting: log, k: 3}
                train: {max_len: 20}
                """);
        VsKnn.Options defaults = VsKnn.Options.defaults();
        assertThat(config.model())
                .isEqualTo(new VsKnn.Options(
                        3,
                        defaults.sampleSize(),
                        20,
                        VsKnn.Options.Weighting.LOG,
                        defaults.scoreWeighting(),
                        defaults.idfWeight(),
                        defaults.remind()));
        assertThat(config.split().spec()).isEqualTo("6:2:2");
        assertThat(RunConfigs.toMap(config).get("model"))
                .asString()
                .startsWith("{type=vsknn, k=3, ")
                .doesNotContain("max_len");
        assertThat(read("model: {type: recent-popularity, share: 0.5}").model())
                .isEqualTo(new RecentPopularity.Options(0.5));
    }

    @Test
    void unknownTypeIsRefusedWithAllTypesThereAre() {
        assertThatThrownBy(() -> read("model: {type: crystal-ball}"))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("there is no model \"crystal-ball\"; there are ttt4rec, ")
                .hasMessageContaining("item-knn, ease, slist, tale, vsknn, markov, popularity, recent-popularity");
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
    void wrongSettingIsNamed(String model, String message) {
        assertThatThrownBy(() -> read("model: " + model))
                .isInstanceOf(UserFacingException.class)
                .message()
                .startsWith(directory.resolve("some.yaml").toString())
                .contains(message)
                .hasLineCount(1);
    }

    /** The saved model scores its own training data like the fitted model, so an evaluation gives the same figures. */
    @ParameterizedTest
    @MethodSource("names")
    void savedModelIsTheSameToTheBit(String type) throws InterruptedException {
        TrainedModel model = fitted(type);
        Path saved = directory.resolve("saved-" + type);
        model.save(saved);
        TrainedModel loaded = TrainedModel.load(saved);
        assertThat(loaded.version()).isEqualTo(model.version());
        assertThat(loaded.config()).isEqualTo(model.config());
        assertThat(loaded.provenance()).isEqualTo(model.provenance());
        EvaluationResult expected = model.evaluate(split, Part.TEST);
        EvaluationResult result = loaded.evaluate(split, Part.TEST);
        assertThat(result.ranks().ranks()).isEqualTo(expected.ranks().ranks());
        assertThat(model.provenance().metrics().get("validation NDCG@10"))
                .isEqualTo(model.evaluate(split, Part.VALIDATION).value("NDCG@10"));
        List<String> history = List.of("i3", "i4", "i5");
        assertThat(loaded.recommend(history, 20)).isEqualTo(model.recommend(history, 20));
    }

    @ParameterizedTest
    @MethodSource("names")
    void sessionRecommendsAsForTheWholeHistory(String type) throws InterruptedException {
        TrainedModel model = fitted(type);
        Session session = model.newSession();
        assertThat(session.recommend(3).basis()).isEqualTo(Basis.POPULARITY);
        List<String> history = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            history.add("i" + 7 * i % Logs.ITEMS);
            session.append(history.getLast());
            assertThat(session.recommend(20)).isEqualTo(model.recommend(history, 20));
        }
        boolean depends = !type.contains("popularity");
        assertThat(session.recommend(3).basis()).isEqualTo(depends ? Basis.PERSONAL : Basis.POPULARITY);
        assertThatThrownBy(session::state)
                .isInstanceOf(UserFacingException.class)
                .hasMessage("a model of type " + type + " keeps no state of a user");
    }

    @ParameterizedTest
    @MethodSource("names")
    void addedItemHasTheMeanOfSimilarItemsAndIsSaved(String type) throws InterruptedException {
        TrainedModel model = fitted(type)
                .withItems(List.of(new NewItem("new", List.of("i2", "i4")), new NewItem("newer", List.of("new"))));
        model.save(directory.resolve("extended-" + type));
        model = TrainedModel.load(directory.resolve("extended-" + type));
        List<Recommendation> all = model.recommend(List.of("i1", "newer"), 100, ItemFilter.NONE);
        assertThat(all).hasSize(Logs.ITEMS + 2);
        Map<String, Float> scores = new java.util.HashMap<>();
        all.forEach(one -> scores.put(one.item(), one.score()));
        float mean = (scores.get("i2") + scores.get("i4")) / 2;
        assertThat(scores.get("new")).isCloseTo(mean, within(1e-3f));
        assertThat(scores.get("newer")).isEqualTo(scores.get("new"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void otherPolicyThanTheWindowIsRefusedWithoutAnException(String type) throws InterruptedException {
        TrainedModel model = fitted(type);
        assertThat(model.recommender().supports(HistoryPolicy.HOP)).isFalse();
        assertThatThrownBy(() -> model.recommender(HistoryPolicy.HOP))
                .isInstanceOf(UserFacingException.class)
                .hasMessageStartingWith(type + ": it keeps no state that another policy could carry on");
        assertThatThrownBy(model::network)
                .isInstanceOf(UserFacingException.class)
                .hasMessage("a model of type " + type + " has no network");
    }

    @ParameterizedTest
    @CsvSource({
        "item-knn, offsets",
        "item-knn, item_order",
        "markov, offsets",
        "popularity, scores",
        "recent-popularity, scores",
        "vsknn, item_order"
    })
    void tableOfAnotherCatalogueIsRefusedByName(String type, String tensor) throws Exception {
        Path saved = directory.resolve("wrong-" + type + "-" + tensor);
        TrainedModel model = fitted(type);
        model.save(saved);
        List<TensorData> tables = new ArrayList<>(model.recommender().tensors());
        tables.replaceAll(table -> table.name().equals(tensor) ? longer(table) : table);
        replaceWeights(saved, tables);
        assertThatThrownBy(() -> TrainedModel.load(saved))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("model.safetensors: tensor " + tensor + " has shape ")
                .hasMessageContaining("items.jsonl lists 20 items")
                .hasMessageContaining("the files do not belong together");
    }

    private static TensorData longer(TensorData table) {
        int[] shape = {table.size() + 1};
        return switch (table) {
            case TensorData.Ints ints ->
                new TensorData.Ints(ints.name(), shape, java.util.Arrays.copyOf(ints.values(), shape[0]));
            case TensorData.Floats floats ->
                new TensorData.Floats(floats.name(), shape, java.util.Arrays.copyOf(floats.values(), shape[0]));
            case TensorData.Longs longs -> throw new IllegalArgumentException(longs.name());
        };
    }

    @Test
    void damagedTableIsRefusedByName() throws Exception {
        Path saved = directory.resolve("damaged");
        TrainedModel model = fitted("item-knn");
        model.save(saved);
        for (TensorData table : model.recommender().tensors()) {
            if (table instanceof TensorData.Ints ints && ints.name().equals("neighbours")) {
                ints.values()[0] = 21;
            }
        }
        replaceWeights(saved, model.recommender().tensors());
        assertThatThrownBy(() -> TrainedModel.load(saved))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("tensor neighbours holds 21, which is not in 1..20");
    }

    /** Replaces the tables and removes their checksum from the list, as a user would who replaces the file by hand. */
    private static void replaceWeights(Path saved, List<TensorData> tables) throws IOException {
        try (var out = java.nio.channels.Channels.newOutputStream(java.nio.channels.FileChannel.open(
                saved.resolve("model.safetensors"),
                java.nio.file.StandardOpenOption.WRITE,
                java.nio.file.StandardOpenOption.TRUNCATE_EXISTING))) {
            Safetensors.write(out, Map.of(), tables);
        }
        Path provenance = saved.resolve("provenance.json");
        Files.writeString(
                provenance,
                Files.readString(provenance)
                        .replaceAll("\"model.safetensors\" : \"[0-9a-f]+\"", "\"model.safetensors\" : \"\""));
    }
}
