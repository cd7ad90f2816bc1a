package io.github.ttt4rec.serve.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.serve.store.Appended;
import io.github.ttt4rec.serve.store.Durability;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventContext;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.EventType;
import io.github.ttt4rec.serve.store.StoreConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContextLearnerTest {
    private static final long SEED = 9;
    private static final long DAY = 86_400_000_000L;

    @TempDir
    private Path directory;

    private EventStore store;

    @BeforeEach
    void open() {
        store = EventStore.open(directory.resolve("s.db"), new StoreConfig(Durability.OFF, 0, Duration.ZERO));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private ContextLearner learner(@Nullable EventRoles roles, int most) {
        return new ContextLearner(store, roles, most);
    }

    private ContextLearner anew(int most) {
        ContextLearner learner = learner(null, most);
        learner.catchUp();
        return learner;
    }

    private static Event event(String user, String item, long time, Map<String, String> context) {
        return new Event(user, item, time, null, EventType.NONE, EventContext.of(context));
    }

    private void append(ContextLearner learner, Event event) {
        Appended appended = store.append(List.of(event)).getFirst();
        learner.learn(appended.user(), appended.position(), event);
    }

    private static List<Event> events(int count) {
        Random random = new Random(SEED);
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Map<String, String> context = random.nextInt(3) == 0
                    ? Map.of()
                    : Map.of(
                            "country",
                            "c" + random.nextInt(4),
                            "device",
                            "d" + random.nextInt(2),
                            "referrer_item",
                            "i1");
            events.add(event("u" + random.nextInt(40), "i" + random.nextInt(10), DAY * random.nextInt(20), context));
        }
        return events;
    }

    @Test
    void countsByIncrementsEqualThoseOfTheWholeStore() {
        ContextLearner learner = anew(100_000);
        events(400).forEach(event -> append(learner, event));
        assertThat(learner.counts().snapshot())
                .as("seed %d", SEED)
                .containsKeys("", "country=c0", "device=d1")
                .hasSize(7)
                .isEqualTo(anew(100_000).counts().snapshot());
    }

    @Test
    void eventsMayBeLearnedInAnyOrder() {
        List<Event> events = events(400);
        List<Appended> appended = store.append(events);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(SEED));
        ContextLearner learner = learner(null, 100_000);
        order.forEach(i -> learner.learn(appended.get(i).user(), appended.get(i).position(), events.get(i)));
        assertThat(learner.counts().snapshot()).isEqualTo(anew(100_000).counts().snapshot());
    }

    @Test
    void forgottenUserIsTakenBackAndCountsAgainAfterReturning() {
        ContextLearner learner = anew(100_000);
        events(400).forEach(event -> append(learner, event));
        Event only = event("gone", "i3", DAY, Map.of("country", "only-here"));
        append(learner, only);
        assertThat(learner.counts().counted(List.of("country=only-here"))).hasSize(1);
        Appended late = store.append(List.of(only)).getFirst();
        for (String user : List.of("gone", "u1", "u2")) {
            store.forget(user);
            learner.forget(user);
        }
        learner.learn(late.user(), late.position(), only);
        assertThat(learner.counts().snapshot())
                .doesNotContainKey("country=only-here")
                .isEqualTo(anew(100_000).counts().snapshot());
        append(learner, only);
        assertThat(learner.counts().snapshot().get("country=only-here")).isEqualTo(Map.of("i3", Map.of(1, 1)));
    }

    @Test
    void boundHalvesTheUsersWhoCount() {
        ContextLearner learner = anew(300);
        events(800).forEach(event -> append(learner, event));
        assertThat(size(learner)).as("seed %d", SEED).isBetween(30, 300);
        assertThat(learner.counts().snapshot()).isEqualTo(anew(300).counts().snapshot());
    }

    private static int size(ContextLearner learner) {
        return learner.counts().snapshot().values().stream()
                .flatMap(items -> items.values().stream())
                .flatMap(days -> days.values().stream())
                .mapToInt(Integer::intValue)
                .sum();
    }

    @Test
    void onlyTheFirstEventsOfAUserCount() {
        ContextLearner learner = anew(100_000);
        List<Event> many =
                Collections.nCopies(ContextLearner.MAX_PER_USER + 50, event("bot", "i1", DAY, Map.of("country", "XX")));
        List<Appended> appended = store.append(many);
        for (int i = 0; i < many.size(); i++) {
            learner.learn(appended.get(i).user(), appended.get(i).position(), many.get(i));
        }
        assertThat(learner.counts().snapshot().get("country=XX"))
                .isEqualTo(Map.of("i1", Map.of(1, ContextLearner.MAX_PER_USER)));
        assertThat(learner.counts().snapshot()).isEqualTo(anew(100_000).counts().snapshot());
    }

    @Test
    void rolesDecideWhichEventsCount() {
        EventRoles roles = EventRoles.parse("buy,view=input,remove=negative,*=ignored");
        ContextLearner learner = learner(roles, 1_000);
        for (String type : List.of("buy", "view", "remove", "other")) {
            append(
                    learner,
                    new Event("u", type, DAY, null, EventType.of(type), EventContext.of(Map.of("country", "DE"))));
        }
        assertThat(learner.counts().snapshot().get("country=DE").keySet()).containsExactlyInAnyOrder("buy", "view");
    }

    @Test
    void referrerAloneIsNoContextToCount() {
        ContextLearner learner = anew(1_000);
        append(learner, event("u", "i1", DAY, Map.of("referrer_item", "i2")));
        assertThat(learner.counts().snapshot()).isEmpty();
    }
}
