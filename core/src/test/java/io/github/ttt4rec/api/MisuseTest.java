package io.github.ttt4rec.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.Interaction;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Query;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wrong arguments are named. */
@SuppressWarnings("NullAway") // Callers in other languages or without a checker pass null.
class MisuseTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

    @TempDir
    private static Path directory;

    private static TrainedModel model;

    @BeforeAll
    static void train() throws InterruptedException {
        RunConfig config = Logs.small(1);
        model = Training.run(config.open(Logs.write(directory, 60)), config);
    }

    private static void isNull(ThrowingCallable call, String name) {
        assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessage(name);
    }

    private static void isRefused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
    }

    @Test
    void nullIsNamed() {
        List<String> history = List.of("i1", "i2");
        isNull(() -> TrainedModel.load(null), "directory");
        isNull(() -> model.save(null), "directory");
        isNull(() -> model.recommend(null, 3), "history");
        isNull(() -> model.recommend(Arrays.asList("i1", null), 3), "history[1]");
        isNull(() -> model.recommend(history, 3, null), "filter");
        isNull(() -> model.recommend(history, null, NOW, 3, ItemFilter.NONE), "times");
        isNull(() -> model.recommend(history, Arrays.asList(NOW, null), NOW, 3, ItemFilter.NONE), "times[1]");
        isNull(() -> model.similarItems(null, 3, ItemFilter.NONE), "item");
        isNull(() -> model.withItem(null, history), "id");
        isNull(() -> model.withItem("x", null), "similarTo");
        isNull(() -> model.withItems(null), "added");
        isNull(() -> new ItemFilter(null, null, false), "exclude");
        isNull(() -> new ItemFilter(Arrays.asList("i1", null), List.of(), false), "only has a null");
        isNull(() -> new Interaction(null, "i"), "user");
        isNull(() -> new Interaction("u", null), "item");
        isNull(() -> model.newReader().recommend(null, 3, new BitSet()), "query");
        isNull(() -> model.newReader().recommend(Query.of(), 3, null), "allowed");
    }

    @Test
    void numbersOutOfRangeAreNamed() {
        List<String> history = List.of("i1", "i2");
        isRefused(() -> model.recommend(history, -1), "k must be 0 or more, not -1");
        isRefused(() -> model.recommend(List.of(), -1), "k must be 0 or more, not -1");
        isRefused(() -> model.similarItems("i1", -1, ItemFilter.NONE), "k must be 0 or more, not -1");
        isRefused(() -> model.newSession().recommend(-1), "k must be 0 or more, not -1");
        isRefused(
                () -> model.recommend(history, new int[1], List.of(), NOW, 3, ItemFilter.NONE), "1 kinds for 2 items");
        isRefused(
                () -> model.recommend(history, List.of(NOW, Instant.MAX), NOW, 3, ItemFilter.NONE),
                "time is out of range");
        isRefused(() -> model.newReader().recommend(Query.of(1, 2, 3), 3, new BitSet()), "vector has 3 elements");
        isRefused(() -> model.newReader().explain(Query.of(), 99_999), "item index 99999 is not in 1..");
        assertThat(model.recommend(history, 0)).isEmpty();
        assertThat(model.recommend(history, Integer.MAX_VALUE)).hasSize(Logs.ITEMS);
        assertThat(model.recommend(List.of(), Integer.MAX_VALUE)).hasSize(Logs.ITEMS);
        assertThat(model.newSession().recommend(Integer.MAX_VALUE)).hasSize(Logs.ITEMS);
        assertThatThrownBy(() -> model.withItem("", history))
                .isInstanceOf(UserFacingException.class)
                .hasMessage("new item: the id is empty");
    }

    @Test
    void failedAppendLeavesTheSessionAsItWas() {
        Session session = model.newSession();
        session.append("i1", NOW);
        List<?> before = List.copyOf(session.recommend(5, ItemFilter.NONE, NOW));
        isNull(() -> session.append(null), "item");
        isNull(() -> session.append("i2", null), "time");
        isNull(() -> session.append("i2", NOW, null, 1), "type");
        isRefused(() -> session.append("i2", Instant.MAX), "time is out of range");
        assertThatThrownBy(() -> session.append("none", NOW)).isInstanceOf(UserFacingException.class);
        isNull(() -> session.recommend(3, null), "filter");
        assertThat(session.events()).isEqualTo(1);
        assertThat(session.recommend(5, ItemFilter.NONE, NOW)).isEqualTo(before);
    }

    /** Each call either takes effect or is refused, whatever the threads do. */
    @Test
    void sessionOfTwoThreadsRefusesCallsAtOnce() throws InterruptedException, ExecutionException {
        Session session = model.newSession();
        long appended = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<Integer>> both =
                    List.of(threads.submit(() -> append(session)), threads.submit(() -> append(session)));
            for (Future<Integer> one : both) {
                appended += one.get();
            }
        }
        assertThat(session.events()).isEqualTo(appended);
    }

    private static int append(Session session) {
        int appended = 0;
        for (int i = 0; i < 2_000; i++) {
            try {
                session.append("i1", NOW);
                appended++;
            } catch (IllegalStateException e) {
                assertThat(e).hasMessageContaining("in use by another thread");
            }
        }
        return appended;
    }
}
