package io.github.ttt4rec.lab.compare;

import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.StopSwitch;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.api.Training;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.eval.Evaluator.Scoring;
import io.github.ttt4rec.lab.compare.Method.Blended;
import io.github.ttt4rec.lab.compare.Method.Refitted;
import io.github.ttt4rec.lab.compare.Method.Reused;
import io.github.ttt4rec.lab.compare.Method.Trained;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.recommend.MemoryBasedConfig;
import io.github.ttt4rec.recommend.NetworkConfig;
import io.github.ttt4rec.recommend.Recommender;
import io.github.ttt4rec.recommend.SequenceRecommender;
import io.github.ttt4rec.recommend.TwoStageConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Creates the recommenders that a comparison tests. */
final class Candidates {
    private final ComparisonPlan plan;
    private final Split split;
    private final RunStore store;
    private final StopSwitch stop;
    private final ComparisonListener listener;

    /** A recommender to test, and its origin. */
    record Candidate(
            Scoring scoring,
            List<RunResult.Epoch> epochs,
            int bestEpoch,
            long parameters,
            double trainSeconds,
            double validationSeconds) {}

    Candidates(ComparisonPlan plan, Split split, RunStore store, StopSwitch stop, ComparisonListener listener) {
        this.plan = plan;
        this.split = split;
        this.store = store;
        this.stop = stop;
        this.listener = listener;
    }

    /** Fits a recommender, or loads the weights of another run; returns empty if it was asked to stop. */
    Optional<Candidate> make(RunKey key, RunConfig config) throws InterruptedException {
        return switch (plan.method(key).recipe()) {
            case Blended blended -> Optional.of(blend(key, blended));
            case Refitted refitted -> Optional.of(refit(key, refitted, config));
            case Reused reused -> Optional.of(reuse(key, reused, config));
            case Trained trained ->
                switch (config.model()) {
                    case NetworkConfig network -> train(key, config);
                    case TwoStageConfig stages -> train(key, config);
                    case MemoryBasedConfig tables -> Optional.of(compute(key, tables));
                };
        };
    }

    private Candidate compute(RunKey key, MemoryBasedConfig tables) {
        long start = System.nanoTime();
        Recommender recommender = tables.create(TrainingShare.of(split, key.fraction()));
        return new Candidate(Scoring.of(recommender), List.of(), 0, 0, (System.nanoTime() - start) / 1e9, 0);
    }

    private Optional<Candidate> train(RunKey key, RunConfig config) throws InterruptedException {
        Path checkpoint = store.checkpoint(key);
        Split share = TrainingShare.of(split, key.fraction());
        try (Training run = new Training(share, config, key.seed(), plan.threads(), listener.training(key))) {
            stop.connect(run);
            if (Files.exists(checkpoint)) {
                run.resume(checkpoint);
            }
            Optional<TrainedModel> model = run.run(checkpoint);
            if (model.isEmpty()) {
                return Optional.empty();
            }
            model.get().save(store.model(key));
            List<RunResult.Epoch> epochs =
                    run.state().history().stream().map(RunResult.Epoch::of).toList();
            return Optional.of(new Candidate(
                    Scoring.of(model.get().recommender()),
                    epochs,
                    run.state().bestEpoch(),
                    run.parameterCount(),
                    epochs.stream().mapToDouble(RunResult.Epoch::trainSeconds).sum(),
                    epochs.stream()
                            .mapToDouble(RunResult.Epoch::validationSeconds)
                            .sum()));
        } finally {
            stop.disconnect();
        }
    }

    /** Blends the parts, which are loaded from their own runs in this comparison, and fits the weights of the blend. */
    private Candidate blend(RunKey key, Blended blended) {
        long start = System.nanoTime();
        List<Scoring> parts = blended.parts().stream()
                .map(part -> Scoring.of(fitted(key, part)))
                .toList();
        Split share = TrainingShare.of(split, key.fraction());
        Blend blend = Blend.fit(parts, share, key.seed(), stop::check);
        Map<String, Double> weights = new LinkedHashMap<>();
        for (int part = 0; part < parts.size(); part++) {
            weights.put(blended.parts().get(part).name(), blend.weights()[part]);
        }
        store.saveWeights(key, weights);
        return new Candidate(blend.scoring(), List.of(), 0, parts.size(), (System.nanoTime() - start) / 1e9, 0);
    }

    private Recommender fitted(RunKey key, Method part) {
        return plan.settings().configure(part).model() instanceof MemoryBasedConfig tables
                ? tables.create(TrainingShare.of(split, key.fraction()))
                : TrainedModel.load(store.model(new RunKey(part.name(), key.seed(), key.fraction())))
                        .recommender();
    }

    private Candidate refit(RunKey key, Refitted refitted, RunConfig config) {
        long start = System.nanoTime();
        TwoStageConfig stages = (TwoStageConfig) config.model();
        SequenceModel network = withWeights(stages.network(), refitted.trained(), key);
        Recommender recommender = stages.fit(
                new SequenceRecommender(network, config.train().maxLen()),
                TrainingShare.of(split, key.fraction()),
                key.seed(),
                stop::check);
        return new Candidate(
                Scoring.of(recommender),
                List.of(),
                0,
                network.parameters().size(),
                (System.nanoTime() - start) / 1e9,
                0);
    }

    /** A network with the weights from another method's run. */
    private SequenceModel withWeights(NetworkConfig settings, Method trained, RunKey key) {
        RunKey other = new RunKey(trained.name(), key.seed(), key.fraction());
        SequenceModel network = settings.create(split.data().itemCount());
        Iterator<Parameter> weights = TrainedModel.load(store.model(other))
                .network()
                .parameters()
                .all()
                .iterator();
        for (Parameter parameter : network.parameters().all()) {
            System.arraycopy(weights.next().value(), 0, parameter.value(), 0, parameter.size());
        }
        network.parameters().updated();
        return network;
    }

    private Candidate reuse(RunKey key, Reused reused, RunConfig config) {
        SequenceModel network = withWeights(Comparison.network(config), reused.trained(), key);
        return new Candidate(
                Scoring.of(new SequenceRecommender(network, config.train().maxLen()).withPolicy(reused.policy())),
                List.of(),
                0,
                network.parameters().size(),
                0,
                0);
    }
}
