package io.github.ttt4rec.api;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.eval.EvaluationOptions;
import io.github.ttt4rec.eval.EvaluationResult;
import io.github.ttt4rec.eval.Evaluator;
import io.github.ttt4rec.internal.EventTokens;
import io.github.ttt4rec.io.internal.Checkpoint;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.recommend.MemoryBasedConfig;
import io.github.ttt4rec.recommend.NetworkConfig;
import io.github.ttt4rec.recommend.Popularity;
import io.github.ttt4rec.recommend.Recommender;
import io.github.ttt4rec.recommend.SequenceRecommender;
import io.github.ttt4rec.recommend.TwoStageConfig;
import io.github.ttt4rec.recommend.TwoStageRecommender;
import io.github.ttt4rec.train.EpochRecord;
import io.github.ttt4rec.train.StopException;
import io.github.ttt4rec.train.TrainConfig;
import io.github.ttt4rec.train.Trainer;
import io.github.ttt4rec.train.TrainingListener;
import io.github.ttt4rec.train.TrainingState;
import io.github.ttt4rec.train.internal.AttributeEncoder;
import io.github.ttt4rec.train.internal.AttributeTraining;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How one kind of recommender is fitted to a log. */
sealed interface Fit extends AutoCloseable {
    /**
     * A run before it starts.
     *
     * @param attributes the attributes of items by id; empty for training without them
     * @param fingerprint the run's fingerprint, which its checkpoints store
     */
    record Run(
            Split split,
            RunConfig config,
            Map<String, ItemAttributes> attributes,
            String fingerprint,
            long seed,
            int threads,
            TrainingListener listener) {}

    /**
     * Returns how the configured kind of recommender is fitted.
     *
     * @param start the model whose weights a network starts from; null to initialise them from the seed. Tables are
     *     always recomputed
     * @param evaluated the recommender whose fitted second stage is kept while its tables are recomputed; null to fit a
     *     second stage
     */
    static Fit of(Run run, @Nullable TrainedModel start, @Nullable Recommender evaluated) {
        Split split = run.split();
        return switch (run.config().model()) {
            case NetworkConfig network -> network(network, run, start);
            case TwoStageConfig stages -> {
                if (evaluated == null) {
                    stages.check(split);
                }
                Network first = network(stages.network(), run, start);
                yield new TwoStages(
                        stages, first, split, run.seed(), run.threads(), run.listener(), (TwoStageRecommender)
                                evaluated);
            }
            case MemoryBasedConfig tables -> {
                if (!run.attributes().isEmpty()) {
                    throw new UserFacingException("a model of type " + tables.type()
                            + " has no vectors of items that attributes could predict; train it without attributes, or"
                            + " take another type, such as hybrid");
                }
                yield new Tables(tables, split, run.threads(), run.listener());
            }
        };
    }

    private static Network network(NetworkConfig settings, Run run, @Nullable TrainedModel start) {
        Split split = run.split();
        TrainConfig config = run.config().train();
        SequenceModel network = settings.create(split.data().itemCount());
        requireKinds(network, split.data());
        if (start == null) {
            network.parameters().initialize(run.seed());
        } else {
            new AddedItems(start.items(), List.of()).fill(start.network(), network);
        }
        AttributeTraining attributes = attributes(network, run);
        if (attributes != null && start != null) {
            attributes.continueFrom(start.encoder().orElse(null));
        }
        Trainer trainer = new Trainer(network, config, split, attributes, run.seed(), run.threads(), run.listener());
        return new Network(network, settings, attributes, config.maxLen(), trainer, run.fingerprint());
    }

    private static @Nullable AttributeTraining attributes(SequenceModel network, Run run) {
        if (run.attributes().isEmpty()) {
            return null;
        }
        IdMap items = run.split().data().items();
        if (items.names().stream().noneMatch(run.attributes()::containsKey)) {
            throw new UserFacingException(
                    "none of the " + items.size() + " items of the log has attributes, such as item " + items.name(1)
                            + "; do the ids of both files agree?");
        }
        AttributeTraining.Items known =
                new AttributeTraining.Items(items, run.attributes(), Popularity.counts(run.split()));
        AttributeTraining attributes =
                new AttributeTraining(network, known, run.config().train().idDropout(), run.seed());
        if (attributes.features() == 0) {
            throw new UserFacingException("no two items of the log have an attribute in common, so that attributes say"
                    + " nothing of other items; train without them");
        }
        return attributes;
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

    /** The trained encoder of attributes; null without one. Call it after {@link #run}. */
    default @Nullable AttributeEncoder encoder() {
        return null;
    }

    @Override
    void close();

    /** Gradient descent in epochs. */
    final class Network implements Fit {
        private final SequenceModel network;
        private final NetworkConfig settings;
        /** Null if items have no attributes. */
        private final @Nullable AttributeTraining attributes;

        private final int maxLen;
        private final Trainer trainer;
        private final String fingerprint;

        private Network(
                SequenceModel network,
                NetworkConfig settings,
                @Nullable AttributeTraining attributes,
                int maxLen,
                Trainer trainer,
                String fingerprint) {
            this.network = network;
            this.settings = settings;
            this.attributes = attributes;
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
            return network.parameters().size() - (attributes == null ? 0 : attributes.combined());
        }

        @Override
        public @Nullable AttributeEncoder encoder() {
            return attributes == null ? null : attributes.encoder();
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
                    ? Optional.of(new SequenceRecommender(attributes == null ? network : withoutExtras(), maxLen))
                    : Optional.empty();
        }

        /** The network without the parameters that only training needs. */
        private SequenceModel withoutExtras() {
            SequenceModel plain = settings.create(network.itemCount());
            for (Parameter parameter : plain.parameters().all()) {
                float[] trained = network.parameters().get(parameter.name()).value();
                System.arraycopy(trained, 0, parameter.value(), 0, trained.length);
            }
            plain.parameters().updated();
            return plain;
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
        public @Nullable AttributeEncoder encoder() {
            return first.encoder();
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
