package io.github.ttt4rec.api;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.eval.EvaluationOptions;
import io.github.ttt4rec.eval.EvaluationResult;
import io.github.ttt4rec.eval.Evaluator;
import io.github.ttt4rec.internal.EventTokens;
import io.github.ttt4rec.io.internal.Checkpoint;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.recommend.MemoryBasedConfig;
import io.github.ttt4rec.recommend.NetworkConfig;
import io.github.ttt4rec.recommend.Recommender;
import io.github.ttt4rec.recommend.SequenceRecommender;
import io.github.ttt4rec.recommend.TwoStageConfig;
import io.github.ttt4rec.recommend.TwoStageRecommender;
import io.github.ttt4rec.train.EpochRecord;
import io.github.ttt4rec.train.StopException;
import io.github.ttt4rec.train.Trainer;
import io.github.ttt4rec.train.TrainingListener;
import io.github.ttt4rec.train.TrainingState;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How one kind of recommender is fitted to a log. */
sealed interface Fit extends AutoCloseable {
    /**
     * Returns how the configured kind of recommender is fitted.
     *
     * @param fingerprint the run's fingerprint, which its checkpoints store
     * @param start the model whose weights a network starts from; null to initialise them from the seed. Tables are
     *     always recomputed
     * @param evaluated the recommender whose fitted second stage is kept while its tables are recomputed; null to fit a
     *     second stage
     */
    static Fit of(
            Split split,
            RunConfig config,
            String fingerprint,
            @Nullable TrainedModel start,
            @Nullable Recommender evaluated,
            long seed,
            int threads,
            TrainingListener listener) {
        return switch (config.model()) {
            case NetworkConfig network -> network(network, split, config, fingerprint, start, seed, threads, listener);
            case TwoStageConfig stages -> {
                if (evaluated == null) {
                    stages.check(split);
                }
                Network first = network(stages.network(), split, config, fingerprint, start, seed, threads, listener);
                yield new TwoStages(stages, first, split, seed, threads, listener, (TwoStageRecommender) evaluated);
            }
            case MemoryBasedConfig tables -> new Tables(tables, split, threads, listener);
        };
    }

    private static Network network(
            NetworkConfig settings,
            Split split,
            RunConfig config,
            String fingerprint,
            @Nullable TrainedModel start,
            long seed,
            int threads,
            TrainingListener listener) {
        SequenceModel network = settings.create(split.data().itemCount());
        requireKinds(network, split.data());
        if (start == null) {
            network.parameters().initialize(seed);
        } else {
            new AddedItems(start.items(), List.of()).fill(start.network(), network);
        }
        Trainer trainer = new Trainer(network, config.train(), split, seed, threads, listener);
        return new Network(network, config.train().maxLen(), trainer, fingerprint);
    }

    private static void requireKinds(SequenceModel network, Dataset data) {
        EventRoles.Kinds kinds = data.kinds();
        if (!network.readsKinds()) {
            return;
        }
        if (kinds == null || kinds.roles().kinds().size() < 2) {
            throw new UserFacingException(
                    "model.type_feature: " + data.source().file() + " has events of one kind only;"
                            + " name at least two that are read by --types, such as \"buy,view=input\", or leave it out");
        }
        if (kinds.roles().kinds().size() > EventTokens.MAX_KINDS) {
            throw new UserFacingException(
                    "model.type_feature: " + kinds.roles().kinds().size()
                            + " rules of --types read events, but the network tells only " + EventTokens.MAX_KINDS
                            + " apart; let one rule cover several types");
        }
    }

    /**
     * Continues from a checkpoint.
     *
     * @throws UserFacingException if the checkpoint is missing or belongs to another run
     */
    void resume(Path checkpoint);

    /** Asks the run to stop. May be called from any thread. */
    void requestStop();

    /** The number of learned parameters; 0 if nothing is learned. */
    long parameterCount();

    /** The progress of the epochs. */
    TrainingState state();

    /** Runs to the end; returns empty if the run was asked to stop. */
    Optional<Recommender> run(@Nullable Path checkpoint) throws InterruptedException;

    /** The results of the fit by name, such as {@code validation NDCG@10}. Call it after {@link #run}. */
    Map<String, Double> metrics();

    @Override
    void close();

    /** Gradient descent in epochs. */
    final class Network implements Fit {
        private final SequenceModel network;
        private final int maxLen;
        private final Trainer trainer;
        private final String fingerprint;

        private Network(SequenceModel network, int maxLen, Trainer trainer, String fingerprint) {
            this.network = network;
            this.maxLen = maxLen;
            this.trainer = trainer;
            this.fingerprint = fingerprint;
        }

        @Override
        public void resume(Path checkpoint) {
            Fingerprint.requireSame(checkpoint, Checkpoint.load(checkpoint).metadata("fingerprint"), fingerprint);
            trainer.resume(checkpoint, fingerprint);
        }

        @Override
        public void requestStop() {
            trainer.requestStop();
        }

        @Override
        public long parameterCount() {
            return network.parameters().size();
        }

        @Override
        public TrainingState state() {
            return trainer.state();
        }

        @Override
        public Optional<Recommender> run(@Nullable Path checkpoint) throws InterruptedException {
            return train(checkpoint).map(recommender -> recommender);
        }

        private Split validation() {
            return trainer.validation();
        }

        private Optional<SequenceRecommender> train(@Nullable Path checkpoint) throws InterruptedException {
            return trainer.train(checkpoint, fingerprint)
                    ? Optional.of(new SequenceRecommender(network, maxLen))
                    : Optional.empty();
        }

        @Override
        public Map<String, Double> metrics() {
            Map<String, Double> metrics = new LinkedHashMap<>();
            TrainingState state = trainer.state();
            if (state.bestEpoch() > 0) {
                EpochRecord best = state.history().get(state.bestEpoch() - 1);
                metrics.put("training loss", best.loss());
                if (!Double.isNaN(best.ndcg())) {
                    metrics.put("validation HR@10", best.hitRate());
                    metrics.put("validation NDCG@10", best.ndcg());
                }
            }
            return metrics;
        }

        @Override
        public void close() {
            trainer.close();
        }
    }

    /**
     * Gradient descent in epochs, then the fit of the second stage and the validation of both stages together. If a run
     * is stopped in the second stage, its checkpoint holds the finished network, and resuming repeats the second stage
     * with bit-identical results.
     */
    final class TwoStages implements Fit {
        private final TwoStageConfig config;
        private final Network first;
        private final Split split;
        private final long seed;
        private final int threads;
        private final TrainingListener listener;
        private final @Nullable TwoStageRecommender evaluated;
        private final StopSwitch stop = new StopSwitch();
        private final Map<String, Double> metrics = new LinkedHashMap<>();

        private TwoStages(
                TwoStageConfig config,
                Network first,
                Split split,
                long seed,
                int threads,
                TrainingListener listener,
                @Nullable TwoStageRecommender evaluated) {
            this.evaluated = evaluated;
            this.config = config;
            this.first = first;
            this.split = split;
            this.seed = seed;
            this.threads = threads;
            this.listener = listener;
        }

        @Override
        public void resume(Path checkpoint) {
            first.resume(checkpoint);
        }

        @Override
        public void requestStop() {
            stop.request();
            first.requestStop();
        }

        @Override
        public long parameterCount() {
            return first.parameterCount();
        }

        @Override
        public TrainingState state() {
            return first.state();
        }

        @Override
        public Optional<Recommender> run(@Nullable Path checkpoint) throws InterruptedException {
            Optional<SequenceRecommender> network = first.train(checkpoint);
            if (network.isEmpty()) {
                return Optional.empty();
            }
            if (evaluated != null) {
                return Optional.of(evaluated.refit(network.get(), split));
            }
            metrics.putAll(first.metrics());
            int epoch = state().epoch();
            try {
                listener.secondStage();
                Recommender recommender = config.fit(network.get(), split, seed, stop::check);
                metrics.put("validation NDCG@10 of the network", metrics.get("validation NDCG@10"));
                metrics.putAll(validate(recommender, first.validation(), threads, epoch, listener, stop));
                return Optional.of(recommender);
            } catch (StopException stopped) {
                return Optional.empty();
            }
        }

        @Override
        public Map<String, Double> metrics() {
            return metrics;
        }

        @Override
        public void close() {
            first.close();
        }
    }

    /**
     * Evaluates a finished recommender on the validation cases.
     *
     * @throws StopException if the run was asked to stop
     */
    private static Map<String, Double> validate(
            Recommender recommender, Split split, int threads, int epoch, TrainingListener listener, StopSwitch stop)
            throws InterruptedException {
        EvaluationOptions options = EvaluationOptions.defaults(
                        recommender.policy().describe((int) recommender.longestHistory()))
                .withKs(List.of(10))
                .withBootstrap(0, 0)
                .withThreads(threads)
                .forCatalogue(recommender.itemCount());
        EvaluationResult result = new Evaluator(options)
                .evaluate(recommender, split, Split.Part.VALIDATION, (done, total) -> {
                    stop.check();
                    listener.validating(epoch, done, total);
                });
        return Map.of("validation HR@10", result.value("HR@10"), "validation NDCG@10", result.value("NDCG@10"));
    }

    /** One pass over the log, then the validation. */
    final class Tables implements Fit {
        private final MemoryBasedConfig config;
        private final Split split;
        private final int threads;
        private final TrainingListener listener;
        private final TrainingState state = new TrainingState();
        private final StopSwitch stop = new StopSwitch();
        private final Map<String, Double> metrics = new LinkedHashMap<>();

        private Tables(MemoryBasedConfig config, Split split, int threads, TrainingListener listener) {
            if (split.cases(Split.Part.TRAIN) == 0) {
                throw new UserFacingException("split " + split.protocol() + " leaves nothing to train on");
            }
            this.config = config;
            this.split = split;
            this.threads = threads;
            this.listener = listener;
        }

        @Override
        public void resume(Path checkpoint) {
            throw new UserFacingException(
                    checkpoint + ": a model of type " + config.type() + " is computed in one pass; start over");
        }

        @Override
        public void requestStop() {
            stop.request();
        }

        @Override
        public long parameterCount() {
            return 0;
        }

        @Override
        public TrainingState state() {
            return state;
        }

        @Override
        public Optional<Recommender> run(@Nullable Path checkpoint) throws InterruptedException {
            Recommender recommender = config.create(split);
            if (split.cases(Split.Part.VALIDATION) > 0) {
                try {
                    metrics.putAll(validate(recommender, split, threads, 1, listener, stop));
                } catch (StopException stopped) {
                    return Optional.empty();
                }
            }
            return Optional.of(recommender);
        }

        @Override
        public Map<String, Double> metrics() {
            return metrics;
        }

        @Override
        public void close() {}
    }
}
