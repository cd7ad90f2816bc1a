package io.github.ttt4rec.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.benchmarks.load.TinyServer.Step;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Loads a small server that sometimes misbehaves. Times are only compared with lower bounds. */
class LoadGeneratorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<LoadResult.Interval> heard = new ArrayList<>();

    private final LoadListener listener = new LoadListener() {
        @Override
        public void connected(ServerView server) {
            assertThat(server).isEqualTo(new ServerView("abc", "ttt4rec", "hop", 3));
        }

        @Override
        public void preloading(long all) {}

        @Override
        public void warmingUp(double seconds) {}

        @Override
        public void interval(LoadResult.Interval interval) {
            heard.add(interval);
        }
    };

    private static LoadConfig config(TinyServer server, double rate, Duration duration, int connections) {
        return config(server.target(), null, rate, duration, Duration.ZERO, 0.25, 0, connections, PATIENCE);
    }

    private static LoadConfig config(
            LoadTarget target,
            @Nullable String token,
            double rate,
            Duration duration,
            Duration warmup,
            double eventsShare,
            int preload,
            int connections,
            Duration timeout) {
        Duration interval = Duration.ofSeconds(1);
        return new LoadConfig(
                target,
                token,
                rate,
                duration,
                warmup,
                20,
                0,
                eventsShare,
                10,
                false,
                preload,
                connections,
                timeout,
                interval,
                1,
                List.of());
    }

    private static LoadConfig changed(
            LoadConfig config, @Nullable String token, Duration warmup, int preload, Duration timeout) {
        return config(
                config.target(),
                token,
                config.rate(),
                config.duration(),
                warmup,
                config.eventsShare(),
                preload,
                config.connections(),
                timeout);
    }

    private static LoadConfig eventsAlone(LoadConfig config) {
        return config(
                config.target(),
                null,
                config.rate(),
                config.duration(),
                config.warmup(),
                1,
                0,
                config.connections(),
                config.timeout());
    }

    private LoadResult run(LoadConfig config) throws InterruptedException {
        return new LoadGenerator(config, listener).run();
    }

    @Test
    void everyRequestIsSentOnceAndCounted() throws IOException, InterruptedException {
        try (TinyServer server = new TinyServer(n -> Step.ANSWER)) {
            LoadConfig config =
                    changed(config(server, 400, Duration.ofSeconds(1), 8), null, Duration.ofMillis(250), 0, PATIENCE);
            LoadResult result = run(config);

            assertThat(server.requests()).isEqualTo(500);
            assertThat(result.requests()).isEqualTo(400);
            assertThat(result.all().count()).isEqualTo(400);
            assertThat(result.events().count() + result.recommendations().count())
                    .isEqualTo(400);
            assertThat(result.events().count()).isBetween(60L, 140L);
            long stored =
                    server.itemsByUser().values().stream().mapToLong(List::size).sum();
            assertThat(stored)
                    .isBetween(result.events().count(), result.events().count() + 100);
            assertThat(server.itemsByUser().values().stream().flatMap(List::stream))
                    .contains("a", "b \"quoted\"", "ç");
            assertThat(result.failed()).isZero();
            assertThat(result.retries()).isZero();
            assertThat(result.duplicates()).isZero();
            assertThat(result.stopped()).isFalse();

            Latencies all = result.all();
            assertThat(all.p50()).isPositive().isLessThanOrEqualTo(all.p90());
            assertThat(all.p99()).isBetween(all.p90(), all.p999());
            assertThat(all.max()).isGreaterThanOrEqualTo(all.p999());
            assertThat(result.intervals()).isNotEmpty().isEqualTo(heard);
            assertThat(heard.stream()
                            .mapToLong(interval -> interval.latencies().count())
                            .sum())
                    .isEqualTo(400);
            assertThat(heard.getLast().memory()).isEqualTo(new ServerMemory(100L << 20, 42L, (long)
                    server.itemsByUser().size()));
        }
    }

    /** The server is slow at one request only, but users would have waited in all requests that were due meanwhile. */
    @Test
    void serverThatStandsStillOnceShowsInTheTimesOfAllWhoWouldHaveWaited() throws IOException, InterruptedException {
        try (TinyServer server = new TinyServer(n -> {
            if (n == 50) {
                Thread.sleep(200);
            }
            return Step.ANSWER;
        })) {
            LoadResult result = run(config(server, 200, Duration.ofSeconds(1), 1));
            assertThat(result.all().count()).isEqualTo(200);
            // The i-th request after the slow one is due 5 i ms later, and cannot be answered before it.
            assertThat(result.all().max()).isGreaterThanOrEqualTo(199);
            assertThat(result.all().p99()).isGreaterThanOrEqualTo(189);
            assertThat(result.lateness().p99()).isGreaterThanOrEqualTo(184);
        }
    }

    @Test
    void lostAnswerIsAskedForAgainWithTheSameEventId() throws IOException, InterruptedException {
        // Every tenth request is processed but not answered, and therefore sent again.
        try (TinyServer server = new TinyServer(n -> n % 10 == 0 ? Step.LOSE_ANSWER : Step.ANSWER)) {
            LoadResult result = run(eventsAlone(config(server, 300, Duration.ofSeconds(1), 4)));
            assertThat(result.failures()).isEmpty();
            assertThat(result.events().count()).isEqualTo(300);
            assertThat(result.retries()).isEqualTo(server.requests() - 300).isBetween(30L, 40L);
            // Fewer if the answer to a retry was lost again.
            assertThat(result.duplicates()).isBetween(20L, result.retries());
            long stored =
                    server.itemsByUser().values().stream().mapToLong(List::size).sum();
            assertThat(stored).isEqualTo(300);
        }
    }

    @Test
    void refusedRequestsAreCountedByStatusWithAnExample() throws IOException, InterruptedException {
        try (TinyServer server = new TinyServer(n -> n % 4 == 3 ? Step.REFUSE : Step.ANSWER)) {
            LoadConfig config =
                    changed(config(server, 200, Duration.ofSeconds(1), 4), null, Duration.ofMillis(20), 0, PATIENCE);
            LoadResult result = run(config);
            assertThat(result.failures())
                    .containsExactly(
                            Map.entry("status 503", new LoadResult.Failure(50, "{\"detail\":\"too many requests\"}")));
            assertThat(result.all().count()).isEqualTo(150);
            assertThat(result.warmupFailures().get("status 503").count()).isEqualTo(1);
            assertThat(result.failed()).isEqualTo(51);
        }
    }

    @Test
    void requestWithoutAnAnswerInTimeGivesUp() throws IOException, InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        try (TinyServer server = new TinyServer(n -> {
            never.await();
            return Step.ANSWER;
        })) {
            LoadConfig config = changed(
                    config(server, 100, Duration.ofSeconds(1), 2), null, Duration.ZERO, 0, Duration.ofMillis(250));
            LoadResult result = run(config);
            assertThat(result.all().count()).isZero();
            assertThat(result.rateReached()).isFalse();
            assertThat(result.failures()).containsOnlyKeys("timed out", "not sent");
            assertThat(result.failed()).isEqualTo(100);
        }
    }

    @Test
    void usersGetTheirFirstEventsOnce() throws IOException, InterruptedException {
        try (TinyServer server = new TinyServer(n -> Step.ANSWER)) {
            LoadConfig config =
                    changed(config(server, 50, Duration.ofMillis(100), 2), null, Duration.ZERO, 7, PATIENCE);
            LoadResult result = run(config);
            assertThat(result.preloaded()).isEqualTo(20 * 7);
            assertThat(result.cold()).isZero();
            assertThat(server.itemsByUser()).hasSize(20).containsKeys("load-1", "load-20");
            assertThat(server.itemsByUser().values())
                    .allSatisfy(items -> assertThat(items).hasSizeGreaterThanOrEqualTo(7));
            assertThat(run(config).preloaded()).isZero();
        }
    }

    @Test
    void stopsWhenAskedWithWhatWasMeasured() throws IOException, InterruptedException {
        AtomicReference<LoadGenerator> generator = new AtomicReference<>();
        try (TinyServer server = new TinyServer(n -> {
            if (n == 20) {
                generator.get().requestStop();
            }
            return Step.ANSWER;
        })) {
            generator.set(new LoadGenerator(config(server, 100, Duration.ofHours(1), 2), listener));
            LoadResult result = generator.get().run();
            assertThat(result.stopped()).isTrue();
            assertThat(result.all().count()).isBetween(20L, 25L);
            assertThat(result.seconds()).isLessThan(3600);
        }
    }

    @Test
    void tokenIsSentAndItsAbsenceIsReported() throws IOException, InterruptedException {
        try (TinyServer server = new TinyServer(n -> Step.ANSWER)) {
            server.token = "sesame-open-0123456789";
            LoadConfig config = config(server, 20, Duration.ofMillis(100), 1);
            assertThatThrownBy(() -> run(config))
                    .isInstanceOf(UserFacingException.class)
                    .hasMessageContaining("--token-file");
            LoadResult result = run(changed(config, server.token, Duration.ZERO, 0, PATIENCE));
            assertThat(result.all().count()).isEqualTo(2);
        }
    }

    @Test
    void othersEventsAreNotMixedWithTheLoadsByMistake() throws IOException, InterruptedException {
        try (TinyServer server = new TinyServer(n -> Step.ANSWER)) {
            server.strangers = 7;
            LoadConfig config = config(server, 20, Duration.ofMillis(100), 1);
            assertThatThrownBy(() -> run(config))
                    .isInstanceOf(UserFacingException.class)
                    .hasMessageContaining("holds the events of 7 users", "--state", "--mix");
            assertThat(server.requests()).isZero();
            LoadConfig mixed = new LoadConfig(
                    config.target(),
                    null,
                    20,
                    config.duration(),
                    Duration.ZERO,
                    20,
                    0,
                    1,
                    10,
                    true,
                    0,
                    1,
                    PATIENCE,
                    config.interval(),
                    1,
                    List.of());
            assertThat(run(mixed).all().count()).isEqualTo(2);
            // From then on the generator recognises the server as one that it has loaded.
            assertThat(run(config).all().count()).isEqualTo(2);
        }
    }

    @Test
    void saysThatNoServerIsThere() throws IOException {
        LoadConfig config;
        try (TinyServer server = new TinyServer(n -> Step.ANSWER)) {
            config = config(server, 20, Duration.ofMillis(100), 1);
        }
        assertThatThrownBy(() -> run(config))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining(config.target() + ": no server answers", "ttt4rec serve --model DIR");
    }
}
