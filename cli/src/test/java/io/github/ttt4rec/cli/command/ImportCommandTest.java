package io.github.ttt4rec.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.cli.Run;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.EventType;
import io.github.ttt4rec.serve.store.Impression;
import io.github.ttt4rec.serve.store.ShownItem;
import io.github.ttt4rec.serve.store.StoreConfig;
import io.github.ttt4rec.serve.store.StoredEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImportCommandTest {
    private static final long TIME = 1_700_000_000_123_457L;

    @TempDir
    private Path directory;

    private Path state(String name) {
        return directory.resolve(name);
    }

    /** A store whose types and event ids first occur late, after more events than a reader looks at to find columns. */
    private Path store() {
        Path state = state("shop.db");
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            events.add(new Event("u" + i % 40, "i" + i % 17, TIME + i, null));
        }
        events.add(new Event("ü, \"1\"", "i1", TIME + 9_000, "order-1", new EventType("buy", 4.5)));
        events.add(new Event("u1", "i2", TIME + 9_001, "order-1", EventType.of("view")));
        events.add(new Event("u1", "i2", TIME + 9_001, "order-2", new EventType("", 1e-7)));
        try (EventStore store = EventStore.open(state, StoreConfig.defaults())) {
            store.append(events);
        }
        return state;
    }

    private Path export(Path state, String name) {
        Path out = directory.resolve(name);
        Run.of("export", "--state", state.toString(), "--out", out.toString()).done();
        return out;
    }

    private Run load(Path log, Path state, String... more) {
        return Run.of(Stream.concat(
                        Stream.of("import", "--data", log.toString(), "--state", state.toString()), Stream.of(more))
                .toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"events.csv", "events.csv.gz", "events.jsonl", "events.parquet", "shop.db"})
    void exportAndImportKeepEventIdsTypesAndValues(String form) {
        Path first = store();
        Path whole = export(first, "whole.csv");
        assertThat(whole).content().contains("order-1,buy,4.5\n", "order-2,,1.0E-7\n");
        Path log = form.equals("shop.db") ? first : export(first, form);
        Path copy = state("copy.db");
        Run run = load(log, copy).done();
        assertThat(run.out()).contains("3,003 events of");
        assertThat(run.err()).isEmpty();
        assertThat(export(copy, "again.csv")).hasSameTextualContentAs(whole);
        assertThat(load(log, copy).done().out()).contains("0 events of", "3,003 were already in the store");
    }

    @Test
    void eventWithAnIdThatTheStoreHasIsTheSameEvent() {
        Path state = state("shop.db");
        try (EventStore store = EventStore.open(state, StoreConfig.defaults())) {
            store.append(List.of(new Event("anna", "a", TIME, "x"), new Event("bert", "a", TIME, null)));
        }
        Path log = Run.write(directory.resolve("log.csv"), """
                user,item,time,event_id
                anna,a,1700000001,x
                bert,a,1700000001,x
                carl,a,1700000001,y
                carl,a,1700000001,y
                carl,b,1700000002,y
                carl,c,1700000003,auto-7
                """);
        assertThat(load(log, state).done().out())
                .contains(
                        "4 events of",
                        "1 was already in the store",
                        "1 skipped: the log has them twice",
                        "1 stored without event id: another event of the same user has the same one");
        try (EventStore store = EventStore.open(state, StoreConfig.defaults())) {
            assertThat(store.events("anna")).extracting(StoredEvent::eventId).containsExactly("x");
            assertThat(store.events("bert")).extracting(StoredEvent::eventId).containsExactly("auto-0", "x");
            assertThat(store.events("carl")).extracting(StoredEvent::eventId).containsExactly("y", "auto-1", "auto-2");
        }
    }

    @Test
    void columnsWithUsualNamesHoldTypesAndValuesAndTheOutputSaysSo() {
        Path state = state("shop.db");
        Path log = Run.write(directory.resolve("log.csv"), """
                user,item,time,action,value
                anna,a,1700000001,buy,4
                anna,b,1700000002,,many
                anna,c,1700000003,view,
                """);
        assertThat(load(log, state).done().out())
                .contains("types are taken from", "\"action\"", "\"value\"", "3 events of", "1 value left out");
        try (EventStore store = EventStore.open(state, StoreConfig.defaults())) {
            assertThat(store.events("anna"))
                    .extracting(StoredEvent::type)
                    .containsExactly(new EventType("buy", 4), EventType.NONE, EventType.of("view"));
        }
        load(log, state("other.db"), "--value-column", "value").failedSaying("log.csv", "\"many\" is not a number");
    }

    @Test
    void columnsOfTypesThatAreNotClearAreLeftOutWithANotice() {
        Path log = Run.write(directory.resolve("log.csv"), """
                user,item,time,action,event_type
                anna,a,1700000001,click,buy
                """);
        assertThat(load(log, state("shop.db")).done().out())
                .contains("no types are read", "--type-column", "1 event of");
    }

    @Test
    void rangeOfTimeAppliesToTypedEventsAndOtherFiltersLeaveTypesOut() {
        Path log = Run.write(directory.resolve("log.csv"), """
                user,item,time,type
                anna,a,2026-01-01,buy
                anna,b,2026-01-02,buy
                anna,b,2026-01-02,buy
                anna,c,2026-01-03,view
                """);
        Path state = state("shop.db");
        assertThat(load(log, state, "--after", "2026-01-02", "--before", "2026-01-03")
                        .done()
                        .out())
                .contains("2 events of");
        assertThat(export(state, "typed.csv")).content().contains("anna,b,2026-01-02T00:00:00Z,,buy,\n");
        Path once = state("once.db");
        Run filtered = load(log, once, "--deduplicate", "exact").done();
        assertThat(filtered.out()).contains("3 events of");
        assertThat(filtered.err()).contains("are not imported together with --deduplicate");
        load(state, once, "--min-user-events", "2").wrongUsageSaying("every event of a store is imported");
    }

    @Test
    void fileThatIsNoStoreIsRefusedAndNothingIsLeftBesideIt() throws IOException {
        Path log = Run.log(directory, "events.csv", 3);
        Path text = Run.write(directory.resolve("notes.txt"), "These are notes, and no store. ".repeat(20));
        Path empty = Run.write(directory.resolve("empty.db"), "");
        List<Path> before = files();
        load(log, text).failedSaying("notes.txt", "is no event store");
        load(log, empty).failedSaying("empty.db", "is no event store");
        load(log, log).failedSaying("events.csv", "is no event store");
        assertThat(files()).isEqualTo(before);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    @Test
    void impressionsAreExportedAndImported() {
        Path state = state("shop.db");
        long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        try (EventStore store = EventStore.open(state, StoreConfig.defaults())) {
            store.show(new Impression("u", List.of("b", "a"), "home", "list", now - 2_000_000));
            store.show(new Impression("u", List.of("a"), "page", null, now - 1_000_000));
            store.show(new Impression("v, \"w\"", List.of("a", "c"), "page", null, now - 1_000_000));
        }
        Path shown = directory.resolve("shown.csv.gz");
        Run.of("export", "--state", state.toString(), "--out", shown.toString(), "--impressions")
                .done();
        Path copy = state("copy.db");
        try (EventStore store = EventStore.open(copy, StoreConfig.defaults())) {
            store.append(List.of(new Event("v, \"w\"", "c", now, null), new Event("u", "a", now - 3_000_000, null)));
        }
        String[] load = {"import", "--impressions", shown.toString(), "--state", copy.toString()};
        assertThat(Run.of(load).done().out()).contains("3 items shown to users stored", "1 skipped");
        assertThat(Run.of(load).done().out()).contains("0 items shown to users stored", "4 skipped");
        try (EventStore store = EventStore.open(copy, StoreConfig.defaults())) {
            assertThat(store.shown("u"))
                    .containsExactly(
                            new ShownItem("a", "page", 1, 2, now - 1_000_000),
                            new ShownItem("b", "home", 1, 1, now - 2_000_000));
            assertThat(store.shown("v, \"w\"")).extracting(ShownItem::item).containsExactly("a");
        }
        assertThat(Run.of("check", "--state", copy.toString()).done().out()).doesNotContain("damaged");
    }

    @Test
    void wrongImpressionsAreRefusedWithTheirLine() {
        String state = state("shop.db").toString();
        for (List<String> wrong : List.of(
                List.of("user,item,scenario,place,time\nu,a,home,1,2026-01-01T00:00:00Z\n", "line 2", "\"shown\""),
                List.of("u,a,home,0,1,2026-01-01T00:00:00Z", "line 2", "place: \"0\""),
                List.of("u,a,home,1,x,2026-01-01T00:00:00Z", "line 2", "shown: \"x\""),
                List.of("u,a,home page,1,1,2026-01-01T00:00:00Z", "line 2", "scenario"),
                List.of("u,,home,1,1,2026-01-01T00:00:00Z", "line 2", "item: the id is empty"),
                List.of("u,a,home,1,1,yesterday", "line 2", "\"yesterday\" is not a moment"))) {
            String text = wrong.getFirst().startsWith("user")
                    ? wrong.getFirst()
                    : "user,item,scenario,place,shown,time\n" + wrong.getFirst() + "\n";
            Path file = Run.write(directory.resolve("shown.csv"), text);
            Run.of("import", "--impressions", file.toString(), "--state", state)
                    .failedSaying("shown.csv, ", wrong.get(1), wrong.get(2));
        }
        Run.of("import", "--impressions", "none.csv", "--state", state).failedSaying("no such file: none.csv");
        assertThat(directory.resolve("shop.db")).doesNotExist();
    }

    @Test
    void importThatMeetsADamagedUserSaysWhatItKeepsAndWhatToDo() throws Exception {
        Path state = state("shop.db");
        try (EventStore store = EventStore.open(state, StoreConfig.defaults())) {
            store.append(List.of(new Event("u1", "i1", TIME, null), new Event("u1", "i2", TIME, null)));
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + state);
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE event SET time = time + 1 WHERE position = 1");
        }
        StringBuilder rows = new StringBuilder("user,item,time\n");
        for (int i = 0; i < 1_500; i++) {
            rows.append("u0,i").append(i).append(",2024-01-01T00:00:00Z\n");
        }
        Path log = Files.writeString(directory.resolve("log.csv"), rows + "u1,i1,2024-01-02T00:00:00Z\n");
        Run run = Run.of("import", "--data", log.toString(), "--state", state.toString());
        assertThat(run.err().lines().toList().getLast())
                .startsWith("ttt4rec: " + state + ": ")
                .contains(
                        "; 1,000 events of the log are stored and stay: import it again after './ttt4rec check --state "
                                + state + " --save NEW', into NEW, which adds the others");
        assertThat(run.exitCode()).isEqualTo(1);
    }
}
