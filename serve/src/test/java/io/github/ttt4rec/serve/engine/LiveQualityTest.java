package io.github.ttt4rec.serve.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.live.EventRanks;
import io.github.ttt4rec.live.QualityLog;
import io.github.ttt4rec.serve.SmallModels;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveQualityTest {
    private static final int EVENTS = 900;

    @TempDir
    private Path directory;

    @Test
    void eventIsRankedByTheModelThatWasInUseBeforeItWasStored() throws InterruptedException {
        TrainedModel before = SmallModels.of(24, 2);
        TrainedModel after = SmallModels.of(20, 1);
        try (Engine engine = Engine.open(
                before,
                EventStore.open(directory.resolve("state.db"), StoreConfig.defaults()),
                new EngineConfig(null, 1 << 20, 1))) {
            // The second model does not know the item, so it would rank each event as a miss.
            List<Event> events = IntStream.range(0, EVENTS)
                    .mapToObj(i -> new Event("u" + i % 300, "i22", 1_000_000L * i, null))
                    .toList();
            engine.append(events);
            engine.swap(after);
            QualityLog log = engine.quality().log();
            while (log.added() < EVENTS) {
                assertThat(engine.quality().skipped()).isZero();
                Thread.sleep(2);
            }
            assertThat(log.entries())
                    .hasSize(EVENTS)
                    .allMatch(entry -> entry.ranks().served() != EventRanks.MISS);
            engine.append(new Event("late", "i22", 0, null));
            while (log.added() <= EVENTS) {
                Thread.sleep(2);
            }
            assertThat(log.entries())
                    .filteredOn(entry -> entry.user().equals("late"))
                    .singleElement()
                    .matches(entry -> entry.ranks().served() == EventRanks.MISS, "a miss by the model that serves now");
        }
    }
}
