package io.github.ttt4rec.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.data.DataSource;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.Split.Part;
import io.github.ttt4rec.data.SplitSpec;
import io.github.ttt4rec.data.read.Datasets;
import io.github.ttt4rec.eval.EvaluationOptions;
import io.github.ttt4rec.eval.Evaluator;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.neighbour.ItemKnn;
import io.github.ttt4rec.neighbour.MarkovChain;
import io.github.ttt4rec.neighbour.RecentPopularity;
import io.github.ttt4rec.neighbour.VsKnn;
import io.github.ttt4rec.recommend.CaseBlock;
import io.github.ttt4rec.recommend.NetworkConfig;
import io.github.ttt4rec.recommend.Popularity;
import io.github.ttt4rec.recommend.Recommender;
import io.github.ttt4rec.train.Trainer;
import io.github.ttt4rec.train.TrainingListener;
import java.net.URISyntaxException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Events outside the training part have no influence on training: if they change, the result stays bit-identical. */
class FutureTest {
    private static final long SEED = 15_2026;
    private static final int USERS = 60;
    private static final int ITEMS = 25;
    private static final long START = 1_600_000_000_000_000L;
    private static final long RANGE = 1_000_000_000_000L;
    private static final List<String> SPLITS =
            List.of("temporal:0.6,0.8", "temporal:2020-09-20T12:00,2020-09-23", "3:2:5", "leave-one-out");

    private static final Map<String, Function<Split, Recommender>> METHODS = new LinkedHashMap<>(Map.of(
            "popularity", Popularity::of,
            "recent-popularity", RecentPopularity::new,
            "item-knn", split -> new ItemKnn(split, ItemKnn.Options.defaults()),
            "vsknn", split -> new VsKnn(split, VsKnn.Options.defaults()),
            "markov", MarkovChain::new));

    /** Users who stay throughout, users who leave before all cuts, and users who first appear after all cuts. */
    private static Dataset data() {
        Random random = new Random(SEED);
        int[] offsets = new int[USERS + 1];
        List<long[]> times = new ArrayList<>();
        for (int user = 0; user < USERS; user++) {
            long from = user % 3 == 2 ? RANGE * 17 / 20 : 0;
            long range = user % 3 == 1 ? RANGE / 4 : RANGE - from;
            long[] own = random.longs(4 + random.nextInt(12), START + from, START + from + range)
                    .sorted()
                    .toArray();
            times.add(own);
            offsets[user + 1] = offsets[user] + own.length;
        }
        int[] events = random.ints(offsets[USERS], 1, ITEMS + 1).toArray();
        return dataset(
                offsets, events, times.stream().flatMapToLong(Arrays::stream).toArray());
    }

    private static Dataset dataset(int[] offsets, int[] events, long[] times) {
        return new Dataset(
                ids("u", USERS), ids("i", ITEMS), offsets, events, times, true, new DataSource("made", "", List.of()));
    }

    private static IdMap ids(String prefix, int count) {
        return new IdMap(IntStream.range(0, count).mapToObj(i -> prefix + i).toList());
    }

    /** The same events up to each user's first event of {@code part}, and from there on other items at other times. */
    private static Dataset withOtherFuture(Split split, Part part) {
        Random random = new Random(SEED + 1);
        Dataset data = split.data();
        int[] events = data.events().clone();
        long[] times = data.times().clone();
        for (int user = 0; user < data.userCount(); user++) {
            int first = part == Part.VALIDATION ? split.validStart()[user] : split.testStart()[user];
            for (int at = data.start(user) + first; at < data.offsets()[user + 1]; at++) {
                events[at] = 1 + random.nextInt(ITEMS);
                times[at] += random.nextLong(1000);
            }
            Arrays.sort(times, data.start(user) + first, data.offsets()[user + 1]);
        }
        assertThat(events).isNotEqualTo(data.events());
        return dataset(data.offsets(), events, times);
    }

    private static SplitSpec spec(String text) {
        return SplitSpec.parse(text);
    }

    /**
     * The split at the bounds of {@code split} of a data set with another future, so that the training events are the
     * same.
     */
    private static Split otherFuture(Split split, Part part) {
        Split other = new Split(split.protocol(), withOtherFuture(split, part), split.validStart(), split.testStart());
        if (split.protocol().startsWith("temporal 2")) {
            Split again = spec("temporal:2020-09-20T12:00,2020-09-23").apply(other.data());
            assertThat(again.validStart()).isEqualTo(split.validStart());
            assertThat(again.testStart()).isEqualTo(split.testStart());
        }
        return other;
    }

    static Stream<List<String>> methodsAndSplits() {
        return METHODS.keySet().stream()
                .sorted()
                .flatMap(method -> SPLITS.stream().map(split -> List.of(method, split)));
    }

    @ParameterizedTest
    @MethodSource("methodsAndSplits")
    void methodsWithoutANetworkIgnoreTheFuture(List<String> methodAndSplit) {
        Function<Split, Recommender> maker = Objects.requireNonNull(METHODS.get(methodAndSplit.getFirst()));
        Split split = spec(methodAndSplit.getLast()).apply(data());
        assertThat(scores(maker.apply(otherFuture(split, Part.VALIDATION))))
                .as("seed %d", SEED)
                .isEqualTo(scores(maker.apply(split)));
    }

    /** The scores after histories of every item and of random ones. */
    private static float[] scores(Recommender recommender) {
        Random random = new Random(SEED + 2);
        int[] offsets = new int[USERS + 1];
        for (int user = 0; user < USERS; user++) {
            offsets[user + 1] = offsets[user] + (user < ITEMS ? 2 : 3 + random.nextInt(6));
        }
        int[] events = random.ints(offsets[USERS], 1, ITEMS + 1).toArray();
        for (int user = 0; user < ITEMS; user++) {
            events[offsets[user]] = user + 1;
        }
        Dataset probes = dataset(offsets, events, new long[events.length]);
        int[] users = IntStream.range(0, USERS).toArray();
        int[] ends = Arrays.stream(users).map(user -> probes.length(user) - 1).toArray();
        float[] scores = new float[USERS * (ITEMS + 1)];
        recommender.newScorer().score(new CaseBlock(probes, users, ends), scores);
        for (int user = 0; user < USERS; user++) {
            scores[user * (ITEMS + 1)] = 0; // the score of index 0, which is undefined
        }
        return scores;
    }

    static Stream<List<String>> networksAndSplits() {
        return Stream.concat(
                RecommenderTypes.networks().stream()
                        .flatMap(type -> SPLITS.stream().map(split -> List.of(split, "type=" + type))),
                Stream.of("sampled_ce", "bce", "gbce", "bpr")
                        .map(loss -> List.of(SPLITS.getFirst(), "loss=" + loss, "negative_sampling=popularity")));
    }

    @ParameterizedTest
    @MethodSource("networksAndSplits")
    void networksIgnoreTheFuture(List<String> splitAndSettings) throws InterruptedException {
        List<String> settings = splitAndSettings.subList(1, splitAndSettings.size());
        Split split = spec(splitAndSettings.getFirst()).apply(data());
        // With one epoch, the weights do not depend on validation. With two, validation chooses between them, but the
        // test part never matters.
        for (Part part : List.of(Part.VALIDATION, Part.TEST)) {
            int epochs = part == Part.VALIDATION ? 1 : 2;
            assertThat(weights(otherFuture(split, part), settings, epochs))
                    .as("seed %d, another %s part", SEED, part)
                    .isEqualTo(weights(split, settings, epochs));
        }
    }

    private static float[] weights(Split split, List<String> settings, int epochs) throws InterruptedException {
        List<String> all = new ArrayList<>(settings);
        all.addAll(List.of("max_len=8", "hidden_size=8", "train.epochs=" + epochs));
        RunConfig config = RunConfigs.set(RunConfig.defaults(), all);
        SequenceModel network =
                ((NetworkConfig) config.model()).create(split.data().itemCount());
        network.parameters().initialize(SEED);
        try (Trainer trainer = new Trainer(network, config.train(), split, SEED, 1, TrainingListener.SILENT)) {
            assertThat(trainer.train(null, "")).isTrue();
        }
        FloatBuffer weights =
                FloatBuffer.allocate(Math.toIntExact(network.parameters().size()));
        network.parameters().all().forEach(parameter -> weights.put(parameter.value(), 0, parameter.size()));
        return weights.array();
    }

    @Test
    void itemsLaunchedAfterTheCutAreUnknownToPopularity() throws URISyntaxException, InterruptedException {
        Path log = Path.of(Objects.requireNonNull(FutureTest.class.getResource("/logs/min_leak.csv"))
                .toURI());
        Dataset data = Datasets.read(log, ReadOptions.defaults(), PrepareOptions.keepAll());
        Split split = spec("temporal:1600500000,1601500000").apply(data);
        EvaluationOptions options = EvaluationOptions.defaults("all").withBootstrap(0, 0);
        assertThat(new Evaluator(options)
                        .evaluate(Popularity.of(split), split, Part.TEST)
                        .value("HR@10"))
                .isZero();
    }
}
