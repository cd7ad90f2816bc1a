package io.github.ttt4rec.api;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.data.DataSource;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.internal.Version;
import io.github.ttt4rec.io.Provenance;
import io.github.ttt4rec.kernels.Kernels;
import io.github.ttt4rec.recommend.Popularity;
import io.github.ttt4rec.recommend.Recommender;
import io.github.ttt4rec.train.EpochRecord;
import io.github.ttt4rec.train.TrainingListener;
import io.github.ttt4rec.train.TrainingState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A training run, from a split to a {@link TrainedModel}. */
public final class Training implements AutoCloseable {
    private final Split split;
    private final RunConfig config;
    /**
     * The model that determines the settings and the number of epochs of a fit on all events; null for a run that is
     * evaluated.
     */
    private final @Nullable TrainedModel evaluated;
    /** The version of the model whose weights the run starts from; null for random weights. */
    private final @Nullable String from;

    private final long seed;
    private final int threads;
    private final Fit fit;
    private final Instant started = Instant.now();

    /**
     * Prepares a run.
     *
     * @param seed the seed of all random numbers
     * @param threads the number of training threads; the same seed, data and number of threads give bit-identical
     *     results
     * @param split the split of the log that the configuration asks for, as {@link RunConfig#open} returns it
     * @throws UserFacingException if there is nothing to train on
     * @throws IllegalArgumentException if the configuration asks for another split
     */
    public Training(Split split, RunConfig config, long seed, int threads, TrainingListener listener) {
        this(split, config, Map.of(), seed, threads, listener);
    }

    /**
     * The same with attributes of items: the network trains an encoder with which it recommends items without events,
     * too ({@link TrainedModel#encodesAttributes}).
     *
     * @param attributes the attributes of items by id; those of items that the data does not have are ignored, and none
     *     at all mean a training without them
     * @throws UserFacingException also if the model has no vectors of items, or the attributes say nothing of its items
     */
    public Training(
            Split split,
            RunConfig config,
            Map<String, ItemAttributes> attributes,
            long seed,
            int threads,
            TrainingListener listener) {
        if (!split.protocol().equals(config.split().protocol())) {
            throw new IllegalArgumentException("the split is " + split.protocol() + ", but the configuration says "
                    + config.split().protocol() + ": make it by config.split().apply(data)");
        }
        this.split = split;
        this.config = config;
        this.seed = seed;
        this.threads = threads;
        evaluated = null;
        from = null;
        String fingerprint = Fingerprint.of(split.data(), config, "", attributes);
        fit = Fit.of(new Fit.Run(split, config, attributes, fingerprint, seed, threads, listener), null, null);
    }

    private Training(
            TrainedModel start,
            Split split,
            @Nullable String from,
            Map<String, ItemAttributes> attributes,
            int epochs,
            int threads,
            TrainingListener listener) {
        this.split = split;
        this.threads = threads;
        config = start.config();
        seed = start.provenance().seed();
        evaluated = start;
        this.from = from;
        fit = Fit.of(
                new Fit.Run(
                        split,
                        config.withTrain(config.train().withEpochs(epochs)),
                        attributes,
                        Fingerprint.of(split.data(), config, start.version(), attributes),
                        seed,
                        threads,
                        listener),
                from == null ? null : start,
                start.recommender());
    }

    /**
     * Prepares to fit a model again, on every event, with the settings, the seed and the best number of epochs of a
     * model that was evaluated on part of the same events. This fit is not validated, because no held-out cases remain.
     *
     * @param evaluated the model whose settings are used
     * @param data all events, including those on which {@code evaluated} was tested
     */
    public static Training onEverything(TrainedModel evaluated, Dataset data, int threads, TrainingListener listener) {
        return onEverything(evaluated, data, Map.of(), threads, listener);
    }

    /** The same with attributes of items by id, as in {@link #Training(Split, RunConfig, Map, long, int, TrainingListener)}. */
    public static Training onEverything(
            TrainedModel evaluated,
            Dataset data,
            Map<String, ItemAttributes> attributes,
            int threads,
            TrainingListener listener) {
        int epochs = Math.max(1, evaluated.provenance().bestEpoch());
        return new Training(evaluated, Split.everything(data), null, attributes, epochs, threads, listener);
    }

    /**
     * Prepares to continue the training of a model, from its current weights, on events that it may not have seen.
     *
     * @param start the model; its catalogue must be that of the split's data ({@link TrainedModel#withItems} adds new
     *     items first)
     * @param from the version that the provenance names as the origin: the version of {@code start} before new items
     *     were added
     * @param split its training part is learned; the other parts are not used
     * @param attributes the attributes of items by id; if empty, the new model has no encoder of attributes
     */
    public static Training continuing(
            TrainedModel start,
            String from,
            Split split,
            Map<String, ItemAttributes> attributes,
            int epochs,
            int threads,
            TrainingListener listener) {
        if (split.data().itemCount() != start.items().size()) {
            throw new IllegalArgumentException("the model has " + start.items().size() + " items, the data "
                    + split.data().itemCount());
        }
        return new Training(start, split, from, attributes, epochs, threads, listener);
    }

    /**
     * Prepares to train a new model with the settings and the best number of epochs of another, from random weights.
     *
     * @param split its training part is learned; the other parts are not used
     * @param attributes the attributes of items by id; if empty, the new model has no encoder of attributes
     */
    public static Training again(
            TrainedModel settings,
            Split split,
            Map<String, ItemAttributes> attributes,
            int threads,
            TrainingListener listener) {
        int epochs = Math.max(1, settings.provenance().bestEpoch());
        return new Training(settings, split, null, attributes, epochs, threads, listener);
    }

    /** Trains on all cores with seed 1, silently, without checkpoints. */
    public static TrainedModel run(Split split, RunConfig config) throws InterruptedException {
        return run(split, config, TrainingListener.SILENT);
    }

    /**
     * Trains on all cores with seed 1, without checkpoints, and reports each epoch's results as soon as it is
     * validated.
     *
     * @param epochs called from the training thread; never called for a memory-based model, which has no epochs
     */
    public static TrainedModel run(Split split, RunConfig config, Consumer<EpochRecord> epochs)
            throws InterruptedException {
        return run(split, config, new TrainingListener() {
            @Override
            public void finished(EpochRecord epoch, boolean best, TrainingState state) {
                epochs.accept(epoch);
            }
        });
    }

    /** Trains on all cores with seed 1, without checkpoints; {@code listener} is told about each step. */
    public static TrainedModel run(Split split, RunConfig config, TrainingListener listener)
            throws InterruptedException {
        int threads = Runtime.getRuntime().availableProcessors();
        try (Training training = new Training(split, config, 1, threads, listener)) {
            return training.run(null).orElseThrow();
        }
    }

    /**
     * Continues from a checkpoint of the same data, configuration, seed and number of threads, with bit-identical
     * results.
     *
     * @throws UserFacingException if the checkpoint is missing, damaged or of another run; the message says what
     *     differs
     */
    public void resume(Path checkpoint) {
        fit.resume(checkpoint);
    }

    /** Asks a run to save and stop after the current step. May be called from any thread. */
    public void requestStop() {
        fit.requestStop();
    }

    /** The number of learned parameters; 0 for a memory-based model. */
    public long parameterCount() {
        return fit.parameterCount();
    }

    /** The progress of the run. */
    public TrainingState state() {
        return fit.state();
    }

    /**
     * Trains to the end.
     *
     * @param checkpoint the file to save to after every epoch and on a stop; null to save nothing
     * @return the model with the best epoch's weights; empty if the run was asked to stop
     */
    public Optional<TrainedModel> run(@Nullable Path checkpoint) throws InterruptedException {
        return fit.run(checkpoint).map(this::model);
    }

    private TrainedModel model(Recommender recommender) {
        long[] events = Popularity.counts(split);
        TrainedModel model =
                new TrainedModel(config, split.data().items(), recommender, provenance(), events).with(fit.encoder());
        // An evaluated model keeps the popularities on which its output weights were fitted.
        return evaluated == null ? model : model.withMeanPopularity(events);
    }

    private static @Nullable Instant lastTime(Dataset data) {
        return data.hasTimes()
                ? EventTime.instant(Arrays.stream(data.times()).max().orElseThrow())
                : null;
    }

    private Provenance provenance() {
        TrainingState state = fit.state();
        if (evaluated != null) {
            long events = IntStream.range(0, split.data().userCount())
                    .mapToLong(split::trainingLength)
                    .sum();
            return evaluated
                    .provenance()
                    .withData(split.data().source())
                    .withFitted(new Provenance.Fitted(
                            events,
                            state.epoch(),
                            state.history().isEmpty()
                                    ? Double.NaN
                                    : state.history().getLast().loss(),
                            lastTime(split.data()),
                            from,
                            started,
                            Instant.now()));
        }
        DataSource source = split.data().source();
        return new Provenance(
                Version.current(),
                Runtime.version().toString(),
                Kernels.active().name(),
                source,
                split.protocol(),
                RunConfigs.toMap(config),
                seed,
                threads,
                started,
                Instant.now(),
                state.epoch(),
                state.bestEpoch(),
                fit.metrics(),
                null);
    }

    @Override
    public void close() {
        fit.close();
    }
}
