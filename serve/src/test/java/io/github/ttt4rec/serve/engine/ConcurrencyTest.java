package io.github.ttt4rec.serve.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.recommend.HistoryPolicy;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Recommendations;
import io.github.ttt4rec.serve.SmallModels;
import io.github.ttt4rec.serve.store.Durability;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests many concurrent clients: every answer must be that of a prefix of the store's final order. */
class ConcurrencyTest {
    private static final long SEED = 16;
    private static final int CLIENTS = 16;
    private static final TrainedModel ONE = SmallModels.of(20, 1);
    private static final TrainedModel TWO = SmallModels.of(24, 2);

    @TempDir
    private Path directory;

    private record Answer(String user, Recommended recommended) {}

    private final Map<String, AppendResult> appended = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();

    private Engine open(HistoryPolicy policy, long cacheBytes) {
        StoreConfig config = new StoreConfig(Durability.NORMAL, 0, Duration.ZERO);
        return Engine.open(
                ONE, EventStore.open(directory.resolve("state.db"), config), new EngineConfig(policy, cacheBytes));
    }

    private static void atOnce(IntConsumer client) throws Exception {
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int c = 0; c < CLIENTS; c++) {
                int number = c;
                all.add(clients.submit(() -> client.accept(number)));
            }
        }
        for (Future<?> one : all) {
            one.get();
        }
    }

    private void append(Engine engine, List<Event> events) {
        List<AppendResult> results = engine.append(events);
        Map<String, Long> last = new HashMap<>();
        for (int i = 0; i < events.size(); i++) {
            String user = events.get(i).user();
            if (results.get(i).status() == AppendResult.Status.DUPLICATE) {
                assertThat(results.get(i).eventId()).isEqualTo(events.get(i).eventId());
            } else {
                assertThat(appended.put(user + " " + results.get(i).eventId(), results.get(i)))
                        .as("accepted twice")
                        .isNull();
            }
            last.merge(user, results.get(i).position(), Math::max);
        }
        last.forEach((user, position) -> {
            Recommended answer = engine.recommend(user, 100, ItemFilter.NONE);
            assertThat(answer.events()).as("reflects what was acknowledged").isGreaterThan(position);
            answers.add(new Answer(user, answer));
        });
    }

    private void check(Engine engine, HistoryPolicy policy, Set<String> users) {
        Map<String, List<String>> order = new HashMap<>();
        int stored = 0;
        for (String user : users) {
            UserView view = engine.user(user).orElseThrow();
            assertThat(view.history()).extracting(SeenItem::eventId).doesNotHaveDuplicates();
            for (SeenItem event : view.history()) {
                AppendResult result = appended.get(user + " " + event.eventId());
                assertThat(result.position()).isEqualTo(event.position());
                stored++;
            }
            order.put(user, view.history().stream().map(SeenItem::item).toList());
        }
        assertThat(stored).isEqualTo(appended.size());
        for (Answer answer : answers) {
            TrainedModel model = answer.recommended().modelVersion().equals(ONE.version()) ? ONE : TWO;
            List<String> prefix = order.get(answer.user())
                    .subList(0, (int) answer.recommended().events());
            Reference.assertSame("seed " + SEED, model, policy, prefix, answer.recommended());
        }
        users.forEach(user -> Reference.assertSame(
                "at the end", engine.trained(), policy, order.get(user), engine.recommend(user, 100, ItemFilter.NONE)));
    }

    @Test
    void sixteenClientsOfOneUserEndInOneOrder() throws Exception {
        HistoryPolicy policy = HistoryPolicy.HOP;
        try (Engine engine = open(policy, 1 << 20)) {
            atOnce(client -> {
                SplittableRandom random = new SplittableRandom(SEED + client);
                for (int i = 0; i < 25; i++) {
                    append(engine, List.of(new Event("anna", "i" + random.nextInt(22), i, null)));
                }
            });
            assertThat(engine.statistics().events()).isEqualTo(25L * CLIENTS);
            assertThat(engine.statistics().commits()).as("they share commits").isLessThan(25L * CLIENTS);
            check(engine, policy, Set.of("anna"));
        }
        try (Engine engine = open(policy, 0)) {
            check(engine, policy, Set.of("anna"));
        }
    }

    /** Two clients send each event, as after a lost answer, with different items: the first one is kept. */
    @Test
    void eventSentTwiceAtOnceIsThereOnce() throws Exception {
        HistoryPolicy policy = HistoryPolicy.UNBOUNDED;
        try (Engine engine = open(policy, 1 << 20)) {
            atOnce(client -> {
                for (int i = 0; i < 60; i++) {
                    append(engine, List.of(new Event("anna", "i" + (client + i) % 20, i, client / 2 + " " + i)));
                }
            });
            assertThat(engine.statistics().events()).isEqualTo(60L * CLIENTS / 2);
            assertThat(engine.statistics().duplicates()).isEqualTo(60L * CLIENTS / 2);
            check(engine, policy, Set.of("anna"));
        }
    }

    /** Batches over the same few users in random order, with too little memory, model swaps and deletions of users. */
    @Test
    void concurrentSwapsNeverMixModels() throws Exception {
        HistoryPolicy policy = HistoryPolicy.HOP;
        AtomicBoolean done = new AtomicBoolean();
        Set<String> users = new HashSet<>();
        for (int user = 0; user < 8; user++) {
            users.add("user " + user);
        }
        try (Engine engine = open(policy, 12_000);
                ExecutorService operator = Executors.newSingleThreadExecutor()) {
            Future<?> swaps = operator.submit(() -> {
                for (int i = 0; !done.get(); i++) {
                    engine.swap(i % 2 == 0 ? TWO : ONE);
                    engine.append(new Event("guest", "i" + i % 20, 0, "only"));
                    engine.recommend("guest", 3, ItemFilter.UNSEEN);
                    engine.forget("guest");
                    assertThat(engine.recommend("guest", 3, ItemFilter.NONE)
                                    .items()
                                    .basis())
                            .isEqualTo(Recommendations.Basis.POPULARITY);
                }
            });
            atOnce(client -> {
                SplittableRandom random = new SplittableRandom(SEED + client);
                for (int i = 0; i < 25; i++) {
                    List<Event> batch = new ArrayList<>();
                    int size = 1 + random.nextInt(6);
                    for (int e = 0; e < size; e++) {
                        batch.add(new Event(
                                "user " + random.nextInt(users.size()),
                                "i" + random.nextInt(26),
                                i,
                                client + " " + i + " " + e));
                    }
                    append(engine, batch);
                }
            });
            done.set(true);
            swaps.get();
            check(engine, policy, users);
        }
    }
}
