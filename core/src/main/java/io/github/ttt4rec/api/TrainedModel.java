package io.github.ttt4rec.api;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.eval.EvaluationOptions;
import io.github.ttt4rec.eval.EvaluationResult;
import io.github.ttt4rec.eval.Evaluator;
import io.github.ttt4rec.eval.HistoryPolicy;
import io.github.ttt4rec.eval.Recommender;
import io.github.ttt4rec.eval.SequenceRecommender;
import io.github.ttt4rec.io.ModelDirectory;
import io.github.ttt4rec.io.Provenance;
import io.github.ttt4rec.io.SavedModel;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.model.SequenceModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A trained model with its catalogue: string ids in, string ids out. Immutable; any number of threads may use it.
 *
 * @param config what it was made with
 * @param items the catalogue
 * @param network the network with its weights
 * @param provenance how it came to be
 */
public record TrainedModel(RunConfig config, IdMap items, SequenceModel network, Provenance provenance) {

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
        return new TrainedModel(config, saved.items(), network, saved.provenance());
    }

    /** Saves the model to a directory, replacing the model that is there as a whole or not at all. */
    public void save(Path directory) {
        List<TensorData.Floats> tensors = new ArrayList<>();
        for (Parameter parameter : network.parameters().all()) {
            tensors.add(new TensorData.Floats(parameter.name(), parameter.shape(), parameter.value()));
        }
        ModelDirectory.save(directory, RunConfigs.toMap(config), items, tensors, provenance);
    }

    /** This model with more results in its provenance, by name, such as {@code test NDCG@10}. */
    public TrainedModel withMetrics(Map<String, Double> more) {
        return new TrainedModel(config, items, network, provenance.withMetrics(more));
    }

    /** The model under the evaluated history policy: the last max_len items. */
    public Recommender recommender() {
        return new SequenceRecommender(network, config.train().maxLen());
    }

    /**
     * The model under another history policy. Throws {@link UserFacingException} where it cannot read that many items.
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
        return EvaluationOptions.defaults(policy.describe(config.train().maxLen()));
    }

    /** Evaluates on all cores by full ranking, nothing masked; the split's data must have this model's item indices. */
    public EvaluationResult evaluate(Split split, Split.Part part) throws InterruptedException {
        EvaluationOptions options =
                evaluationOptions().withThreads(Runtime.getRuntime().availableProcessors());
        return new Evaluator(options).evaluate(recommender(), split, part);
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
     * @throws UserFacingException where no item of the history is known
     */
    public List<Recommendation> recommend(List<String> history, int k, ItemFilter filter) {
        List<String> known =
                history.stream().filter(item -> items.indexOf(item) != null).toList();
        if (known.isEmpty()) {
            throw new UserFacingException("none of the " + history.size() + " items of the history is among the "
                    + items.size() + " items the model was trained with");
        }
        Session session = newSession();
        int from = Math.max(0, known.size() - config.train().maxLen());
        known.subList(from, known.size()).forEach(session::append);
        return session.recommend(k, filter.excludeSeen() ? withSeen(filter, known) : filter);
    }

    /** What fell out of the window has been seen too. */
    private static ItemFilter withSeen(ItemFilter filter, List<String> history) {
        List<String> excluded = new ArrayList<>(filter.exclude());
        excluded.addAll(history);
        return new ItemFilter(filter.only(), excluded, true);
    }

    /** The items of a history that the model does not know. */
    public List<String> unknown(List<String> history) {
        return history.stream().filter(item -> items.indexOf(item) == null).toList();
    }
}
