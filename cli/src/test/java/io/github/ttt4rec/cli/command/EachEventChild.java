package io.github.ttt4rec.cli.command;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.serve.engine.CatalogueUpdates;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.EngineConfig;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventContext;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.EventType;
import io.github.ttt4rec.serve.store.StoreConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A server that learns from each event until it is killed. Its arguments are a model, a store, a seed and the time of
 * its first event in epoch microseconds. It prints a line after each batch that is stored.
 */
final class EachEventChild {
    /** The maximum number of batches, for a parent that is killed itself. */
    private static final int MAX_BATCHES = 5_000;

    private EachEventChild() {}

    public static void main(String[] args) {
        Random random = new Random(Long.parseLong(args[2]));
        long time = Long.parseLong(args[3]);
        try (Engine engine = Engine.open(
                TrainedModel.load(Path.of(args[0])),
                EventStore.open(Path.of(args[1]), StoreConfig.defaults()),
                new EngineConfig(null, 1 << 20, 1, CatalogueUpdates.EACH_EVENT))) {
            for (int batch = 0; batch < MAX_BATCHES; batch++) {
                engine.append(List.of(event(random, ++time), event(random, ++time), event(random, ++time)));
                System.out.println(batch);
            }
        }
    }

    private static Event event(Random random, long time) {
        String item = random.nextInt(8) == 0 ? "new" + random.nextInt(3) : "i" + random.nextInt(20);
        String user = "u" + random.nextInt(70);
        EventContext context = random.nextInt(4) == 0
                ? EventContext.NONE
                : EventContext.of(Map.of("country", "c" + random.nextInt(3), "device", "d" + random.nextInt(2)));
        return new Event(user, item, time, null, EventType.NONE, context);
    }
}
