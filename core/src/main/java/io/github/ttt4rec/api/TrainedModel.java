package io.github.ttt4rec.api;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.eval.EvaluationOptions;
import io.github.ttt4rec.eval.EvaluationResult;
import io.github.ttt4rec.eval.Evaluator;
import io.github.ttt4rec.internal.LearnedTables;
import io.github.ttt4rec.internal.retrieval.Ranked;
import io.github.ttt4rec.io.Provenance;
import io.github.ttt4rec.io.internal.ModelDirectory;
import io.github.ttt4rec.io.internal.SavedModel;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.recommend.History;
import io.github.ttt4rec.recommend.HistoryPolicy;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.MemoryBasedConfig;
import io.github.ttt4rec.recommend.MemoryBasedRecommender;
import io.github.ttt4rec.recommend.NetworkConfig;
import io.github.ttt4rec.recommend.Popularity;
import io.github.ttt4rec.recommend.Query;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.recommend.Recommendations;
import io.github.ttt4rec.recommend.Recommender;
import io.github.ttt4rec.recommend.SequenceRecommender;
import io.github.ttt4rec.recommend.TwoStageConfig;
import io.github.ttt4rec.recommend.TwoStageRecommender;
import io.github.ttt4rec.ttt.TttModel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A trained model with its catalogue: string ids in, string ids out. Immutable; any number of threads may use it. */
public final class TrainedModel {
    private final RunConfig config;
    private final IdMap items;
    private final Recommender recommender;
    private final Provenance provenance;
    private final long[] popularity;
    /** The number of training interactions of each item, which {@link #popularity} is as well until it is counted anew. */
    private final long[] training;
    /** Made when first asked for; two threads may both make the same. */
    private volatile @Nullable String version;

    TrainedModel(RunConfig config, IdMap items, Recommender recommender, Provenance provenance, long[] popularity) {
        this(config, items, recommender, provenance, popularity, popularity);
    }

    private TrainedModel(
            RunConfig config,
            IdMap items,
            Recommender recommender,
            Provenance provenance,
            long[] popularity,
            long[] training) {
        this.training = training;
        this.config = config;
        this.items = items;
        this.recommender = recommender;
        this.provenance = provenance;
        this.popularity = popularity;
    }

    /** The most items of a history that training read, {@code max_len}. */
    public int maxLen() {
        return config.train().maxLen();
    }

    /** The configuration it was trained with. */
    public RunConfig config() {
        return config;
    }

    /** The catalogue. */
    public IdMap items() {
        return items;
    }

    /**
     * The network with its weights.
     *
     * @throws UserFacingException for a memory-based model, which has none
     */
    public SequenceModel network() {
        return firstStage()
                .map(SequenceRecommender::network)
                .orElseThrow(() -> new UserFacingException(
                        "a model of type " + config.model().type() + " has no network"));
    }

    /** The network with its policy; empty for a memory-based model. */
    Optional<SequenceRecommender> firstStage() {
        return switch (recommender) {
            case SequenceRecommender sequence -> Optional.of(sequence);
            case TwoStageRecommender stages -> Optional.of(stages.firstStage());
            default -> Optional.empty();
        };
    }

    /** How it came to be. */
    public Provenance provenance() {
        return provenance;
    }

    /**
     * The number of training interactions of each item by index, {@code V + 1} of them, entry 0 being 0; after {@link #counted} the
     * number of events counted. Empty for a model that was saved before these were kept.
     */
    public long[] popularity() {
        return popularity.clone();
    }

    /** Returns whether training events had an item; true for every item of a model that was saved before these were counted. */
    public boolean isTrained(int item) {
        return training.length == 0 || training[item] > 0;
    }

    /**
     * This model with all that it counts counted anew: the events of each item, the tables of a second stage, and all of a memory-based
     * model. A network's weights stay, and what was fitted on cases, so that users' states remain valid with the other.
     *
     * @param split events with this model's item indices, of which the training part is counted
     */
    public TrainedModel counted(Split split) {
        Recommender counted = switch (recommender) {
            case TwoStageRecommender stages -> stages.refit(stages.firstStage(), split);
            case MemoryBasedRecommender _ -> ((MemoryBasedConfig) config.model()).create(split);
            default -> recommender;
        };
        return new TrainedModel(config, items, counted, provenance, Popularity.counts(split), training);
    }

    /**
     * This model with what live events of all users add to its tables of related items. It sees later changes of {@code learned} at
     * once; a model made of it by {@link #withItems} or {@link #counted} does not.
     *
     * @throws UserFacingException if the model has no such tables, or was saved before training events were counted
     */
    public TrainedModel learning(LearnedTables learned) {
        if (!(recommender instanceof TwoStageRecommender stages)) {
            throw new UserFacingException("a model of type " + config.model().type()
                    + " does not learn from each event; count its catalogue every so often, such as every 15m");
        }
        if (training.length == 0) {
            throw new UserFacingException(
                    "the model does not know how many training events its items have; train it again");
        }
        return new TrainedModel(
                config, items, stages.learning(learned.view(items), training), provenance, popularity, training);
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
        Recommender recommender = switch (config.model()) {
            case NetworkConfig network -> loadNetwork(network, config.train().maxLen(), saved);
            case TwoStageConfig stages ->
                stages.load(loadNetwork(stages.network(), config.train().maxLen(), saved.ofNetwork()), saved.weights());
            case MemoryBasedConfig tables ->
                MemoryBasedRecommender.load(
                        tables, saved.weights(), saved.items().size());
        };
        return new TrainedModel(config, saved.items(), recommender, saved.provenance(), saved.popularity());
    }

    private static SequenceRecommender loadNetwork(NetworkConfig config, int maxLen, SavedModel saved) {
        SequenceModel network = config.create(saved.items().size());
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
        return new SequenceRecommender(network, maxLen);
    }

    /** Saves the model to a directory, replacing the model that is there as a whole or not at all. */
    public void save(Path directory) {
        ModelDirectory.save(directory, RunConfigs.toMap(config), items, popularity, recommender.tensors(), provenance);
    }

    /** This model with more results in its provenance, by name, such as {@code test NDCG@10}. */
    public TrainedModel withMetrics(Map<String, Double> more) {
        return new TrainedModel(config, items, recommender, provenance.withMetrics(more), popularity, training);
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
     * Returns this model with more items at the end of its catalogue, which serve until it is trained again. A new item's vectors
     * in the network's input and output tables, and its output bias, are the mean of those of the items it is similar to, each
     * counted once; these may be new items that precede it in the list. Its popularity is 0. Everything else stays as it is, so
     * that users' states and query vectors made by this model remain valid with the other. The weights are copied.
     *
     * @throws UserFacingException for an id that exists or that no file can hold, and for similar items that are not known or
     *     not named
     */
    public TrainedModel withItems(List<NewItem> added) {
        AddedItems addition = new AddedItems(items, added);
        IdMap all = addition.items();
        Recommender extended = switch (recommender) {
            case MemoryBasedRecommender tables -> tables.withItems(addition.similar());
            case TwoStageRecommender stages ->
                stages.withItems(larger(((TwoStageConfig) config.model()).network(), addition), addition.similar());
            default ->
                new SequenceRecommender(
                        larger((NetworkConfig) config.model(), addition),
                        config.train().maxLen());
        };
        return new TrainedModel(
                config, all, extended, provenance, addition.popularity(popularity), addition.popularity(training));
    }

    private SequenceModel larger(NetworkConfig network, AddedItems addition) {
        SequenceModel larger = network.create(addition.items().size());
        addition.fill(network(), larger);
        return larger;
    }

    /**
     * This model with an inner learning rate of 0: its fast weights stay as they are, W_0 for a new user. The weights are
     * shared, not copied, and a user's state may be carried on by either.
     *
     * @throws UserFacingException for a network without inner learning
     */
    public TrainedModel frozen() {
        if (firstStage().map(SequenceRecommender::network).orElse(null) instanceof TttModel ttt) {
            TttModel frozen = ttt.frozen();
            return switch (recommender) {
                case TwoStageRecommender stages ->
                    new TrainedModel(
                            config.withModel(((TwoStageConfig) config.model()).withNetwork(frozen.config())),
                            items,
                            stages.withNetwork(frozen),
                            provenance,
                            popularity,
                            training);
                default ->
                    new TrainedModel(
                            config.withModel(frozen.config()),
                            items,
                            ((SequenceRecommender) recommender).withNetwork(frozen),
                            provenance,
                            popularity,
                            training);
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

    /** The same for another history policy, which the results then name. */
    public EvaluationOptions evaluationOptions(HistoryPolicy policy) {
        return EvaluationOptions.defaults(policy.describe(config.train().maxLen()))
                .forCatalogue(items.size());
    }

    /** Evaluates on the split's test part; see {@link #evaluate(Split, Split.Part)}. */
    public EvaluationResult evaluate(Split split) throws InterruptedException {
        return evaluate(split, Split.Part.TEST);
    }

    /** Evaluates on all cores by full ranking, nothing masked; the split's data must have this model's item indices. */
    public EvaluationResult evaluate(Split split, Split.Part part) throws InterruptedException {
        EvaluationOptions options =
                evaluationOptions().withThreads(Runtime.getRuntime().availableProcessors());
        return new Evaluator(options).evaluate(recommender(), split, part);
    }

    /** The result of a search, by name. */
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
    public Recommendations recommend(List<String> history, int k) {
        return recommend(history, k, ItemFilter.NONE);
    }

    /**
     * The k best items after a history, oldest item first, of which the last max_len known items count. Items that the model does
     * not know are passed over ({@link #unknown} names them). If it knows none, these are popular items, which {@link
     * Recommendations#basis} says.
     */
    public Recommendations recommend(List<String> history, int k, ItemFilter filter) {
        return recommend(history, List.of(), Instant.EPOCH, k, filter);
    }

    /**
     * The same with times, for a model that reads them.
     *
     * @param times the time of each event; empty if they are not known
     * @param now the time of the request; not read without the times of events
     * @throws IllegalArgumentException if there are times, but not as many as items
     */
    public Recommendations recommend(List<String> history, List<Instant> times, Instant now, int k, ItemFilter filter) {
        if (!times.isEmpty() && times.size() != history.size()) {
            throw new IllegalArgumentException(times.size() + " times for " + history.size() + " items");
        }
        int[] known = new int[history.size()];
        long[] micros = new long[times.isEmpty() ? 0 : known.length];
        int count = 0;
        for (int i = 0; i < history.size(); i++) {
            Integer index = items.indexOf(history.get(i));
            if (index != null) {
                if (micros.length > 0) {
                    micros[count] = Session.micros(times.get(i));
                }
                known[count++] = index;
            }
        }
        int[] events = Arrays.copyOf(known, count);
        int from = Math.max(0, count - config.train().maxLen());
        ModelReader reader = newReader();
        Optional<SequenceState> state = count == 0 ? Optional.empty() : reader.newState();
        float[] vector = state.map(one -> reader.append(one, Arrays.copyOfRange(events, from, events.length)))
                .orElse(new float[0]);
        History read = new History(events, micros, 0, count, Session.micros(now));
        // Items that fell out of the window have been seen too.
        return reader.recommendOnce(new Query(vector, read), k, filter.allowed(items, events));
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
     * The k items most similar to one, best first, without the item itself. The score is the cosine of the output vectors for a
     * network, and the score after a history of that item alone for a memory-based model.
     *
     * @throws UserFacingException if the model does not know the item or no similarity, or the filter's {@code only} names none
     *     that it knows
     */
    public List<Recommendation> similarItems(String item, int k, ItemFilter filter) {
        return similarItems(item, k, filter.allowed(items));
    }

    /** The same from the items whose indices are allowed. */
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
