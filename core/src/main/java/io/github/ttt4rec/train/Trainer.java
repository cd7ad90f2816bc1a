package io.github.ttt4rec.train;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.autograd.BprLoss;
import io.github.ttt4rec.autograd.CatalogueCrossEntropy;
import io.github.ttt4rec.autograd.LossWeights;
import io.github.ttt4rec.autograd.Negatives;
import io.github.ttt4rec.autograd.OutputLayer;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.SampledBinaryCrossEntropy;
import io.github.ttt4rec.autograd.SampledCrossEntropy;
import io.github.ttt4rec.autograd.SelectRows;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.Split.Part;
import io.github.ttt4rec.eval.EvaluationOptions;
import io.github.ttt4rec.eval.EvaluationResult;
import io.github.ttt4rec.eval.Evaluator;
import io.github.ttt4rec.internal.EventTokens;
import io.github.ttt4rec.internal.Parallel;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.random.SplitMix;
import io.github.ttt4rec.recommend.Popularity;
import io.github.ttt4rec.recommend.SequenceRecommender;
import io.github.ttt4rec.train.internal.AttributeTraining;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Trains a sequence model on the training part of a split. The sequences of a batch are divided among the threads; each
 * runs forward and backward passes on its share with its own tape, and the gradients are added in the order of the
 * threads, so that the same seed, data and number of threads give bit-identical results. Sequences are packed, not
 * padded, so sorting them by length would gain nothing.
 */
public final class Trainer implements AutoCloseable {
    /** The number of tokens in one pass of a thread: about as many as keep the data of the backward pass in L2. */
    private static final int TOKENS = 256;
    /** The seed for choosing the validation users; the same for every run and model, so that runs are comparable. */
    private static final long VALIDATION_SEED = 20;

    /** Separates the random bits of negatives from those of dropout. */
    private static final long NEGATIVES = 0x5851F42D4C957F2DL;

    private final SequenceModel model;
    private final OutputLayer output;
    private final TrainConfig config;
    private final Split split;
    private final Split validation;
    private final long seed;
    private final TrainingListener listener;
    private final Parallel workers;
    private final List<Tape> tapes;
    private final Adam adam;
    private final TrainingWindows windows;
    private final Examples examples;
    /** Null for a loss that does not sample. */
    private final @Nullable NegativeSampler sampler;
    /** Null if the weights of the last step are kept. */
    private final @Nullable WeightAverage average;
    /** Null if items have no attributes. */
    private final @Nullable AttributeTraining attributes;
    /** The approximate number of inputs per epoch. */
    private final long tokens;

    private TrainingState state = new TrainingState();
    private volatile boolean stopRequested;

    /**
     * A trainer that starts from the model's current parameters.
     *
     * @throws UserFacingException if the split has no training case, or the loss does not suit the data
     */
    public Trainer(
            SequenceModel model, TrainConfig config, Split split, long seed, int threads, TrainingListener listener) {
        this(model, config, split, null, seed, threads, listener);
    }

    /**
     * The same with attributes of items.
     *
     * @param attributes trains the vectors of attributes; it has added its parameters to the model. Null for none
     */
    public Trainer(
            SequenceModel model,
            TrainConfig config,
            Split split,
            @Nullable AttributeTraining attributes,
            long seed,
            int threads,
            TrainingListener listener) {
        this.attributes = attributes;
        if (attributes != null && config.sparseItemUpdates()) {
            throw new UserFacingException(
                    "train.sparse_item_updates updates only the items of a step, but with attributes"
                            + " a step changes all items that share one; set it to false, or train without --items");
        }
        this.model = model;
        output = model.outputLayer();
        this.config = config;
        this.split = split;
        validation = config.validationCases() == 0
                ? split
                : split.sample(Part.VALIDATION, config.validationCases(), VALIDATION_SEED);
        this.seed = seed;
        this.listener = listener;
        windows = TrainingWindows.of(split, config);
        if (windows.count() == 0) {
            throw new UserFacingException("nothing to train on: split " + split.protocol()
                    + " leaves no training case of " + split.data().userCount()
                    + " users; use another split or more data");
        }
        if (config.maxLen() > model.maxLength()) {
            throw new UserFacingException("train.max_len is " + config.maxLen() + ", but the model knows "
                    + model.maxLength() + " positions; give it a max_len of at least that");
        }
        examples = Examples.of(model.objective(), windows, config.maxLen(), model.readsKinds());
        sampler = sampler(config, model.itemCount(), split);
        tokens = IntStream.range(0, windows.count()).mapToLong(examples::tokens).sum();
        workers = new Parallel(threads, "train");
        tapes = IntStream.range(0, threads)
                .mapToObj(t -> Tape.recording(model.parameters()))
                .toList();
        List<Parameter> tables =
                Stream.of(model.inputTable(), model.outputTable()).distinct().toList();
        List<LazyRows> lazy = tables.stream()
                .filter(table -> config.sparseItemUpdates())
                .map(table -> new LazyRows(table, threads))
                .toList();
        adam = new Adam(model.parameters(), config.learningRate(), tables, lazy);
        average = config.averaging() == 0 ? null : new WeightAverage(model.parameters(), config.averaging());
    }

    private static @Nullable NegativeSampler sampler(TrainConfig config, int itemCount, Split split) {
        if (!config.loss().samples()) {
            return null;
        }
        if (itemCount < 2) {
            throw new UserFacingException("train.loss " + config.loss().name().toLowerCase(Locale.ROOT)
                    + " compares the target with other items, but the data has only one item; use ce");
        }
        return switch (config.negativeSampling()) {
            case UNIFORM -> NegativeSampler.uniform(itemCount);
            case POPULARITY -> NegativeSampler.popularity(Popularity.of(split).scores(), config.popularityAlpha());
        };
    }

    /** The progress of the run. */
    public TrainingState state() {
        return state;
    }

    /**
     * The split whose validation cases are evaluated after each epoch: all cases, or the sample that the configuration
     * asks for.
     */
    public Split validation() {
        return validation;
    }

    /** Asks the run to stop after the current step. May be called from any thread. */
    public void requestStop() {
        stopRequested = true;
    }

    /** Saves weights, moments and state; an existing file at {@code path} is replaced atomically. */
    public void save(Path path, String fingerprint) {
        TrainingCheckpoint.save(path, fingerprint, seed, workers.workers(), optimised(), state);
    }

    private TrainingCheckpoint.Optimised optimised() {
        return new TrainingCheckpoint.Optimised(model.parameters(), adam, average);
    }

    /**
     * Restores what {@link #save} saved; fingerprint, seed and number of threads must be the same.
     *
     * @throws UserFacingException if the checkpoint is missing, damaged or of another run
     */
    public void resume(Path path, String fingerprint) {
        state = TrainingCheckpoint.load(path, fingerprint, seed, workers.workers(), optimised());
    }

    /**
     * Trains until early stopping, the last epoch, or {@link #requestStop()}.
     *
     * @param checkpoint the file to save to after each epoch and on a stop; null to save nothing
     * @param fingerprint the fingerprint of data and configuration, stored in the checkpoint
     * @return true if training is complete and the model has the best epoch's weights; false if it was stopped
     * @throws DivergedException if the loss or a weight is not finite
     */
    public boolean train(@Nullable Path checkpoint, String fingerprint) throws InterruptedException {
        listener.started(windows.cases(), tokens, state);
        while (!state.isOver(config)) {
            boolean complete = epoch(checkpoint);
            if (checkpoint != null) {
                save(checkpoint, fingerprint);
            }
            if (!complete) {
                return false;
            }
            if (stopRequested && !state.isOver(config)) {
                return false;
            }
        }
        float[][] best = state.bestWeights();
        if (best != null) {
            model.parameters().restore(best);
        }
        return true;
    }

    private boolean epoch(@Nullable Path checkpoint) throws InterruptedException {
        long start = System.nanoTime();
        int number = state.epoch() + 1;
        long epochSeed = SplitMix.mix(seed * 0x9E3779B97F4A7C15L + number);
        int[] order = windows.shuffled(epochSeed);
        int[] cuts = windows.cut(order, config.batchSize());
        long casesBefore = state.casesDone();
        while (state.batch() < cuts.length - 1) {
            if (stopRequested) {
                adam.flush(workers);
                return false;
            }
            int[] batch = Arrays.copyOfRange(order, cuts[state.batch()], cuts[state.batch() + 1]);
            int cases = Arrays.stream(batch).map(windows::cases).sum();
            double loss = step(batch, cases, epochSeed);
            if (!Double.isFinite(loss)) {
                throw diverged(
                        "batch " + (state.batch() + 1) + " of " + (cuts.length - 1) + ": the loss is " + loss,
                        checkpoint);
            }
            state.stepped(loss, cases);
            if (average != null && WeightAverage.isPoint(state.batch(), cuts.length - 1)) {
                average.add(workers);
            }
            listener.stepped(
                    number,
                    state.casesDone(),
                    windows.cases(),
                    state.lossSum() / state.casesDone(),
                    (state.casesDone() - casesBefore) / seconds(start));
        }
        adam.flush(workers);
        double trainSeconds = seconds(start);
        if (!model.parameters().isFinite()) {
            throw diverged("after its last batch: a weight is not finite", checkpoint);
        }
        double share = (double) (state.casesDone() - casesBefore) / windows.cases();
        if (average == null) {
            combineAll();
            return validated(number, share, trainSeconds);
        }
        average.swap(workers);
        try {
            combineAll();
            return validated(number, share, trainSeconds);
        } finally {
            average.swap(workers);
        }
    }

    /** Gives every item its own vector back. */
    private void combineAll() throws InterruptedException {
        if (attributes != null) {
            attributes.combine(workers);
        }
    }

    /**
     * Validates the model's current weights and closes the epoch. Returns false if it was stopped before that.
     *
     * @param share the share of the epoch's cases that this start of the program has processed
     */
    private boolean validated(int number, double share, double trainSeconds) throws InterruptedException {
        long validationStart = System.nanoTime();
        double hitRate = Double.NaN;
        double ndcg = Double.NaN;
        if (split.cases(Part.VALIDATION) > 0) {
            EvaluationResult result;
            try {
                result = validate(number);
            } catch (StopException stopped) {
                // All steps of the epoch are done and saved; resuming repeats the validation.
                return false;
            }
            hitRate = result.value("HR@10");
            ndcg = result.value("NDCG@10");
        }
        EpochRecord record = new EpochRecord(
                number,
                state.lossSum() / state.casesDone(),
                hitRate,
                ndcg,
                trainSeconds,
                seconds(validationStart),
                share * windows.cases() / trainSeconds,
                share * tokens / trainSeconds);
        boolean best = state.finished(record, model.parameters());
        listener.finished(record, best, state);
        return true;
    }

    private DivergedException diverged(String where, @Nullable Path checkpoint) {
        return new DivergedException(
                "epoch " + (state.epoch() + 1) + ", " + where,
                "The likely cause is a learning rate that is too high (" + config.learningRate()
                        + "); try a tenth of it."
                        + (checkpoint == null || state.history().isEmpty()
                                ? ""
                                : " The last good checkpoint is " + checkpoint));
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private EvaluationResult validate(int epoch) throws InterruptedException {
        EvaluationOptions options = EvaluationOptions.defaults("last " + config.maxLen() + " items")
                .withKs(List.of(10))
                .withBootstrap(0, 0)
                .withThreads(workers.workers())
                .forCatalogue(model.itemCount());
        return new Evaluator(options)
                .evaluate(
                        new SequenceRecommender(model, config.maxLen()), validation, Part.VALIDATION, (done, total) -> {
                            if (stopRequested) {
                                throw new StopException();
                            }
                            listener.validating(epoch, done, total);
                        });
    }

    /** One optimiser step; returns the number of cases times the (weighted) mean of their losses. */
    private double step(int[] batch, int cases, long epochSeed) throws InterruptedException {
        int[] shares = shares(batch);
        double[] losses = new double[workers.workers()];
        double weights = windows.weighLosses()
                ? Arrays.stream(batch).mapToDouble(windows::lossWeights).sum()
                : cases;
        long batchSeed = SplitMix.mix(windows.seed(epochSeed, batch[0], 0) ^ NEGATIVES);
        if (attributes != null) {
            attributes.combine(batchSeed, workers);
        }
        workers.run(worker -> {
            double sum = 0;
            int from = shares[worker];
            int firstCase = Arrays.stream(batch, 0, from).map(windows::cases).sum();
            while (from < shares[worker + 1]) {
                int to = from;
                int tokens = 0;
                do {
                    tokens += examples.tokens(batch[to++]);
                } while (to < shares[worker + 1] && tokens + examples.tokens(batch[to]) <= TOKENS);
                Examples.Pass pass = examples.pass(Arrays.copyOfRange(batch, from, to), epochSeed);
                Negatives negatives = negatives(pass, firstCase, batchSeed);
                touch(worker, pass, negatives);
                sum += pass(tapes.get(worker), pass, negatives, (float) (1 / weights));
                firstCase += pass.targets().length;
                from = to;
            }
            losses[worker] = sum;
        });
        double loss = Arrays.stream(losses).sum() * (cases / weights);
        if (Double.isFinite(loss)) {
            if (attributes != null) {
                attributes.distribute(tapes, batchSeed, workers);
            }
            adam.step(tapes, workers);
        }
        return loss;
    }

    /** Divides the batch into one range of windows per worker, with token counts as equal as whole windows allow. */
    private int[] shares(int[] batch) {
        long all = Arrays.stream(batch).mapToLong(examples::tokens).sum();
        int[] shares = new int[workers.workers() + 1];
        long seen = 0;
        int worker = 1;
        for (int i = 0; i < batch.length && worker < workers.workers(); i++) {
            seen += examples.tokens(batch[i]);
            while (worker < workers.workers() && seen * workers.workers() >= all * worker) {
                shares[worker++] = i + 1;
            }
        }
        Arrays.fill(shares, worker, shares.length, batch.length);
        return shares;
    }

    /** Runs the forward and backward pass of some windows on one thread; returns the sum of their losses. */
    private double pass(Tape tape, Examples.Pass pass, @Nullable Negatives negatives, float scale) {
        LossWeights weights = new LossWeights(scale, pass.weights());
        int[] targets = pass.targets();
        Tensor hidden = model.encode(tape, pass.batch());
        if (targets.length < hidden.rows()) {
            hidden = SelectRows.apply(tape, hidden, pass.rows());
        }
        double loss = negatives == null
                ? CatalogueCrossEntropy.apply(tape, hidden, targets, output, weights)
                : sampledLoss(tape, hidden, targets, negatives, weights);
        tape.backward();
        tape.reset();
        return loss;
    }

    private double sampledLoss(Tape tape, Tensor hidden, int[] targets, Negatives negatives, LossWeights weights) {
        return switch (config.loss()) {
            case CE -> throw new IllegalStateException("cross-entropy over the catalogue takes no negatives");
            case BPR -> BprLoss.apply(tape, hidden, targets, negatives.items(), output, weights);
            case SAMPLED_CE -> SampledCrossEntropy.apply(tape, hidden, targets, negatives, output, weights);
            case BCE -> SampledBinaryCrossEntropy.apply(tape, hidden, targets, negatives, 1f, output, weights);
            case GBCE -> {
                double rate = (double) negatives.count() / (model.itemCount() - 1);
                float beta = SampledBinaryCrossEntropy.beta(config.gbceT(), rate);
                yield SampledBinaryCrossEntropy.apply(tape, hidden, targets, negatives, beta, output, weights);
            }
        };
    }

    /** The negatives of a pass, which do not depend on the number of threads; null for a loss that does not sample. */
    private @Nullable Negatives negatives(Examples.Pass pass, int firstCase, long batchSeed) {
        if (sampler == null) {
            return null;
        }
        int count = config.effectiveNegatives();
        int[] targets = pass.targets();
        if (count >= TrainConfig.SHARED) {
            return sampler.shared(count, TrainConfig.SHARED, firstCase, targets.length, batchSeed);
        }
        long[] seeds = new long[targets.length];
        for (int i = 0; i < seeds.length; i++) {
            seeds[i] = SplitMix.mix(pass.batch().rowSeeds()[pass.rows()[i]] ^ NEGATIVES);
        }
        return sampler.perRow(count, targets, seeds);
    }

    /** Marks all rows of the item tables to which a pass may add a gradient. */
    private void touch(int worker, Examples.Pass pass, @Nullable Negatives negatives) {
        if (config.sparseItemUpdates()) {
            int[] drawn = Objects.requireNonNull(negatives).items();
            int[] inputs = pass.batch().items();
            adam.touch(
                    worker,
                    model.inputTable(),
                    model.readsKinds() ? EventTokens.items(inputs) : inputs,
                    pass.batch().rows());
            adam.touch(worker, model.outputTable(), pass.targets(), pass.targets().length);
            adam.touch(worker, model.outputTable(), drawn, drawn.length);
        }
    }

    @Override
    public void close() {
        workers.close();
    }

    /** Training cannot continue, because the loss or a weight is not finite. */
    public static final class DivergedException extends UserFacingException {
        private static final long serialVersionUID = 1L;

        private final String where;

        /**
         * @param where the place in training, such as {@code epoch 2, batch 3 of 9: the loss is NaN}
         * @param advice what to do
         */
        DivergedException(String where, String advice) {
            super("training diverged in " + where + ". " + advice);
            this.where = where;
        }

        /** The place in training, such as {@code epoch 2, batch 3 of 9: the loss is NaN}. */
        public String where() {
            return where;
        }
    }
}
