package io.github.ttt4rec.serve.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.baseline.Bert4Rec;
import io.github.ttt4rec.baseline.Gru4Rec;
import io.github.ttt4rec.baseline.SasRec;
import io.github.ttt4rec.recommend.HistoryPolicy;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.NetworkConfig;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.serve.SmallModels;
import io.github.ttt4rec.serve.store.Durability;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreConfig;
import io.github.ttt4rec.ttt.InnerModelType;
import io.github.ttt4rec.ttt.TttConfig.Backbone;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that an answer equals the library's batch forward pass over the same history, after arbitrary interleavings of
 * appends, duplicates and unknown items, evictions, restarts, model swaps, added items, forgotten users, and removals
 * by retention.
 */
class EquivalenceTest {
    private static final long SEED = 4096;
    private static final int STEPS = 250;
    private static final int USERS = 6;

    private static final Map<NetworkConfig, List<TrainedModel>> MODELS = new HashMap<>();

    @TempDir
    private Path directory;

    static Stream<Arguments> cases() {
        Stream<NetworkConfig> networks = Stream.of(
                SmallModels.ttt(InnerModelType.LINEAR, Backbone.TRANSFORMER),
                SmallModels.ttt(InnerModelType.MLP, Backbone.TRANSFORMER),
                SmallModels.ttt(InnerModelType.LINEAR, Backbone.MAMBA),
                SmallModels.ttt(InnerModelType.MLP, Backbone.MAMBA),
                new Gru4Rec.Config(8, 12, 1, 0.1),
                new SasRec.Config(1, 2, 8, 16, 0.1, 0.1, 2 * SmallModels.MAX_LEN),
                new Bert4Rec.Config(1, 2, 8, 16, 0.1, 0.1, 0.2, 0.5, SmallModels.MAX_LEN));
        return networks.flatMap(network -> Stream.of(HistoryPolicy.values())
                .filter(policy -> reads(network, policy))
                .map(policy -> Arguments.of(network, policy)));
    }

    private static boolean reads(NetworkConfig network, HistoryPolicy policy) {
        return switch (policy) {
            case WINDOW -> true;
            case RESET, HOP -> !(network instanceof Bert4Rec.Config);
            case UNBOUNDED -> network.create(1).maxLength() == Integer.MAX_VALUE;
        };
    }

    @ParameterizedTest
    @MethodSource("cases")
    void answersAreTheBatchForwards(NetworkConfig network, HistoryPolicy policy) {
        long seed = SEED + (network + " " + policy).hashCode();
        new Play(network, policy, new SplittableRandom(seed), "seed " + seed).run();
    }

    private final class Play {
        private final HistoryPolicy policy;
        private final SplittableRandom random;
        private final String seed;
        private final List<TrainedModel> models;
        private final StoreConfig storeConfig;
        private final Path file = directory.resolve("state.db");
        private final Map<String, List<Event>> truth = new HashMap<>();
        private final Set<String> blocked = new HashSet<>();

        private TrainedModel model;
        private Engine engine;
        private int events;
        private int checks;

        Play(NetworkConfig network, HistoryPolicy policy, SplittableRandom random, String seed) {
            this.policy = policy;
            this.random = random;
            this.seed = seed;
            models = MODELS.computeIfAbsent(
                    network,
                    config -> List.of(
                            SmallModels.of(config, 20, 1),
                            SmallModels.of(config, 26, 2),
                            SmallModels.of(config, 20, 3)));
            boolean all = policy == HistoryPolicy.UNBOUNDED || random.nextBoolean();
            storeConfig = new StoreConfig(Durability.OFF, all ? 0 : 2 * SmallModels.MAX_LEN + 1, Duration.ZERO);
            model = models.getFirst();
            engine = open();
        }

        private Engine open() {
            // Memory for nothing, a few users, a few fast weights, everything.
            long bytes = new long[] {0, 4_000, 20_000, 1 << 22}[random.nextInt(4)];
            return Engine.open(model, EventStore.open(file, storeConfig), new EngineConfig(policy, bytes));
        }

        void run() {
            try {
                for (int step = 0; step < STEPS; step++) {
                    int dice = random.nextInt(100);
                    if (dice < 60) {
                        append();
                    } else if (dice < 92) {
                        check(user());
                    } else if (dice < 94) {
                        forget(user());
                    } else if (dice < 96) {
                        engine.close();
                        engine = open();
                        model = engine.trained();
                    } else if (dice < 98) {
                        engine.swap(models.get(random.nextInt(models.size())));
                        model = engine.trained();
                    } else if (dice < 99) {
                        addItem();
                    } else {
                        block();
                    }
                }
                truth.keySet().forEach(this::check);
                assertThat(checks).as(seed).isGreaterThan(STEPS / 5);
            } finally {
                engine.close();
            }
        }

        private String user() {
            return "user " + random.nextInt(USERS);
        }

        /**
         * Generates few events of one user or many of many users; some are repeated, some are of items that no model or
         * not every model knows.
         */
        private void append() {
            List<Event> batch = new ArrayList<>();
            List<AppendResult> expected = new ArrayList<>();
            String one = user();
            int size = 1 + (random.nextInt(4) == 0 ? random.nextInt(25) : random.nextInt(2));
            boolean many = random.nextBoolean();
            for (int i = 0; i < size; i++) {
                String user = many ? user() : one;
                List<Event> history = truth.computeIfAbsent(user, name -> new ArrayList<>());
                int recent = Math.min(history.size(), 5);
                if (recent > 0 && random.nextInt(8) == 0) {
                    int position = history.size() - 1 - random.nextInt(recent);
                    String id = history.get(position).eventId();
                    batch.add(new Event(user, "i" + random.nextInt(20), events, id));
                    expected.add(new AppendResult(AppendResult.Status.DUPLICATE, position, id));
                } else {
                    String item = random.nextInt(12) == 0 ? "new " + random.nextInt(3) : "i" + random.nextInt(28);
                    Event event = new Event(user, item, events, "event " + events++);
                    boolean known = model.items().indexOf(item) != null;
                    batch.add(event);
                    expected.add(new AppendResult(
                            known ? AppendResult.Status.ACCEPTED : AppendResult.Status.ACCEPTED_UNKNOWN_ITEM,
                            history.size(),
                            event.eventId()));
                    history.add(event);
                }
            }
            assertThat(engine.append(batch)).as(seed).isEqualTo(expected);
            if (random.nextBoolean()) {
                check(batch.getLast().user());
            }
        }

        private void check(String user) {
            List<String> history = truth.getOrDefault(user, List.of()).stream()
                    .map(Event::item)
                    .toList();
            blocked.forEach(item -> engine.setAvailability(item, true));
            Recommended answer = engine.recommend(user, 100, ItemFilter.NONE);
            Reference.assertSame(seed + ", " + user, model, policy, history, answer);
            Reference.assertSame(
                    seed + ", history of " + user,
                    model,
                    policy,
                    history,
                    engine.recommend(history, 100, ItemFilter.NONE));
            blocked.forEach(item -> engine.setAvailability(item, false));
            checkFilter(user, history, answer);
            checks++;
        }

        /**
         * Checks that the filtered list is the whole list without the excluded items; seen items are those of the kept
         * events.
         */
        private void checkFilter(String user, List<String> history, Recommended all) {
            List<String> exclude = List.of("i" + random.nextInt(20), "nothing");
            long kept = storeConfig.maxEventsPerUser();
            long step = Math.max(1, kept / 8);
            long first = kept == 0 ? 0 : Math.max(0, (history.size() - kept) / step * step);
            Set<String> hidden = new HashSet<>(blocked);
            hidden.addAll(exclude);
            hidden.addAll(history.subList((int) first, history.size()));
            int k = 1 + random.nextInt(12);
            List<Recommendation> expected = all.items().stream()
                    .filter(item -> !hidden.contains(item.item()))
                    .limit(k)
                    .toList();
            List<Recommendation> filtered = engine.recommend(user, k, new ItemFilter(null, exclude, true))
                    .items();
            assertThat(filtered).as(seed).hasSameSizeAs(expected);
            for (int i = 0; i < filtered.size(); i++) {
                assertThat(hidden).as(seed).doesNotContain(filtered.get(i).item());
                // The scores must be equal; items with equal scores may change places when a state is rebuilt.
                assertThat(filtered.get(i).score())
                        .as(seed + ", place " + i)
                        .isCloseTo(expected.get(i).score(), within(Reference.TOLERANCE));
            }
        }

        private void forget(String user) {
            assertThat(engine.forget(user)).as(seed).isEqualTo(truth.remove(user) != null);
            assertThat(engine.user(user)).isEmpty();
        }

        private void addItem() {
            String item = "new " + random.nextInt(3);
            if (model.items().indexOf(item) == null) {
                engine.addItem(item, List.of("i" + random.nextInt(20), "i" + random.nextInt(20)));
                model = engine.trained();
                assertThat(model.items().indexOf(item)).isNotNull();
            }
        }

        private void block() {
            String item = "i" + random.nextInt(20);
            boolean available = !blocked.add(item);
            if (available) {
                blocked.remove(item);
            }
            engine.setAvailability(item, available);
        }
    }
}
