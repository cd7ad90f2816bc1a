package io.github.ttt4rec.cli.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.cli.Run;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.internal.ModelSeries;
import io.github.ttt4rec.io.internal.SavedModel;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.EngineConfig;
import io.github.ttt4rec.serve.http.RecommendationServer;
import io.github.ttt4rec.serve.http.ServerConfig;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreConfig;
import io.github.ttt4rec.serve.store.StoredItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetrainCommandTest {
    /** The first log ends before this time. */
    private static final long DAY_TWO = 1_600_100_000_000_000L;

    @TempDir
    private Path directory;

    private Path log;
    private Path models;
    private Path state;

    @BeforeEach
    void trainTheFirstModel() {
        log = Run.log(directory, "events.csv", 60);
        models = directory.resolve("models");
        state = directory.resolve("shop.db");
        List<String> train =
                new ArrayList<>(Run.trainArguments(log, models.resolve("monday"), "--set", "epochs=3", "--no-test"));
        train.remove("--no-refit");
        Run.of(train.toArray(String[]::new)).done();
        Run.of("import", "--data", log.toString(), "--state", state.toString()).done();
    }

    @Test
    void storeIsReadAsTheLogItCameFromAndExportedAsOne() {
        assertThat(Run.of("import", "--data", log.toString(), "--state", state.toString())
                        .done()
                        .out())
                .as("again")
                .contains("0 events", "720 were already in the store");
        Path exported = directory.resolve("exported.csv.gz");
        Path lines = directory.resolve("exported.jsonl");
        Path parquet = directory.resolve("exported.parquet");
        try (EventStore inUse = EventStore.open(state, StoreConfig.defaults())) {
            assertThat(inUse.statistics().events()).isEqualTo(720);
            Run.of("export", "--state", state.toString(), "--out", exported.toString())
                    .done();
            Run.of("export", "--state", state.toString(), "--out", lines.toString())
                    .done();
            Run.of("export", "--state", state.toString(), "--out", parquet.toString())
                    .done();
            train(state, "store");
        }
        train(exported, "exported");
        train(lines, "lines");
        train(parquet, "parquet");
        assertThat(weights("exported")).isEqualTo(weights("store"));
        assertThat(weights("lines")).isEqualTo(weights("store"));
        assertThat(weights("parquet")).isEqualTo(weights("store"));
        assertThat(Run.of("export", "--state", state.toString(), "--out", exported.toString(), "--since", "2030-01-01")
                        .done()
                        .out())
                .contains("0 events");
        assertThat(Run.of("inspect", "--data", state.toString()).done().out()).contains("event store");
    }

    private void train(Path data, String name) {
        Run.train(data, directory.resolve(name), "--set", "epochs=1", "--no-test")
                .done();
    }

    private byte[] weights(String name) {
        return Run.bytes(directory.resolve(name).resolve("model.safetensors"));
    }

    @Test
    void retrainedModelIsServedKnowsNewItemsAndIsRolledBack() {
        append(pattern(40, 12, "v"));
        String before = served();
        Run run = retrain();
        assertThat(run.done().out()).contains("served now: ", "NDCG@10", "that neither has seen");
        assertThat(served()).isNotEqualTo(before);
        TrainedModel next = TrainedModel.load(ModelSeries.resolve(models));
        assertThat(next.items().indexOf("new")).isNotNull();
        assertThat(next.provenance().fitted()).isNotNull();
        assertThat(next.provenance().fitted().events()).isEqualTo(720 + 480);
        assertThat(next.provenance().fitted().from())
                .isEqualTo(TrainedModel.load(models.resolve(before)).version());
        assertThat(retrain().done().out()).contains("kept ", "only 0 events since");
        assertThat(Run.of("rollback", "--models", models.toString()).done().out())
                .contains("served now: " + before);
        assertThat(served()).isEqualTo(before);
        Run.of("rollback", "--models", models.toString()).failedSaying("no model before");
        assertThat(Files.exists(models.resolve("retrain.jsonl"))).isTrue();
        assertThat(Run.of("inspect", "--model", models.toString()).done().out()).contains("from scratch");
    }

    @Test
    void modelThatWasTrainedOnEventsBeforeADateLearnsTheLaterOnes() {
        append(pattern(40, 12, "v"));
        Path dated = directory.resolve("dated");
        List<String> train = new ArrayList<>(Run.trainArguments(
                log, dated.resolve("first"), "--set", "epochs=1", "--no-test", "--before", "2020-09-14T16:13:20Z"));
        train.remove("--no-refit");
        Run.of(train.toArray(String[]::new)).done();
        assertThat(Run.of("retrain", "--models", dated.toString(), "--state", state.toString(), "--threads", "2")
                        .done()
                        .out())
                .contains("1,200 of 100 users, 480 of them new", "that neither has seen");
    }

    @Test
    void oneUserAloneDecidesNothing() {
        Path other = directory.resolve("other.db");
        try (EventStore store = EventStore.open(other, StoreConfig.defaults())) {
            store.append(IntStream.range(0, 900)
                    .mapToObj(i -> new Event("solo", "i" + i % 20, DAY_TWO + 1_000_000L * i, null))
                    .toList());
        }
        assertThat(retrainOf(other).done().out()).contains("kept monday", "only 1 user to compare on");
        assertThat(served()).isEqualTo("monday");
    }

    @Test
    void newStoreWithFewEventsOrNoneKeepsTheModel() {
        Path other = directory.resolve("other.db");
        EventStore.open(other, StoreConfig.defaults()).close();
        assertThat(retrainOf(other).done().out()).contains("kept monday", "only 0 events since");
        try (EventStore store = EventStore.open(other, StoreConfig.defaults())) {
            store.append(List.of(new Event("solo", "i1", DAY_TWO, null)));
        }
        assertThat(retrainOf(other).done().out()).contains("kept monday", "only 1 event since");
    }

    @Test
    void storeOfWhichTheFiltersLeaveNothingKeepsTheModel() {
        List<String> train = new ArrayList<>(
                Run.trainArguments(log, models.resolve("monday"), "--set", "epochs=1", "--no-test", "--force"));
        train.remove("--no-refit");
        train.set(train.indexOf("--min-item-events") + 1, "5");
        Run.of(train.toArray(String[]::new)).done();
        Path other = directory.resolve("other.db");
        try (EventStore store = EventStore.open(other, StoreConfig.defaults())) {
            store.append(IntStream.range(0, 450)
                    .mapToObj(i -> new Event("solo", "rare" + i, DAY_TWO + i, null))
                    .toList());
        }
        assertThat(retrainOf(other).done().out())
                .contains(
                        "kept monday: none of the stored events (450) is left by the filters of the model's training: 1 or"
                                + " more events of a user, 5 or more of an item");
    }

    @Test
    void modelThatWasFittedOnAnEventOfTheFutureIsNotRetrainedWithoutATime() throws IOException {
        List<String> rows = new ArrayList<>(Files.readAllLines(log));
        rows.set(rows.size() - 1, rows.getLast().replaceFirst("[0-9]+$", "4070908800"));
        Path wrong = Files.write(directory.resolve("wrong.csv"), rows);
        Path future = directory.resolve("future");
        List<String> train =
                new ArrayList<>(Run.trainArguments(wrong, future.resolve("first"), "--set", "epochs=1", "--no-test"));
        train.remove("--no-refit");
        Run.of(train.toArray(String[]::new)).done();
        append(pattern(40, 12, "v"));
        String[] retrain = {"retrain", "--models", future.toString(), "--state", state.toString(), "--threads", "2"};
        Run.of(retrain).failedSaying("first", "until 2099-01-01T00:00:00Z", "a wrong clock", "--fitted-until TIME");
        List<String> until = new ArrayList<>(List.of(retrain));
        until.addAll(List.of("--fitted-until", "2020-09-14"));
        assertThat(Run.of(until.toArray(String[]::new)).done().out()).contains("480 of them new");
    }

    @Test
    void eventsOfAWrongClockAreNotedIfNoOtherIsLeft() {
        append(IntStream.range(0, 500)
                .mapToObj(i -> new Event("u" + i % 60, "i" + i % 20, DAY_TWO * 3, null))
                .toList());
        assertThat(retrain().done().out())
                .contains("kept monday: only 0 events since", "left out 500 events more than a day in the future");
        assertThat(models.resolve("retrain.jsonl"))
                .content()
                .contains("left out 500 events more than a day in the future");
    }

    @Test
    void storeWithoutAnItemOfTheModelIsOneLine() {
        Path other = directory.resolve("other.db");
        try (EventStore store = EventStore.open(other, StoreConfig.defaults())) {
            store.append(IntStream.range(0, 900)
                    .mapToObj(i -> new Event("g" + i % 60, "gone" + i % 20, DAY_TWO + 1_000_000L * i, null))
                    .toList());
        }
        retrainOf(other).failedSaying("other.db", "knows none of the stored items", "ttt4rec train --data");
        assertThat(served()).isEqualTo("monday");
    }

    @Test
    void hybridKeepsItsOutputWeightsAndCountsItsTablesAgain() {
        append(pattern(40, 12, "v"));
        TrainedModel before = TrainedModel.load(models.resolve("monday"));
        assertThat(before.config().model().type()).isEqualTo("hybrid");
        retrain().done();
        TrainedModel next = TrainedModel.load(ModelSeries.resolve(models));
        assertThat(next.config().model().type()).isEqualTo("hybrid");
        assertThat(tensor(next, "weights")).isEqualTo(tensor(before, "weights"));
        int known = before.items().size() + 1;
        float[] popularity = tensor(next, "item.popularity");
        assertThat(popularity).hasSizeGreaterThan(known);
        int added = next.items().indexOf("new");
        assertThat(popularity[added]).isEqualTo((float) Math.log1p(40 * 3));
        assertThat(Arrays.copyOf(popularity, known)).isNotEqualTo(tensor(before, "item.popularity"));
        assertThat(next.recommend(List.of("i0", "i1", "i2"), 3)).isNotEmpty();
    }

    private static float[] tensor(TrainedModel model, String name) {
        return model.recommender().tensors().stream()
                .filter(tensor -> tensor.name().equals(SavedModel.SECOND_STAGE + name))
                .map(tensor -> ((TensorData.Floats) tensor).values())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void modelTrainedWithAttributesIsRetrainedWithThoseOfTheStore() throws IOException {
        StringBuilder text = new StringBuilder("item,category\n");
        List<StoredItem> stored = new ArrayList<>();
        for (int item = 0; item < 20; item++) {
            text.append("i" + item + ",part " + item / 5 + "\n");
            stored.add(new StoredItem("i" + item, "{\"categories\":[[\"part " + item / 5 + "\"]]}"));
        }
        text.append("unseen,part 2\n");
        stored.add(new StoredItem("new", "{\"categories\":[[\"part 1\"]]}"));
        stored.add(new StoredItem("unseen", "{\"categories\":[[\"part 2\"]]}"));
        Path items = Files.writeString(directory.resolve("items.csv"), text);
        models = directory.resolve("described");
        List<String> train = new ArrayList<>(Run.trainArguments(
                log, models.resolve("monday"), "--set", "epochs=3", "--no-test", "--items", items.toString()));
        train.remove("--no-refit");
        Run.of(train.toArray(String[]::new)).done();
        append(pattern(40, 12, "v"));
        assertThat(retrain("--keep", "9").done().out().replaceAll("\\s+", " "))
                .contains("the store has none of its items: the new model learns from events alone", "served now: ");
        assertThat(TrainedModel.load(ModelSeries.resolve(models)).encodesAttributes())
                .isFalse();
        Run.of("rollback", "--models", models.toString()).done();
        try (EventStore store = EventStore.open(state, StoreConfig.defaults())) {
            store.putItems(stored, Map.of());
        }
        assertThat(retrain().done().out()).contains("served now: ").doesNotContain("from events alone");
        TrainedModel next = TrainedModel.load(ModelSeries.resolve(models));
        assertThat(next.encodesAttributes()).isTrue();
        assertThat(next.items().names()).contains("new", "unseen");
        assertThat(next.isTrained(Objects.requireNonNull(next.items().indexOf("new"))))
                .isTrue();
        assertThat(next.isTrained(Objects.requireNonNull(next.items().indexOf("unseen"))))
                .isFalse();
        assertThat(retrain("--scratch", "--fitted-until", "2020-09-14T00:00:00Z")
                        .done()
                        .out())
                .contains("served now: ");
        assertThat(TrainedModel.load(ModelSeries.resolve(models)).encodesAttributes())
                .isTrue();
    }

    @Test
    void serverTakesTheNewModelIntoUseAndKeepsItsUsers() {
        append(pattern(40, 12, "v"));
        try (Engine engine = Engine.open(
                        TrainedModel.load(models.resolve("monday")),
                        EventStore.open(state, StoreConfig.defaults()),
                        EngineConfig.defaults());
                RecommendationServer server =
                        RecommendationServer.start(engine, ServerConfig.local().withFiles(models, state))) {
            String before = engine.model().version();
            retrain("--url", server.uri().toString()).done();
            assertThat(engine.model().version()).isNotEqualTo(before);
            assertThat(engine.user("v1").orElseThrow().events()).isEqualTo(12);
            Run.of(
                            "rollback",
                            "--models",
                            models.toString(),
                            "--url",
                            server.uri().toString())
                    .done();
            assertThat(engine.model().version()).isEqualTo(before);
        }
    }

    @Test
    void botsEventsAreCapped() {
        append(pattern(40, 12, "v"));
        append(IntStream.range(0, 50_000)
                .mapToObj(i -> new Event("bot", "i3", DAY_TWO + i, null))
                .toList());
        assertThat(retrain().done().out())
                .as("the cap of the default, and the share of what is left")
                .contains("left out 49,000 new events beyond 1000", "kept monday", "\"i3\" makes 69 %");
        Run run = retrain("--max-new-per-user", "50").done();
        assertThat(run.out()).contains("left out 49,950 new events beyond 50", "\"bot\"", "530 of them new");
    }

    @Test
    void modelRetrainedOnANightOfOneItemIsRefused() {
        append(IntStream.range(0, 600)
                .mapToObj(i -> new Event("w" + i, i % 3 == 0 ? "i3" : "offer", DAY_TWO + i, null))
                .toList());
        String before = served();
        assertThat(retrain().done().out()).contains("kept " + before, "\"offer\" makes 67 %");
        assertThat(served()).isEqualTo(before);
    }

    @Test
    void reversedTimesAreRefusedAndAJumpingClockIsLeftOut() {
        List<Event> events = new ArrayList<>(pattern(40, 12, "v"));
        append(events.reversed());
        append(List.of(new Event("v1", "i1", DAY_TWO * 3, null)));
        assertThat(retrain().done().out())
                .contains("kept monday", "earlier than their user's previous event", "more than a day in the future");
    }

    @Test
    void randomNightsDoNotPassTheGate() {
        SplittableRandom random = new SplittableRandom(5);
        append(IntStream.range(0, 3_600)
                .mapToObj(i -> new Event("u" + i % 60, "i" + random.nextInt(20), DAY_TWO + i, null))
                .toList());
        append(pattern(60, 20, "late"));
        Run run = retrain("--epochs", "20").done();
        assertThat(run.out()).contains("kept monday: the new model is worse");
        assertThat(served()).isEqualTo("monday");
    }

    @Test
    void badInputIsOneLine() throws IOException {
        retrainOf(directory.resolve("none.db")).failedSaying("none.db", "no such file");
        Path text = Run.write(directory.resolve("text.db"), "no store");
        retrainOf(text).failedSaying("text.db", "no event store");
        Path empty = directory.resolve("empty.db");
        EventStore.open(empty, StoreConfig.defaults()).close();
        Run.train(empty, directory.resolve("x")).failedSaying("empty.db", "no events");
        byte[] bytes = Run.bytes(state);
        Path cut = Files.write(directory.resolve("cut.db"), Arrays.copyOf(bytes, bytes.length / 2));
        retrainOf(cut).failedSaying("cut.db");
        Run.train(log, models.resolve("tuesday"), "--set", "epochs=1").done();
        Files.deleteIfExists(models.resolve("served.json"));
        retrain().failedSaying("holds 2 models");
        Run.write(models.resolve("served.json"), "{\"served\": \"tuesday\", \"earlier\": []}");
        retrain().failedSaying("does not record which events it has seen", "--fitted-until");
        Run.write(models.resolve("served.json"), "{\"served\": \"gone\", \"earlier\": []}");
        retrain().failedSaying("names the model \"gone\"");
        Run.write(models.resolve("served.json"), "{");
        retrain().failedSaying("served.json", "damaged");
        try (EventStore inUse = EventStore.open(state, StoreConfig.defaults())) {
            assertThat(inUse.statistics().users()).isEqualTo(60);
            Run.of("import", "--data", log.toString(), "--state", state.toString())
                    .failedSaying("shop.db", "in use");
        }
    }

    @Test
    void killedAtAnyMomentLeavesOneWholeModelServed() throws IOException, InterruptedException {
        append(pattern(40, 12, "v"));
        SplittableRandom random = new SplittableRandom(11);
        ModelSeries.open(models).close();
        for (int i = 0; i < 6; i++) {
            List<String> arguments = List.of(
                    "retrain",
                    "--models",
                    models.toString(),
                    "--state",
                    state.toString(),
                    "--threads",
                    "2",
                    "--epochs",
                    "2",
                    "--fitted-until",
                    "2020-09-14");
            Process process = new ProcessBuilder(Run.command(arguments))
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("out" + i).toFile())
                    .start();
            process.waitFor(1_000 + random.nextInt(2_500), TimeUnit.MILLISECONDS);
            process.destroyForcibly().waitFor();
            TrainedModel whole = TrainedModel.load(ModelSeries.resolve(models));
            assertThat(whole.items().size()).isGreaterThanOrEqualTo(20);
        }
        retrain("--fitted-until", "2020-09-14").done();
        try (Stream<Path> entries = Files.list(models)) {
            assertThat(entries.filter(Files::isDirectory)).hasSizeLessThanOrEqualTo(7);
        }
        try (EventStore store = EventStore.open(state, StoreConfig.defaults())) {
            assertThat(store.statistics().events()).isEqualTo(1_200);
        }
    }

    /** Makes events like the log's, with a new item at every fourth position. */
    private static List<Event> pattern(int users, int length, String prefix) {
        List<Event> events = new ArrayList<>();
        for (int t = 0; t < length; t++) {
            for (int user = 0; user < users; user++) {
                String item = t % 4 == 3 ? "new" : "i" + (user + t) % 20;
                events.add(new Event(prefix + user, item, DAY_TWO + 1_000_000L * t + user, null));
            }
        }
        return events;
    }

    private void append(List<Event> events) {
        try (EventStore store = EventStore.open(state, StoreConfig.defaults())) {
            store.append(events);
        }
    }

    private String served() {
        try (ModelSeries series = ModelSeries.open(models)) {
            return series.servedName();
        }
    }

    private Run retrain(String... more) {
        return retrainOf(state, more);
    }

    private Run retrainOf(Path store, String... more) {
        return Run.of(Stream.concat(
                        Stream.of(
                                "retrain",
                                "--models",
                                models.toString(),
                                "--state",
                                store.toString(),
                                "--threads",
                                "2"),
                        Stream.of(more))
                .toArray(String[]::new));
    }
}
