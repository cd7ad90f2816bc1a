package io.github.ttt4rec.data.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.KnownLog;
import io.github.ttt4rec.data.LoadedData;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.ReadReport;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reading row by row gives the same events, and the same refusals, as reading a log as a whole. */
class EventLogTest {
    private static final ReadOptions READ = ReadOptions.defaults();

    @TempDir
    private Path directory;

    private record Row(String user, String item, long micros) {}

    record Case(Path file, ReadOptions options, String name) {
        @Override
        public String toString() {
            return file.getFileName() + " " + name;
        }
    }

    /** Stores the events that it receives. */
    private static final class Taken implements EventLog.Taker {
        private final List<Row> rows = new ArrayList<>();
        private final List<@Nullable String> ids = new ArrayList<>();
        private final List<String> bad = new ArrayList<>();
        private @Nullable ReadReport report;

        @Override
        public void begin(ReadReport findings) {
            report = findings;
        }

        @Override
        public void event(String user, String item, long micros, @Nullable String eventId) {
            rows.add(new Row(user, item, micros));
            ids.add(eventId);
        }

        @Override
        public void badRow(String message) {
            bad.add(message);
        }
    }

    private static Taken take(Path file, ReadOptions options) {
        Taken taken = new Taken();
        EventLog.read(file, options, taken);
        return taken;
    }

    static List<Case> cases() throws IOException, URISyntaxException {
        Path logs = Path.of(
                Objects.requireNonNull(EventLogTest.class.getResource("/logs")).toURI());
        List<Case> cases = new ArrayList<>();
        try (Stream<Path> files = Files.list(logs)) {
            for (Path file : files.sorted().toList()) {
                cases.add(new Case(file, READ, "as it is"));
                cases.add(new Case(file, READ.withSkipBadRows(true), "without bad rows"));
                for (KnownLog log : Stream.of("movielens-1m", "lastfm-1k", "diginetica", "tmall", "sasrec", "otto")
                        .map(name -> KnownLog.of(name).orElseThrow())
                        .toList()) {
                    cases.add(new Case(file, log.options(), log.word()));
                }
            }
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyLogIsReadAsByTraining(Case log) {
        LoadedData loaded;
        try {
            loaded = Datasets.load(log.file(), log.options(), PrepareOptions.keepAll());
        } catch (UserFacingException e) {
            if (String.valueOf(e.getMessage()).contains("known to hold the times")) {
                assertThat(take(log.file(), log.options()).rows)
                        .isNotEmpty()
                        .allMatch(row -> row.micros() == EventLog.NO_TIME);
            } else {
                assertThatThrownBy(() -> take(log.file(), log.options())).hasMessage(e.getMessage());
            }
            return;
        }
        Taken taken = take(log.file(), log.options());
        Dataset data = loaded.dataset();
        List<Row> expected = new ArrayList<>();
        for (int user = 0; user < data.userCount(); user++) {
            for (int at = data.start(user); at < data.offsets()[user + 1]; at++) {
                expected.add(new Row(
                        data.users().name(user + 1),
                        data.items().name(data.events()[at]),
                        data.hasTimes() ? data.times()[at] : EventLog.NO_TIME));
            }
        }
        assertThat(taken.rows).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(taken.bad).hasSize((int) loaded.report().badRows());
        assertThat(Objects.requireNonNull(taken.report).notices())
                .isEqualTo(loaded.report().notices());
    }

    @Test
    void eventsComeInTheOrderOfTheFileWithTheirIds() throws IOException {
        Path file = Files.writeString(directory.resolve("log.csv"), """
                event_id,user,item,time
                e1,u,b,1388874302
                ,u,a,1388874300.5
                e3,v,a,1388874301
                """);
        Taken taken = take(file, READ);
        assertThat(taken.rows)
                .containsExactly(
                        new Row("u", "b", 1_388_874_302_000_000L),
                        new Row("u", "a", 1_388_874_300_500_000L),
                        new Row("v", "a", 1_388_874_301_000_000L));
        assertThat(taken.ids).containsExactly("e1", null, "e3");
    }

    @Test
    void eventsOfOneRowHaveIdsOfTheirOwn() throws IOException {
        Path file = Files.writeString(directory.resolve("log.jsonl"), """
                {"user": 1, "items": ["a", "b"], "key": 7, "time": 1388874302}
                {"user": 1, "items": ["c"], "key": null, "time": 1388874303}
                """);
        Taken taken = take(file, READ.withEventIdColumn("key"));
        assertThat(taken.rows).extracting(Row::item).containsExactly("a", "b", "c");
        assertThat(taken.ids).containsExactly("7", "7#2", null);
    }

    @Test
    void columnOfEventIdsThatIsUsedOtherwiseIsNoneUnlessGiven() throws IOException {
        Path file = Files.writeString(directory.resolve("log.csv"), "user,event_id,time\nu,concert,1388874302\n");
        ReadOptions options = READ.withColumns(null, "event_id", null);
        assertThat(take(file, options).ids).hasSize(1).containsOnlyNulls();
        assertThatThrownBy(() -> take(file, options.withEventIdColumn("event_id")))
                .hasMessageContaining("for event ids and for another role");
        assertThatThrownBy(() -> take(file, options.withEventIdColumn("id"))).hasMessageContaining("\"id\"");
    }

    @Test
    void readingThatWasFoundReadsColumnsOfOneNameByNumber() throws IOException {
        Path file = Files.writeString(directory.resolve("log.csv"), "user,item,item,time\nu,a,b,1388874302\n");
        Taken taken = take(file, READ.withColumns(null, "3", null));
        assertThat(taken.rows).extracting(Row::item).containsExactly("b");
        assertThat(take(file, Objects.requireNonNull(taken.report).resolved()).rows)
                .isEqualTo(taken.rows);
    }
}
