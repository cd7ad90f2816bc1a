package io.github.ttt4rec.serve.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Recommendations;
import io.github.ttt4rec.serve.SmallModels;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.EngineConfig;
import io.github.ttt4rec.serve.engine.Recommended;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that an engine whose store cannot write still answers. It is in this package because only this package can
 * simulate a full disk.
 */
class FullDiskTest {
    @TempDir
    private Path directory;

    @Test
    void eventThatCouldNotBeStoredIsNotLearned() {
        EventStore store = EventStore.open(directory.resolve("state.db"), StoreConfig.defaults());
        try (Engine engine = Engine.open(SmallModels.of(20, 1), store, EngineConfig.defaults())) {
            engine.append(new Event("anna", "i1", 0, "first"));
            Recommended before = engine.recommend("anna", 20, ItemFilter.NONE);
            List<Event> tooMany = new ArrayList<>();
            for (int i = 0; i < 3000; i++) {
                tooMany.add(new Event(i % 2 == 0 ? "anna" : "user " + i, "i" + i % 20, i, "event " + i));
            }
            for (int round = 0; round < 3; round++) {
                store.run(writer -> {
                    writer.limitPages(30);
                    return true;
                });
                assertThatThrownBy(() -> engine.append(tooMany))
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("the disk is full");
                assertThat(engine.recommend("anna", 20, ItemFilter.NONE)).isEqualTo(before);
                assertThat(engine.user("anna").orElseThrow().history()).hasSize(1);
                assertThat(engine.recommend("user 1", 3, ItemFilter.NONE)
                                .items()
                                .basis())
                        .isEqualTo(Recommendations.Basis.POPULARITY);
            }
            // The disk has room again.
            engine.append(tooMany);
            assertThat(engine.recommend("anna", 20, ItemFilter.NONE).events()).isEqualTo(1501);
            assertThat(engine.statistics().events()).isEqualTo(3001);
        }
    }
}
