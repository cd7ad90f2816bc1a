package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.serve.store.Durability;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.Impression;
import io.github.ttt4rec.serve.store.StoreConfig;
import io.github.ttt4rec.serve.store.StoredItem;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A server that runs until it is killed. It reads lines {@code user item id} from standard input, appends each event
 * concurrently with others, stores attributes, a scenario and an impression with it, and acknowledges it by a line
 * {@code ack id position .}. With a model directory it is a complete engine, which also checks that its next answer
 * reflects the event; without one it is only the store.
 */
final class KilledChild {
    private KilledChild() {}

    public static void main(String[] args) throws Exception {
        StoreConfig config = new StoreConfig(Durability.FULL, 0, Duration.ZERO);
        EventStore store = EventStore.open(Path.of(args[0]), config);
        Engine engine = args.length > 1
                ? Engine.open(TrainedModel.load(Path.of(args[1])), store, new EngineConfig(null, 20_000))
                : null;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
                ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ", -1);
                Event event = new Event(words[0], words[1], 0, words[2]);
                requests.execute(() -> acknowledge(event, store, engine));
            }
        }
    }

    private static void acknowledge(Event event, EventStore store, Engine engine) {
        // Everything stored before the acknowledgement must survive as well.
        store.putItems(List.of(new StoredItem(event.item(), "{\"labels\":[\"sale\"]}")), Map.of());
        store.putScenario("of-" + event.user(), "{\"k\":3}");
        store.show(new Impression(event.user(), List.of("shown"), "page", event.eventId(), 0));
        long position;
        if (engine == null) {
            position = store.append(List.of(event)).getFirst().position();
        } else {
            position = engine.append(event).position();
            long reflected =
                    engine.recommend(event.user(), 3, ItemFilter.UNSEEN).events();
            if (reflected <= position) {
                throw new IllegalStateException(
                        "an answer reflects " + reflected + " events after position " + position);
            }
        }
        // A single write, so that a killed process does not leave part of a line that looks complete.
        byte[] line = ("ack " + event.eventId() + " " + position + " .\n").getBytes(StandardCharsets.US_ASCII);
        System.out.writeBytes(line);
        System.out.flush();
    }
}
