package io.github.ttt4rec.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.model.Objective;
import io.github.ttt4rec.model.SequenceBatch;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.recommend.HistoryPolicy;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.NetworkConfig;
import io.github.ttt4rec.recommend.Query;
import io.github.ttt4rec.recommend.Recommendation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModelReaderTest {
    private static final long SEED = 59;

    static Stream<NetworkConfig> all() {
        return Networks.all();
    }

    static Stream<NetworkConfig> withoutWindow() {
        return Networks.all()
                .filter(config -> config.create(1).maxLength() == Integer.MAX_VALUE
                        && config.create(1).objective() instanceof Objective.NextItem);
    }

    /** Reading a history at once, or event by event with alternating readers, gives the vector of one forward pass. */
    @ParameterizedTest
    @MethodSource("withoutWindow")
    void historyInAnyPartsGivesTheVectorOfOnePass(NetworkConfig config) {
        TrainedModel model = Networks.model(config, SEED);
        // More tokens than one pass takes.
        int[] items = Networks.items(new Random(SEED), 1100);
        float[] expected = lastOfOnePass(model.network(), items);
        assertClose(expected, model.newReader().append(model.network().newState(), items));

        ModelReader[] readers = {model.newReader(), model.newReader()};
        SequenceState state = model.network().newState();
        float[] hidden = {};
        for (int i = 0; i < items.length; i++) {
            hidden = readers[i % 2].append(state, items[i]);
        }
        assertClose(expected, hidden);
        assertThat(state.events()).isEqualTo(items.length);
    }

    private static float[] lastOfOnePass(SequenceModel network, int[] items) {
        int d = network.hiddenSize();
        float[] all = network.encode(Tape.forward(), SequenceBatch.of(items, new Segments(new int[] {0, items.length})))
                .data();
        return Arrays.copyOfRange(all, (items.length - 1) * d, items.length * d);
    }

    private static void assertClose(float[] expected, float[] actual) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).as("seed %d", SEED).isCloseTo(expected[i], within(2e-5f));
        }
    }

    /** The scores equal those that an evaluation gives for the history, for any part of it that the policy reads. */
    @ParameterizedTest
    @MethodSource("all")
    void readerGivesTheScoresOfTheEvaluation(NetworkConfig config) {
        TrainedModel model = Networks.model(config, SEED);
        ModelReader reader = model.newReader();
        int[] items = Networks.items(new Random(SEED), Networks.MAX_LEN);
        BitSet allowed = ItemFilter.NONE.allowed(model.items());
        List<Recommendation> best =
                reader.recommend(Query.of(reader.append(model.network().newState(), items)), 10, allowed);
        List<String> history =
                Arrays.stream(items).mapToObj(model.items()::name).toList();
        assertThat(model.recommend(history, 10)).isEqualTo(best);
        Session session = model.newSession();
        history.forEach(session::append);
        List<Recommendation> live = session.recommend(10);
        for (int i = 0; i < 10; i++) {
            assertThat(live.get(i).score()).isCloseTo(best.get(i).score(), within(1e-4f));
        }
    }

    /** Threads with a reader each take turns with users' states and vectors; no result may be mixed up. */
    @Test
    void readersOfManyThreadsDoNotTouchEachOther() throws Exception {
        TrainedModel model = Networks.model(Networks.ttt().findFirst().orElseThrow(), SEED);
        int users = 40;
        int[][] histories = new int[users][];
        List<float[]> vectors = new ArrayList<>();
        List<List<Recommendation>> lists = new ArrayList<>();
        BitSet all = ItemFilter.NONE.allowed(model.items());
        ModelReader alone = model.newReader();
        Random random = new Random(SEED);
        for (int user = 0; user < users; user++) {
            histories[user] = Networks.items(random, 1 + random.nextInt(30));
            vectors.add(alone.append(model.network().newState(), histories[user]));
            lists.add(alone.recommend(Query.of(vectors.get(user)), 7, all));
        }
        try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
            List<Future<?>> futures = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                int first = thread;
                futures.add(executor.submit(() -> {
                    ModelReader reader = model.newReader();
                    for (int i = 0; i < 20 * users; i++) {
                        int user = (i + 10 * first) % users;
                        SequenceState state = model.network().newState();
                        assertThat(reader.append(state, histories[user])).containsExactly(vectors.get(user));
                        assertThat(reader.recommend(Query.of(vectors.get(user)), 7, all))
                                .isEqualTo(lists.get(user));
                    }
                }));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        }
    }

    @Test
    void indicesOutsideTheCatalogueAreRefusedBeforeAnythingChanges() {
        TrainedModel model = Networks.model(Networks.ttt().findFirst().orElseThrow(), SEED);
        ModelReader reader = model.newReader();
        SequenceState state = model.network().newState();
        for (int[] bad : new int[][] {{1, 2, 0}, {1, Networks.ITEMS + 1}, {-1}, {}}) {
            assertThatThrownBy(() -> reader.append(state, bad)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(state.events()).isZero();
    }

    /** Until an item has left the window, all policies read the same items, and so does a reader. */
    @Test
    void recommendReadsTheLastItemsOfTheEvaluatedPolicy() {
        TrainedModel model = Networks.model(Networks.ttt().findFirst().orElseThrow(), SEED);
        int maxLen = model.config().train().maxLen();
        int[] items = Networks.items(new Random(SEED), maxLen + 13);
        List<String> history =
                Arrays.stream(items).mapToObj(model.items()::name).toList();
        int from = HistoryPolicy.WINDOW.start(items.length, maxLen);
        ModelReader reader = model.newReader();
        float[] hidden = reader.append(model.network().newState(), Arrays.copyOfRange(items, from, items.length));
        BitSet unseen = ItemFilter.NONE.allowed(model.items());
        for (int item : items) {
            unseen.clear(item);
        }
        assertThat(model.recommend(history, 5, ItemFilter.UNSEEN))
                .isEqualTo(reader.recommend(Query.of(hidden), 5, unseen));
    }
}
