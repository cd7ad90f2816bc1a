package io.github.ttt4rec.hybrid;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.internal.LearnedTables;
import io.github.ttt4rec.internal.retrieval.Ranked;
import io.github.ttt4rec.internal.retrieval.Retriever;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.io.internal.SavedModel;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.recommend.HistoryPolicy;
import io.github.ttt4rec.recommend.Query;
import io.github.ttt4rec.recommend.SequenceRecommender;
import io.github.ttt4rec.recommend.TwoStageRecommender;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A network with the fitted output layer. The history policy decides what the network reads; the output layer reads the
 * last {@link HybridConfig#historyEvents()} events under every policy. A live user's state is the network's state and
 * these events with their times.
 */
final class HybridRecommender implements TwoStageRecommender {
    /** The prefix of the names of all tensors except the network's. */
    static final String PREFIX = SavedModel.SECOND_STAGE;

    /** The name of the tensor with the numbers of related items and of events, for {@link HybridConfig#withReach}. */
    private static final String REACH = PREFIX + "reach";

    private final HybridConfig config;
    private final SequenceRecommender network;
    private final ItemTables tables;
    private final OutputWeights weights;
    private final OutputTable output;
    /** The counts of live events that are added to the tables; null for none. */
    private final @Nullable LiveTables live;

    private final boolean timed;

    HybridRecommender(HybridConfig config, SequenceRecommender network, ItemTables tables, OutputWeights weights) {
        this(config, network, tables, weights, new OutputTable(network.network(), tables), null);
    }

    private HybridRecommender(
            HybridConfig config,
            SequenceRecommender network,
            ItemTables tables,
            OutputWeights weights,
            OutputTable output,
            @Nullable LiveTables live) {
        this.config = config;
        this.network = network;
        this.tables = tables;
        this.weights = weights;
        this.output = output;
        this.live = live;
        timed = config.useTimes() && tables.areTimed();
    }

    /**
     * Restores a recommender from its {@link #tensors}.
     *
     * @param network the network with its weights
     * @throws UserFacingException if a tensor is missing, damaged or of another shape
     */
    public static HybridRecommender load(HybridConfig config, SequenceRecommender network, TensorFile file) {
        ItemTables tables = ItemTables.load(file, network.itemCount());
        return new HybridRecommender(
                reach(config, file), network, tables, OutputWeights.load(file, PREFIX + "weights"));
    }

    /** The settings with the reach that the fit chose. A file without it, as of an earlier version, has that of the settings. */
    private static HybridConfig reach(HybridConfig config, TensorFile file) {
        if (!file.tensors().containsKey(REACH)) {
            return config;
        }
        int[] reach = file.ints(REACH, 2);
        if (reach[0] < 1 || reach[1] < 1) {
            throw file.problem(REACH, "must be positive");
        }
        return config.withReach(reach[0], reach[1]);
    }

    @Override
    public SequenceRecommender firstStage() {
        return network;
    }

    @Override
    public boolean readsTimes() {
        return timed;
    }

    /** The number of last events whose related items add to the logits. */
    int memoryEvents() {
        return config.memoryEvents();
    }

    OutputWeights weights() {
        return weights;
    }

    @Override
    public HybridRecommender withNetwork(SequenceModel other) {
        return new HybridRecommender(config, network.withNetwork(other), tables, weights, output, live);
    }

    @Override
    public HybridRecommender refit(SequenceRecommender other, Split split) {
        return new HybridRecommender(config, other, ItemTables.count(TrainingEvents.of(split), config), weights);
    }

    @Override
    public HybridRecommender withMeanPopularity(BitSet items) {
        return new HybridRecommender(config, network, tables.withMeanPopularity(items), weights);
    }

    @Override
    public HybridRecommender learning(LearnedTables.View learned, long[] training) {
        return new HybridRecommender(
                config, network, tables, weights, output, new LiveTables(tables, learned, training));
    }

    /**
     * {@inheritDoc}
     *
     * <p>The popularity and the vectors of a new item are the means of those of the items it is similar to. The tables
     * do not relate it to other items until the next training.
     */
    @Override
    public HybridRecommender withItems(SequenceModel all, List<int[]> similar) {
        float[] popularity = extended(tables.popularity(), similar);
        float[] fresh = extended(tables.freshPopularity(), similar);
        ItemTables larger = tables.withItems(similar.size(), popularity, fresh);
        return new HybridRecommender(
                config, network.withLargerNetwork(all), larger, weights, output.withItems(all, larger), null);
    }

    @SuppressWarnings("ReferenceEquality") // other arrays with the same items are only averaged again
    private static float[] extended(float[] values, List<int[]> similar) {
        float[] larger = Arrays.copyOf(values, values.length + similar.size());
        for (int i = 0; i < similar.size(); i++) {
            if (i > 0 && similar.get(i) == similar.get(i - 1)) {
                // The same items, such as all items for each item of an encoder, have the same mean.
                larger[values.length + i] = larger[values.length + i - 1];
                continue;
            }
            double sum = 0;
            for (int item : similar.get(i)) {
                sum += larger[item];
            }
            larger[values.length + i] = (float) (sum / similar.get(i).length);
        }
        return larger;
    }

    @Override
    public int itemCount() {
        return network.itemCount();
    }

    @Override
    public HistoryPolicy policy() {
        return network.policy();
    }

    @Override
    public Optional<String> refusal(HistoryPolicy policy) {
        return network.refusal(policy);
    }

    @Override
    public HybridRecommender withPolicy(HistoryPolicy policy) {
        return new HybridRecommender(config, network.withPolicy(policy), tables, weights, output, live);
    }

    @Override
    public long start(long n) {
        return network.start(n);
    }

    @Override
    public boolean readsKinds() {
        return network.readsKinds();
    }

    @Override
    public long longestHistory() {
        return Math.max(network.longestHistory(), config.historyEvents());
    }

    @Override
    public List<TensorData> tensors() {
        List<TensorData> tensors = new ArrayList<>(network.tensors());
        tensors.addAll(tables.tensors());
        tensors.add(new TensorData.Floats(
                PREFIX + "weights", new int[] {OutputWeights.FEATURES, OutputWeights.GATES}, weights.values()));
        tensors.addAll(weights.range().tensors(PREFIX + "weights"));
        tensors.add(new TensorData.Ints(REACH, new int[] {2}, new int[] {config.neighbours(), config.memoryEvents()}));
        return tensors;
    }

    @Override
    public Optional<float[]> similarities(int item) {
        return network.similarities(item);
    }

    /** {@inheritDoc} These come from the table of co-occurrences. */
    @Override
    public Optional<Ranked> boughtTogether(int item) {
        return Optional.of(tables.cooccurrence().list(item));
    }

    @Override
    public Optional<Cosines> cosines() {
        return network.cosines();
    }

    private HybridLogits newLogits() {
        return new HybridLogits(output, weights, new ItemFeatures(config, tables, live));
    }

    @Override
    public Scorer newScorer() {
        SequenceRecommender.VectorScorer vectors = network.newVectorScorer();
        HybridLogits logits = newLogits();
        int d = network.network().hiddenSize();
        return (block, scores) -> {
            float[] hidden = new float[block.size() * d];
            vectors.vectors(block, hidden);
            float[] queries = new float[block.size() * output.size()];
            HybridLogits.Added[] added = new HybridLogits.Added[block.size()];
            for (int i = 0; i < block.size(); i++) {
                logits.read(block.history(i), hidden, i * d, queries, i * output.size());
                added[i] = logits.added();
            }
            output.score(block.size(), queries, scores);
            for (int i = 0; i < block.size(); i++) {
                added[i].addTo(scores, i * (itemCount() + 1));
            }
        };
    }

    @Override
    public Reader newReader() {
        return new HybridReader();
    }

    private final class HybridReader implements Reader {
        private final Reader reader = network.newReader();
        private final HybridLogits logits = newLogits();
        /** Allocated on first use. */
        private float[] scores = {};

        @Override
        public Optional<SequenceState> newState() {
            return reader.newState();
        }

        @Override
        public float[] append(SequenceState state, int... items) {
            return reader.append(state, items);
        }

        @Override
        public void appendInto(SequenceState state, float[] vector, int... items) {
            reader.appendInto(state, vector, items);
        }

        @Override
        public boolean isPersonal(Query query) {
            return reader.isPersonal(query);
        }

        @Override
        public Ranked top(Query query, int k, BitSet allowed) {
            return top(query, k, allowed, output.retriever());
        }

        @Override
        public Ranked topOnce(Query query, int k, BitSet allowed) {
            return top(query, k, allowed, output.retrieverForOneList());
        }

        private Ranked top(Query query, int k, BitSet allowed, Retriever retriever) {
            return logits.top(query.history(), query.vector(), k, allowed, retriever);
        }

        @Override
        public float[] score(Query query) {
            if (scores.length == 0) {
                scores = new float[itemCount() + 1];
            }
            logits.score(query.history(), query.vector(), scores);
            return scores;
        }

        @Override
        public List<Explanation> explain(Query query, int... items) {
            return logits.explain(query.history(), query.vector(), items);
        }
    }
}
