package io.github.ttt4rec.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.cli.Run;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.recommend.Recommendations.Basis;
import io.github.ttt4rec.serve.engine.CatalogueUpdates;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.EngineConfig;
import io.github.ttt4rec.serve.engine.ListRequest;
import io.github.ttt4rec.serve.engine.Recommended;
import io.github.ttt4rec.serve.engine.ShelfKind;
import io.github.ttt4rec.serve.engine.ShelfRequest;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventContext;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.EventType;
import io.github.ttt4rec.serve.store.LoggedEvent;
import io.github.ttt4rec.serve.store.StoreConfig;
import io.github.ttt4rec.serve.store.StoreLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The context of events goes into a store and out of it, and decides on the lists of users without a history. */
class ContextStoreTest {
    private static final long LATER = 1_600_100_000_000_000L;
    private static final ListRequest TEN = new ListRequest(10, ItemFilter.NONE);

    @TempDir
    private Path directory;

    private Path state() {
        return directory.resolve("shop.db");
    }

    private static Event event(String user, String item, long time, Map<String, String> context) {
        return new Event(user, item, time, null, EventType.NONE, EventContext.of(context));
    }

    private static List<LoggedEvent> events(Path store) {
        List<LoggedEvent> events = new ArrayList<>();
        try (StoreLog log = StoreLog.open(store)) {
            log.forEach(events::add);
        }
        return events;
    }

    private void fill() {
        try (EventStore store = EventStore.open(state(), StoreConfig.defaults())) {
            store.append(List.of(
                    event("a", "i1", LATER, Map.of("country", "DE", "user", "new, or \"old\"")),
                    event("b", "i1", LATER + 1, Map.of()),
                    event("a", "i2", LATER + 2, Map.of("device", "mobile", "referrer_item", "i 17\nä")),
                    new Event(
                            "c",
                            "i3",
                            LATER + 3,
                            "order-1",
                            EventType.of("buy"),
                            EventContext.of(Map.of("time", "now")))));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"events.csv", "events.jsonl", "events.parquet", "events.csv.gz"})
    void exportedContextsAreImportedAgain(String name) {
        fill();
        Path file = directory.resolve(name);
        Run.of("export", "--state", state().toString(), "--out", file.toString())
                .done();
        Path copy = directory.resolve("copy.db");
        Run.of("import", "--data", file.toString(), "--state", copy.toString()).done();
        assertThat(events(copy)).isEqualTo(events(state())).hasSize(4);
        Path direct = directory.resolve("direct.db");
        Run.of("import", "--data", state().toString(), "--state", direct.toString())
                .done();
        assertThat(events(direct)).isEqualTo(events(state()));
    }

    @Test
    void exportWithoutContextsHasNoColumnForThem() throws IOException {
        try (EventStore store = EventStore.open(state(), StoreConfig.defaults())) {
            store.append(List.of(event("a", "i1", LATER, Map.of())));
        }
        Path file = directory.resolve("events.csv");
        Run.of("export", "--state", state().toString(), "--out", file.toString())
                .done();
        assertThat(file).content().startsWith("user,item,time,event_id\n");
        fill();
        Run.of("export", "--state", state().toString(), "--out", file.toString())
                .done();
        assertThat(Files.readAllLines(file).getFirst())
                .isEqualTo("user,item,time,event_id,type,value,context_country,context_device,context_referrer_item,"
                        + "context_time,context_user");
    }

    @Test
    void contextColumnsAreNamedByAnOption() throws IOException {
        Path log = Files.writeString(directory.resolve("log.csv"), """
                user,item,time,Country,device,agent
                a,i1,2020-01-01T00:00:00Z,United Kingdom, mobile ,x
                b,i1,2020-01-01T00:00:01Z,,,x
                """);
        Run.of(
                        "import",
                        "--data",
                        log.toString(),
                        "--state",
                        state().toString(),
                        "--context-columns",
                        "country=Country,device")
                .done();
        assertThat(events(state()))
                .extracting(event -> Map.copyOf(event.context().values()))
                .containsExactly(Map.of("country", "United Kingdom", "device", "mobile"), Map.of());
        Run.of("import", "--data", log.toString(), "--state", state().toString(), "--context-columns", "land")
                .failedSaying("no column is called \"land\"; the columns are user, item, time, Country, device, agent");
        Run.of("import", "--data", log.toString(), "--state", state().toString(), "--context-columns", "item")
                .failedSaying("column \"item\" was given for the context of events and for another role");
        Run.of("import", "--data", log.toString(), "--state", state().toString(), "--context-columns", "a b")
                .wrongUsageSaying("another name for the column: NAME=a b");
        Run.of("import", "--data", log.toString(), "--state", state().toString(), "--context-columns", "device,,agent")
                .wrongUsageSaying("the name ''");
    }

    @Test
    void columnsOfOtherProgramsAreNotStoredUnasked() throws IOException {
        Path log = Files.writeString(directory.resolve("log.jsonl"), """
                {"user": "a", "item": "i1", "time": "2020-01-01T00:00:00Z", "channel": "web", "context": {"ip": "192.0.2.1"}}
                """);
        String[] arguments = {
            "import", "--data", log.toString(), "--state", state().toString(), "--context-columns", "all"
        };
        Run plain = Run.of(Arrays.copyOf(arguments, 5)).done();
        assertThat(plain.err()).contains("context.ip left out (--context-columns imports them");
        assertThat(events(state())).extracting(LoggedEvent::context).containsExactly(EventContext.NONE);
        Path other = directory.resolve("other.db");
        arguments[4] = other.toString();
        Run.of(arguments).done();
        assertThat(events(other).getFirst().context()).isEqualTo(EventContext.of(Map.of("ip", "192.0.2.1")));
        Path without = Run.log(directory, "without.csv", 3);
        arguments[2] = without.toString();
        Run.of(arguments).failedSaying("no column begins with context_ or context.");
    }

    @Test
    void valueThatIsTooLongStopsTheImport() throws IOException {
        Path log = Files.writeString(
                directory.resolve("log.csv"),
                "user,item,time,context_agent\na,i1,2020-01-01T00:00:00Z," + "x".repeat(200) + "\n");
        Run.of("import", "--data", log.toString(), "--state", state().toString())
                .failedSaying("log.csv: context.agent: must have 1 to 128 characters, and has 200");
        assertThat(state()).doesNotExist();
    }

    private void train() {
        Path log = Run.log(directory, "events.csv", 60);
        List<String> arguments = Run.trainArguments(log, directory.resolve("model"), "--set", "epochs=1", "--no-test");
        arguments.remove("--no-refit");
        Run.of(arguments.toArray(String[]::new)).done();
    }

    private Engine open(CatalogueUpdates updates) {
        return Engine.open(
                TrainedModel.load(directory.resolve("model")),
                EventStore.open(state(), StoreConfig.defaults()),
                new EngineConfig(null, 1 << 20, 0, updates));
    }

    private static Recommended cold(Engine engine, Map<String, String> context) {
        return engine.recommend("nobody", EventContext.of(context), TEN);
    }

    @Test
    void listsWithoutAHistoryFollowTheCountsOfTheirContext() {
        train();
        Map<String, String> german = Map.of("country", "DE");
        List<Recommendation> before;
        Map<String, Map<String, Map<Integer, Integer>>> counts;
        try (Engine engine = open(CatalogueUpdates.EACH_EVENT)) {
            Recommended popular = cold(engine, german);
            assertThat(popular.items().basis()).as("no event has a context yet").isEqualTo(Basis.POPULARITY);
            for (int user = 0; user < 300; user++) {
                boolean own = user % 3 == 0;
                engine.append(event(
                        "x" + user, own ? "i13" : "i" + user % 20, LATER + user, Map.of("country", own ? "DE" : "FR")));
            }
            Recommended list = cold(engine, german);
            assertThat(list.items().basis()).isEqualTo(Basis.CONTEXT);
            assertThat(list.items()).hasSize(10);
            assertThat(list.items().getFirst().item()).isEqualTo("i13");
            assertThat(list.items())
                    .extracting(Recommendation::score)
                    .isSortedAccordingTo((one, other) -> Float.compare(other, one));
            Recommendation elsewhere = cold(engine, Map.of("country", "FR")).items().stream()
                    .filter(item -> item.item().equals("i13"))
                    .findFirst()
                    .orElseThrow();
            assertThat(elsewhere.score()).isLessThan(list.items().getFirst().score() / 2);
            assertThat(cold(engine, Map.of("country", "XX")).items()).isEqualTo(popular.items());
            assertThat(cold(engine, Map.of("country", "DE", "planet", "Mars")).items())
                    .isEqualTo(list.items());
            ShelfRequest personal = new ShelfRequest("personal", ShelfKind.PERSONAL, List.of(), TEN);
            assertThat(engine.shelves(List.of(), List.of(), EventContext.of(german), List.of(personal))
                            .shelves()
                            .getFirst()
                            .list()
                            .items())
                    .isEqualTo(list.items());
            Recommended some = engine.recommend(
                    List.of(),
                    List.of(),
                    EventContext.of(german),
                    new ListRequest(5, new ItemFilter(List.of("i2", "i13", "i4"), List.of("i4"), false)));
            assertThat(some.items()).extracting(Recommendation::item).containsExactly("i13", "i2");
            engine.forget("x0");
            counts = engine.contexts();
            assertThat(counts.get("country=DE").get("i13").values()).containsExactly(99);
            before = List.copyOf(
                    engine.recommend("nobody", EventContext.of(german), TEN).items());
        }
        try (Engine engine = open(CatalogueUpdates.EACH_EVENT)) {
            assertThat(engine.contexts()).isEqualTo(counts);
            assertThat(cold(engine, german).items())
                    .extracting(Recommendation::item)
                    .containsExactlyElementsOf(
                            before.stream().map(Recommendation::item).toList());
        }
        try (Engine engine = open(CatalogueUpdates.OFF)) {
            assertThat(engine.contexts()).isEmpty();
            assertThat(cold(engine, german).items().basis()).isEqualTo(Basis.POPULARITY);
        }
    }
}
