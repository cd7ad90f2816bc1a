package io.github.ttt4rec.api;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.eval.EvaluationOptions;
import io.github.ttt4rec.eval.EvaluationResult;
import io.github.ttt4rec.eval.Evaluator;
import io.github.ttt4rec.internal.EventTokens;
import io.github.ttt4rec.internal.LearnedTables;
import io.github.ttt4rec.internal.retrieval.Ranked;
import io.github.ttt4rec.io.Provenance;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.internal.ModelDirectory;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.recommend.History;
import io.github.ttt4rec.recommend.HistoryPolicy;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.MemoryBasedConfig;
import io.github.ttt4rec.recommend.MemoryBasedRecommender;
import io.github.ttt4rec.recommend.Popularity;
import io.github.ttt4rec.recommend.Query;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.recommend.Recommendations;
import io.github.ttt4rec.recommend.Recommender;
import io.github.ttt4rec.recommend.SequenceRecommender;
import io.github.ttt4rec.recommend.TwoStageConfig;
import io.github.ttt4rec.recommend.TwoStageRecommender;
import io.github.ttt4rec.train.internal.AttributeEncoder;
import io.github.ttt4rec.ttt.TttModel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A trained model with its catalogue: string ids in, string ids out. Immutable and thread-safe. */
public final class TrainedModel {
    private final RunConfig config;
    private final IdMap items;
    private final Recommender recommender;
    private final Provenance provenance;
    private final ItemCounts counts;
    /** The encoder of attributes that was trained with the network; null if there is none. */
    private final @Nullable AttributeEncoder encoder;

    /** Computed on first use; if two threads race, both compute the same value. */
    private volatile @Nullable String version;

    TrainedModel(RunConfig config, IdMap items, Recommender recommender, Provenance provenance, long[] popularity) {
        this(config, items, recommender, provenance, new ItemCounts(popularity, popularity), null);
    }

    private TrainedModel(
            RunConfig config,
            IdMap items,
            Recommender recommender,
            Provenance provenance,
            ItemCounts counts,
            @Nullable AttributeEncoder encoder) {
        this.config = config;
        this.items = items;
        this.recommender = recommender;
        this.provenance = provenance;
        this.counts = counts;
        this.encoder = encoder;
    }

    private TrainedModel with(RunConfig settings, Recommender changed) {
        return new TrainedModel(settings, items, changed, provenance, counts, encoder);
    }

    /** This model with the encoder of attributes that was trained with it. */
    TrainedModel with(@Nullable AttributeEncoder trained) {
        return new TrainedModel(config, items, recommender, provenance, counts, trained);
    }

    /** The encoder of attributes that was trained with the network. */
    Optional<AttributeEncoder> encoder() {
        return Optional.ofNullable(encoder);
    }

    /**
     * Returns whether the model computes the vector of a new item with these attributes from them: it was trained with
     * attributes, and two items of the training had one of these.
     */
    public boolean encodes(ItemAttributes attributes) {
        return encoder != null && encoder.tells(attributes);
    }

    /** Returns whether the model was trained with attributes of items. */
    public boolean encodesAttributes() {
        return encoder != null;
    }

    /** The maximum number of items per history in training, {@code max_len}. */
    public int maxLen() {
        return config.train().maxLen();
    }

    /** The configuration it was trained with. */
    public RunConfig config() {
        return config;
    }

    public IdMap items() {
        return items;
    }

    /**
     * The network and its weights.
     *
     * @throws UserFacingException for a memory-based model
     */
    public SequenceModel network() {
        return firstStage()
                .map(SequenceRecommender::network)
                .orElseThrow(() -> new UserFacingException(
                        "a model of type " + config.model().type() + " has no network"));
    }

    /** The network with its history policy; empty for a memory-based model. */
    Optional<SequenceRecommender> firstStage() {
        return switch (recommender) {
            case SequenceRecommender sequence -> Optional.of(sequence);
            case TwoStageRecommender stages -> Optional.of(stages.firstStage());
            default -> Optional.empty();
        };
    }

    /** The roles of events by type that the model was trained with; empty if all events were targets. */
    public Optional<EventRoles> roles() {
        return Optional.ofNullable(config.read().types()).map(EventRoles::parse);
    }

    /** Returns whether the network reads the kinds of events, which are those of {@link #roles}. */
    public boolean readsKinds() {
        return recommender.readsKinds();
    }

    /** Checks that the model knows the kinds of a log's events; see {@link #requireKinds(EventRoles)}. */
    public void requireKinds(Dataset log) {
        EventRoles.Kinds kinds = log.kinds();
        if (kinds != null) {
            requireKinds(kinds.roles());
        }
    }

    /**
     * Checks that the kinds of events by other rules are those that the model knows.
     *
     * @param other the rules by which the kinds were numbered
     * @throws UserFacingException if the model reads kinds and the rules are not those of its training
     */
    public void requireKinds(EventRoles other) {
        String own = String.valueOf(config.read().types());
        if (readsKinds() && !own.equals(other.toString())) {
            throw new UserFacingException("--types \"" + other + "\": the model has an input for the types of its own"
                    + " --types \"" + own + "\"; leave --types out, or train a model with these rules");
        }
    }

    /** How the model was made: data, configuration, results. */
    public Provenance provenance() {
        return provenance;
    }

    /**
     * The number of training interactions of each item by index, {@code (V + 1)}, with 0 at index 0; after
     * {@link #counted}, the number of events that were counted. Empty for a model saved by a version that did not store
     * these counts.
     */
    public long[] popularity() {
        return counts.popularity().clone();
    }

    /**
     * Returns whether the item occurred in the training events. Always true for a model saved by a version that did not
     * store the counts.
     */
    public boolean isTrained(int item) {
        return counts.isTrained(item);
    }

    /**
     * This model with everything that comes from counting recomputed: the popularity of the items, the tables of a
     * second stage, and all tables of a memory-based model. A network's weights and everything fitted on cases stay, so
     * users' states stay valid.
     *
     * @param split events with this model's item indices; the training part is counted
     */
    public TrainedModel counted(Split split) {
        Recommender counted = switch (recommender) {
            case TwoStageRecommender stages -> stages.refit(stages.firstStage(), split);
            case MemoryBasedRecommender _ -> ((MemoryBasedConfig) config.model()).create(split);
            default -> recommender;
        };
        long[] events = Popularity.counts(split);
        return new TrainedModel(config, items, counted, provenance, counts.counted(events), encoder)
                .withMeanPopularity(events);
    }

    /**
     * This model with the mean popularity for items without events, if it has an encoder of attributes: their vectors
     * come from their attributes, which say nothing of how popular they are.
     */
    TrainedModel withMeanPopularity(long[] events) {
        if (encoder == null || !(recommender instanceof TwoStageRecommender stages)) {
            return this;
        }
        BitSet unseen = new BitSet();
        for (int item = 1; item < events.length; item++) {
            unseen.set(item, events[item] == 0);
        }
        return unseen.isEmpty() ? this : with(config, stages.withMeanPopularity(unseen));
    }

    /**
     * This model with the live events of all users added to its tables of related items. Later changes of
     * {@code learned} take effect at once; in a model derived from it by {@link #withItems} or {@link #counted} they do
     * not.
     *
     * @throws UserFacingException if the model has no such tables, or was saved before training events were counted
     */
    public TrainedModel learning(LearnedTables learned) {
        if (!(recommender instanceof TwoStageRecommender stages)) {
            throw new UserFacingException("a model of type " + config.model().type()
                    + " does not learn from each event; count its catalogue every so often, such as every 15m");
        }
        if (counts.training().length == 0) {
            throw new UserFacingException(
                    "the model does not know how many training events its items have; train it again");
        }
        return with(config, stages.learning(learned.view(this::indexOrZero, items.size()), counts.training()));
    }

    private int indexOrZero(String item) {
        Integer index = items.indexOf(item);
        return index == null ? 0 : index;
    }

    /**
     * Identifies the function that the model computes: 12 hexadecimal digits of a SHA-256 over the network's settings,
     * the catalogue and the weights. Saving and loading keep it; a {@link #frozen} model and a model with added items
     * have their own.
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
     * Loads a model directory that {@link #save} wrote.
     *
     * @throws UserFacingException if a file is missing, damaged, or of another model
     */
    public static TrainedModel load(Path directory) {
        return ModelLoader.load(Objects.requireNonNull(directory, "directory"));
    }

    /** Saves the model to a directory. A model that is there is replaced atomically. */
    public void save(Path directory) {
        Objects.requireNonNull(directory, "directory");
        ModelDirectory.save(directory, RunConfigs.toMap(config), items, counts.popularity(), tensors(), provenance);
    }

    /** The tensors of the recommender, and those of the encoder of attributes. */
    List<TensorData> tensors() {
        if (encoder == null) {
            return recommender.tensors();
        }
        List<TensorData> tensors = new ArrayList<>(recommender.tensors());
        tensors.addAll(encoder.tensors());
        return tensors;
    }

    /** This model with further results in its provenance, by name, such as {@code test NDCG@10}. */
    public TrainedModel withMetrics(Map<String, Double> more) {
        return new TrainedModel(config, items, recommender, provenance.withMetrics(more), counts, encoder);
    }

    /**
     * This model with one more item; see {@link #withItems}.
     *
     * @param id the item's id, which must not be in the catalogue
     * @param similarTo ids of the items that it resembles, at least one
     */
    public TrainedModel withItem(String id, List<String> similarTo) {
        return withItems(List.of(new NewItem(id, similarTo)));
    }

    /**
     * Returns this model with more items at the end of its catalogue, usable until the next training. In the network's
     * input and output tables and in its output bias, a new item gets the mean of the rows of the items it is similar
     * to, each counted once; these may include new items that precede it in the list. If the model
     * {@link #encodes} the new item's attributes, its rows of the tables are computed from them instead, and the rest is
     * the mean of all items. Its popularity is 0. Everything else is unchanged, so users' states and
     * query vectors of this model are valid with the returned one. The weights are copied.
     *
     * @throws UserFacingException if an id exists already or cannot be stored, or if a new item's similar items are
     *     missing or unknown
     */
    public TrainedModel withItems(List<NewItem> added) {
        AddedItems addition = new AddedItems(items, added, encoder);
        return new TrainedModel(
                config,
                addition.items(),
                addition.extend(recommender, config),
                provenance,
                counts.extended(addition),
                encoder);
    }

    /**
     * This model with an inner learning rate of 0, so that the fast weights never change: every user keeps W_0. The
     * weights are shared, not copied, and either model can advance a user's state.
     *
     * @throws UserFacingException for a network without inner learning
     */
    public TrainedModel frozen() {
        if (firstStage().map(SequenceRecommender::network).orElse(null) instanceof TttModel ttt) {
            TttModel frozen = ttt.frozen();
            return switch (recommender) {
                case TwoStageRecommender stages ->
                    with(
                            config.withModel(((TwoStageConfig) config.model()).withNetwork(frozen.config())),
                            stages.withNetwork(frozen));
                default ->
                    with(config.withModel(frozen.config()), ((SequenceRecommender) recommender).withNetwork(frozen));
            };
        }
        throw new UserFacingException("a model of type " + config.model().type()
                + " has no fast weights to freeze; only ttt4rec and hybrid have");
    }

    /** Returns whether the model has fast weights that learn from a user's events. */
    public boolean isAdaptive() {
        return firstStage().map(SequenceRecommender::network).orElse(null) instanceof TttModel ttt
                && ttt.config().baseLr() > 0;
    }

    /** The model under the evaluated history policy: the last max_len items. */
    public Recommender recommender() {
        return recommender;
    }

    /**
     * The model under another history policy.
     *
     * @throws UserFacingException if it cannot follow the policy
     */
    public Recommender recommender(HistoryPolicy policy) {
        recommender.refusal(policy).ifPresent(reason -> {
            throw new UserFacingException(config.model().type() + ": " + reason);
        });
        return recommender.withPolicy(policy);
    }

    /** Options of the published protocol for this model. */
    public EvaluationOptions evaluationOptions() {
        return evaluationOptions(HistoryPolicy.WINDOW);
    }

    /** The same for another history policy, which the results then record. */
    public EvaluationOptions evaluationOptions(HistoryPolicy policy) {
        return EvaluationOptions.defaults(policy.describe(config.train().maxLen()))
                .forCatalogue(items.size());
    }

    /** Evaluates on the split's test part; see {@link #evaluate(Split, Split.Part)}. */
    public EvaluationResult evaluate(Split split) throws InterruptedException {
        return evaluate(split, Split.Part.TEST);
    }

    /**
     * Evaluates on all cores by full ranking over the whole catalogue, without masking seen items. The data of the
     * split must use this model's item indices.
     */
    public EvaluationResult evaluate(Split split, Split.Part part) throws InterruptedException {
        EvaluationOptions options =
                evaluationOptions().withThreads(Runtime.getRuntime().availableProcessors());
        return new Evaluator(options).evaluate(recommender(), split, part);
    }

    /** A search result with ids instead of indices. */
    public List<Recommendation> named(Ranked best) {
        return TopItems.named(best, items);
    }

    /** A new workspace for one thread, which advances users' states and scores. */
    public ModelReader newReader() {
        return new ModelReader(this);
    }

    /** A session of a user without events. */
    public Session newSession() {
        return new Session(this);
    }

    /** The k best items after a history; see {@link #recommend(List, int, ItemFilter)}. */
    public Recommendations recommend(List<String> history, int k) {
        return recommend(history, k, ItemFilter.NONE);
    }

    /**
     * The k best items after a history, oldest item first. The last max_len known items are read; unknown items are
     * skipped ({@link #unknown} lists them). If the history has no known item, the result is popular items, and
     * {@link Recommendations#basis} says so. If the filter allows fewer than k items, the result has those.
     *
     * @throws IllegalArgumentException if {@code k} is negative
     * @throws NullPointerException naming the argument or element that is null
     */
    public Recommendations recommend(List<String> history, int k, ItemFilter filter) {
        return recommend(history, List.of(), Instant.EPOCH, k, filter);
    }

    /**
     * The same with the times of the events, for a model that uses them.
     *
     * @param times the time of each event; empty if they are not known
     * @param now the time of the request; ignored if {@code times} is empty
     * @throws IllegalArgumentException if {@code times} is not empty and differs from {@code history} in length
     */
    public Recommendations recommend(List<String> history, List<Instant> times, Instant now, int k, ItemFilter filter) {
        return recommend(history, new int[0], times, now, k, filter);
    }

    /**
     * The same with the kinds of the events, for a model that reads them.
     *
     * @param kinds the kind of each event by {@link #roles}; empty if all are targets of kind 0
     * @throws IllegalArgumentException if {@code kinds} is not empty and differs from {@code history} in length
     */
    public Recommendations recommend(
            List<String> history, int[] kinds, List<Instant> times, Instant now, int k, ItemFilter filter) {
        Arguments.requireAll(history, "history");
        Arguments.requireAll(times, "times");
        Objects.requireNonNull(filter, "filter");
        if (!times.isEmpty() && times.size() != history.size()) {
            throw new IllegalArgumentException(times.size() + " times for " + history.size() + " items");
        }
        if (kinds.length > 0 && kinds.length != history.size()) {
            throw new IllegalArgumentException(kinds.length + " kinds for " + history.size() + " items");
        }
        int[] known = new int[history.size()];
        int[] tokens = new int[known.length];
        long[] micros = new long[times.isEmpty() ? 0 : known.length];
        int count = 0;
        for (int i = 0; i < history.size(); i++) {
            Integer index = items.indexOf(history.get(i));
            if (index != null) {
                if (micros.length > 0) {
                    micros[count] = Session.micros(times.get(i));
                }
                tokens[count] = readsKinds() && kinds.length > 0 ? EventTokens.of(index, kinds[i]) : index;
                known[count++] = index;
            }
        }
        int[] events = Arrays.copyOf(known, count);
        int from = Math.max(0, count - config.train().maxLen());
        ModelReader reader = newReader();
        Optional<SequenceState> state = count == 0 ? Optional.empty() : reader.newState();
        float[] vector = state.map(one -> reader.append(one, Arrays.copyOfRange(tokens, from, events.length)))
                .orElse(new float[0]);
        History read = new History(events, micros, 0, count, Session.micros(now));
        // Items before the window have been seen too, so the filter gets the whole history.
        return reader.recommendOnce(new Query(vector, read), k, filter.allowed(items, events));
    }

    /**
     * The k allowed items with the most interactions in training, best first, scored by that number, for users without
     * known events. Empty if {@link #popularity} is.
     */
    public List<Recommendation> mostPopular(int k, BitSet allowed) {
        return TopItems.select(counts.scores(), allowed, k, items);
    }

    /**
     * The k items most similar to one item, best first, without the item itself. The score of a network is the cosine
     * of the output vectors; the score of a memory-based model is its score after a history of that item alone.
     *
     * @throws UserFacingException if the model does not know the item, if the model cannot compare items, or if the
     *     filter's {@code only} names no known item
     */
    public List<Recommendation> similarItems(String item, int k, ItemFilter filter) {
        return similarItems(item, k, filter.allowed(items));
    }

    /** The same, limited to allowed item indices. */
    public List<Recommendation> similarItems(String item, int k, BitSet allowed) {
        int index = indexOf(item);
        float[] scores = recommender
                .similarities(index)
                .orElseThrow(() -> new UserFacingException(
                        "a model of type " + config.model().type() + " knows no similarity of items"));
        BitSet others = (BitSet) allowed.clone();
        others.clear(index);
        return TopItems.select(scores, others, k, items);
    }

    UserFacingException keepsNoState() {
        return new UserFacingException("a model of type " + config.model().type() + " keeps no state of a user");
    }

    /**
     * The index of an item.
     *
     * @throws UserFacingException if the model does not know the item
     */
    int indexOf(String item) {
        Integer index = items.indexOf(Objects.requireNonNull(item, "item"));
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
