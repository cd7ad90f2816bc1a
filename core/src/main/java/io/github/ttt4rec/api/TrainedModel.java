package io.github.ttt4rec.api;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.eval.EvaluationOptions;
import io.github.ttt4rec.eval.EvaluationResult;
import io.github.ttt4rec.eval.Evaluator;
import io.github.ttt4rec.io.ModelDirectory;
import io.github.ttt4rec.io.Provenance;
import io.github.ttt4rec.io.SavedModel;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.recommend.HistoryPolicy;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.recommend.Recommender;
import io.github.ttt4rec.recommend.SequenceRecommender;
import io.github.ttt4rec.retrieval.ExactScan;
import io.github.ttt4rec.retrieval.Ranked;
import io.github.ttt4rec.retrieval.Request;
import io.github.ttt4rec.retrieval.Retriever;
import io.github.ttt4rec.ttt.TttModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A trained model with its catalogue: string ids in, string ids out. Immutable; any number of threads may use it. */
public final class TrainedModel {
    private final RunConfig config;
    private final IdMap items;
    private final SequenceModel network;
    private final Provenance provenance;
    private final long[] popularity;
    /** Made when first asked for; two threads may both make the same. */
    private volatile @Nullable String version;

    private volatile @Nullable ItemSimilarity similarity;
    /** Made by one thread only: it may be large. */
    private volatile @Nullable Retriever retriever;

    TrainedModel(RunConfig config, IdMap items, SequenceModel network, Provenance provenance, long[] popularity) {
        this.config = config;
        this.items = items;
        this.network = network;
        this.provenance = provenance;
        this.popularity = popularity;
    }

    /** What it was made with. */
    public RunConfig config() {
        return config;
    }

    /** The catalogue. */
    public IdMap items() {
        return items;
    }

    /** The network with its weights. */
    public SequenceModel network() {
        return network;
    }

    /** How it came to be. */
    public Provenance provenance() {
        return provenance;
    }

    /**
     * The number of training interactions of each item by index, {@code V + 1} of them, entry 0 being 0. Empty for a model
     * that was saved before these were kept.
     */
    public long[] popularity() {
        return popularity.clone();
    }

    /**
     * Names what the model computes: 12 hexadecimal digits of a SHA-256 over the network's settings, the catalogue and the
     * weights. The same after saving and loading; another for a {@link #frozen} or an extended model.
     */
    public String version() {
        String known = version;
        if (known == null) {
            known = ModelVersion.of(this);
            version = known;
        }
        return known;
    }

    /**
     * Loads what {@link #save} saved.
     *
     * @throws UserFacingException that says in one line what is missing, damaged, foreign or does not fit together
     */
    public static TrainedModel load(Path directory) {
        SavedModel saved = ModelDirectory.load(directory);
        RunConfig config = RunConfigs.overlay(
                RunConfig.defaults(),
                saved.config(),
                directory.resolve(ModelDirectory.CONFIG).toString());
        SequenceModel network = config.model().create(saved.items().size());
        Map<String, int[]> shapes = new LinkedHashMap<>();
        for (Parameter parameter : network.parameters().all()) {
            shapes.put(parameter.name(), parameter.shape());
        }
        Map<String, float[]> weights =
                saved.weights(shapes, network.inputTable().name());
        for (Parameter parameter : network.parameters().all()) {
            System.arraycopy(weights.get(parameter.name()), 0, parameter.value(), 0, parameter.size());
        }
        network.parameters().updated();
        return new TrainedModel(config, saved.items(), network, saved.provenance(), saved.popularity());
    }

    /** Saves the model to a directory, replacing the model that is there as a whole or not at all. */
    public void save(Path directory) {
        List<TensorData.Floats> tensors = new ArrayList<>();
        for (Parameter parameter : network.parameters().all()) {
            tensors.add(new TensorData.Floats(parameter.name(), parameter.shape(), parameter.value()));
        }
        ModelDirectory.save(directory, RunConfigs.toMap(config), items, popularity, tensors, provenance);
    }

    /** This model with more results in its provenance, by name, such as {@code test NDCG@10}. */
    public TrainedModel withMetrics(Map<String, Double> more) {
        return sharing(new TrainedModel(config, items, network, provenance.withMetrics(more), popularity));
    }

    /**
     * This model with one more item; see {@link #withItems}.
     *
     * @param id its id, new to the catalogue
     * @param similarTo ids of items that it is like, at least one
     */
    public TrainedModel withItem(String id, List<String> similarTo) {
        return withItems(List.of(new NewItem(id, similarTo)));
    }

    /**
     * This model with more items at the end of its catalogue, until it is trained anew. What a new item is to the network (its
     * vectors in the input and output tables, and its output bias) is the mean of the items it is similar to, each counted
     * once; these may be new items before it. Its popularity is 0. Everything else stays as it is, so that users' states and
     * hidden vectors made by this model go on with the other. The weights are copied.
     *
     * @throws UserFacingException for an id that exists or that no file can hold, and for similar items that are not known or
     *     not named
     */
    public TrainedModel withItems(List<NewItem> added) {
        Extension extension = new Extension(items, added);
        IdMap all = extension.items();
        SequenceModel larger = config.model().create(all.size());
        extension.fill(network, larger);
        return new TrainedModel(config, all, larger, provenance, extension.popularity(popularity));
    }

    /**
     * This model with an inner learning rate of 0: its fast weights stay as they are, W_0 for a new user. The weights are
     * shared, not copied, and a user's state may be carried on by either.
     *
     * @throws UserFacingException for a network without inner learning
     */
    public TrainedModel frozen() {
        if (network instanceof TttModel ttt) {
            TttModel frozen = ttt.frozen();
            return sharing(new TrainedModel(config.withModel(frozen.config()), items, frozen, provenance, popularity));
        }
        throw new UserFacingException(
                "a model of type " + config.model().type() + " has no fast weights to freeze; only ttt4rec has");
    }

    /** The model under the evaluated history policy: the last max_len items. */
    public Recommender recommender() {
        return new SequenceRecommender(network, config.train().maxLen());
    }

    /**
     * The model under another history policy. Throws {@link UserFacingException} if it cannot read that many items.
     */
    public Recommender recommender(HistoryPolicy policy) {
        try {
            return new SequenceRecommender(network, config.train().maxLen(), policy);
        } catch (IllegalArgumentException impossible) {
            throw new UserFacingException(config.model().type() + ": " + impossible.getMessage(), impossible);
        }
    }

    /** Options of the published protocol for this model. */
    public EvaluationOptions evaluationOptions() {
        return evaluationOptions(HistoryPolicy.WINDOW);
    }

    /** The same for another history policy, which the results then name. */
    public EvaluationOptions evaluationOptions(HistoryPolicy policy) {
        return EvaluationOptions.defaults(policy.describe(config.train().maxLen()))
                .forCatalogue(items.size());
    }

    /** Evaluates on all cores by full ranking, nothing masked; the split's data must have this model's item indices. */
    public EvaluationResult evaluate(Split split, Split.Part part) throws InterruptedException {
        EvaluationOptions options =
                evaluationOptions().withThreads(Runtime.getRuntime().availableProcessors());
        return new Evaluator(options).evaluate(recommender(), split, part);
    }

    /**
     * What finds the best items for a hidden vector, in the way that is quickest for the catalogue's size; for any number of
     * threads. Made when first asked for, which takes some seconds for millions of items.
     */
    public Retriever retriever() {
        Retriever known = retriever;
        if (known == null) {
            synchronized (this) {
                known = retriever;
                if (known == null) {
                    known = Retriever.of(network.outputLayer());
                    retriever = known;
                }
            }
        }
        return known;
    }

    /** What the {@link #retriever} found, by name. */
    public List<Recommendation> named(Ranked best) {
        return TopItems.named(best, items);
    }

    /** A workspace for one thread, to carry users' states on and to score. */
    public ModelReader newReader() {
        return new ModelReader(this);
    }

    /** A user of whom nothing is known yet. */
    public Session newSession() {
        return new Session(this);
    }

    /** The k best items after a history; see {@link #recommend(List, int, ItemFilter)}. */
    public List<Recommendation> recommend(List<String> history, int k) {
        return recommend(history, k, ItemFilter.NONE);
    }

    /**
     * The k best items after a history, oldest item first, of which the last max_len known items count. Items that the
     * model does not know are passed over ({@link #unknown} names them).
     *
     * @throws UserFacingException if no item of the history is known
     */
    public List<Recommendation> recommend(List<String> history, int k, ItemFilter filter) {
        int[] known = history.stream()
                .map(items::indexOf)
                .filter(Objects::nonNull)
                .mapToInt(Integer::intValue)
                .toArray();
        if (known.length == 0) {
            throw new UserFacingException("none of the " + history.size() + " items of the history is among the "
                    + items.size() + " items the model was trained with");
        }
        // What fell out of the window has been seen too.
        BitSet seen = new BitSet();
        Arrays.stream(known).forEach(seen::set);
        int from = Math.max(0, known.length - config.train().maxLen());
        ModelReader reader = newReader();
        float[] hidden = reader.append(network.newState(), Arrays.copyOfRange(known, from, known.length));
        // For one list alone nothing is made that takes longer than a plain scan.
        Retriever made = retriever;
        Retriever search = made == null ? new ExactScan(network.outputLayer()) : made;
        return named(search.top(new Request(hidden, k, filter.allowed(items, seen))));
    }

    /**
     * The k allowed items with most interactions in training, best first, the score being their number: for users of whom
     * nothing is known. Empty if {@link #popularity} is.
     */
    public List<Recommendation> mostPopular(int k, BitSet allowed) {
        if (popularity.length == 0) {
            return List.of();
        }
        float[] scores = new float[popularity.length];
        for (int item = 1; item < scores.length; item++) {
            scores[item] = popularity[item];
        }
        return TopItems.select(scores, allowed, k, items);
    }

    /**
     * The k items most similar to one, best first: the score is the cosine of their output vectors. The item itself is left
     * out.
     *
     * @throws UserFacingException if the model does not know the item, or the filter's {@code only} names none it knows
     */
    public List<Recommendation> similarItems(String item, int k, ItemFilter filter) {
        return similarItems(item, k, filter.allowed(items, new BitSet()));
    }

    /** The same from the items whose indices are allowed. */
    public List<Recommendation> similarItems(String item, int k, BitSet allowed) {
        int index = indexOf(item);
        ItemSimilarity cosines = similarity;
        if (cosines == null) {
            cosines = new ItemSimilarity(network);
            similarity = cosines;
        }
        BitSet others = (BitSet) allowed.clone();
        others.clear(index);
        return TopItems.select(cosines.to(index), others, k, items);
    }

    /** Gives a model of the same weights what was made of them. */
    private TrainedModel sharing(TrainedModel other) {
        other.retriever = retriever;
        return other;
    }

    /** The index of an item; throws {@link UserFacingException} if the model does not know it. */
    int indexOf(String item) {
        Integer index = items.indexOf(item);
        if (index == null) {
            throw new UserFacingException("unknown item \"" + item + "\": it is not among the " + items.size()
                    + " items the model was trained with");
        }
        return index;
    }

    /** The items of a history that the model does not know. */
    public List<String> unknown(List<String> history) {
        return history.stream().filter(item -> items.indexOf(item) == null).toList();
    }
}
