package io.github.ttt4rec.train;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.autograd.BprLoss;
import io.github.ttt4rec.autograd.CatalogueCrossEntropy;
import io.github.ttt4rec.autograd.Dropout;
import io.github.ttt4rec.autograd.OutputLayer;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.SelectRows;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.Split.Part;
import io.github.ttt4rec.eval.EvaluationOptions;
import io.github.ttt4rec.eval.EvaluationResult;
import io.github.ttt4rec.eval.Evaluator;
import io.github.ttt4rec.eval.SequenceRecommender;
import io.github.ttt4rec.model.SequenceModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Trains a sequence model on the training part of a split. A batch's sequences are dealt to the threads; each runs forward
 * and backward on its share with a tape of its own, and the gradients are added in the threads' order: the same seed, data
 * and number of threads give the same bits. Sequences are packed, never padded, so there is nothing to gain from sorting
 * them by length.
 */
public final class Trainer implements AutoCloseable {
    /** Tokens that go through the network at once on one thread: their activations fit the caches. */
    private static final int TOKENS = 512;

    private final SequenceModel model;
    private final TrainConfig config;
    private final Split split;
    private final long seed;
    private final TrainingListener listener;
    private final Workers workers;
    private final List<Tape> tapes;
    private final Adam adam;
    private final TrainingWindows windows;
    private final Examples examples;
    /** Inputs of an epoch, about. */
    private final long tokens;

    private TrainingState state = new TrainingState();
    private volatile boolean stopRequested;

    /**
     * A trainer that starts from the model's parameters as they are.
     *
     * @throws UserFacingException where the split has no training case
     */
    public Trainer(
            SequenceModel model, TrainConfig config, Split split, long seed, int threads, TrainingListener listener) {
        this.model = model;
        this.config = config;
        this.split = split;
        this.seed = seed;
        this.listener = listener;
        windows = new TrainingWindows(split, config.maxLen(), config.effectiveStride());
        if (windows.count() == 0) {
            throw new UserFacingException("nothing to train on: split " + split.protocol()
                    + " leaves no training case of " + split.data().userCount()
                    + " users; use another split or more data");
        }
        if (config.maxLen() > model.maxLength()) {
            throw new UserFacingException("train.max_len is " + config.maxLen() + ", but the model knows "
                    + model.maxLength() + " positions; give it a max_len of at least that");
        }
        examples = Examples.of(model.objective(), windows, config.maxLen());
        tokens = IntStream.range(0, windows.count()).mapToLong(examples::tokens).sum();
        workers = new Workers(threads);
        tapes = IntStream.range(0, threads)
                .mapToObj(t -> Tape.recording(model.parameters()))
                .toList();
        List<Parameter> tables =
                Stream.of(model.inputTable(), model.outputTable()).distinct().toList();
        adam = new Adam(model.parameters(), config.learningRate(), tables);
    }

    /** Where the run stands. */
    public TrainingState state() {
        return state;
    }

    /** Asks the run to stop after the step under way. For any thread. */
    public void requestStop() {
        stopRequested = true;
    }

    /** Saves weights, moments and state; whatever stands at {@code path} is replaced in one step. */
    public void save(Path path, String fingerprint) {
        TrainingCheckpoint.save(path, fingerprint, seed, workers.count(), model.parameters(), adam, state);
    }

    /** Puts back what {@link #save} saved; the fingerprint, seed and number of threads must be the same. */
    public void resume(Path path, String fingerprint) {
        state = TrainingCheckpoint.load(path, fingerprint, seed, workers.count(), model.parameters(), adam);
    }

    /**
     * Trains until early stopping, the last epoch, or {@link #requestStop()}.
     *
     * @param checkpoint where to save after each epoch and when stopped; null to save nothing
     * @param fingerprint of data and configuration, kept in the checkpoint
     * @return whether training is complete; then the model has the best epoch's weights. False where it was stopped
     * @throws UserFacingException where the loss is no finite number
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
        long epochSeed = Dropout.mix(seed * 0x9E3779B97F4A7C15L + number);
        int[] order = windows.shuffled(epochSeed);
        int[] cuts = windows.cut(order, config.batchSize());
        long casesBefore = state.casesDone();
        while (state.batch() < cuts.length - 1) {
            if (stopRequested) {
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
            listener.stepped(
                    number,
                    state.casesDone(),
                    windows.cases(),
                    state.lossSum() / state.casesDone(),
                    (state.casesDone() - casesBefore) / seconds(start));
        }
        double trainSeconds = seconds(start);
        if (!model.parameters().isFinite()) {
            throw diverged("after its last batch: a weight is no finite number", checkpoint);
        }
        long validationStart = System.nanoTime();
        double hitRate = Double.NaN;
        double ndcg = Double.NaN;
        if (split.cases(Part.VALIDATION) > 0) {
            EvaluationResult result;
            try {
                result = validate(number);
            } catch (StopException stopped) {
                // All steps of the epoch are done and saved; resuming validates again.
                return false;
            }
            hitRate = result.value("HR@10");
            ndcg = result.value("NDCG@10");
        }
        double share = (double) (state.casesDone() - casesBefore) / windows.cases();
        EpochRecord record = new EpochRecord(
                number,
                state.lossSum() / state.casesDone(),
                hitRate,
                ndcg,
                trainSeconds,
                seconds(validationStart),
                share * windows.cases() / trainSeconds,
                share * tokens / trainSeconds);
        boolean best = state.finished(record, model.parameters().snapshot());
        listener.finished(record, best, state);
        return true;
    }

    private UserFacingException diverged(String where, @Nullable Path checkpoint) {
        return new UserFacingException("training diverged in epoch " + (state.epoch() + 1) + ", " + where
                + ". The likely cause is a learning rate that is too high (" + config.learningRate()
                + "); try a tenth of it."
                + (checkpoint == null || state.history().isEmpty()
                        ? ""
                        : " The last good checkpoint is " + checkpoint));
    }

    /** Leaves a validation in the middle. */
    private static final class StopException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private EvaluationResult validate(int epoch) throws InterruptedException {
        EvaluationOptions options = EvaluationOptions.defaults("last " + config.maxLen() + " items")
                .withKs(List.of(10))
                .withBootstrap(0, 0)
                .withThreads(workers.count());
        return new Evaluator(options)
                .evaluate(new SequenceRecommender(model, config.maxLen()), split, Part.VALIDATION, (done, total) -> {
                    if (stopRequested) {
                        throw new StopException();
                    }
                    listener.validating(epoch, done, total);
                });
    }

    /** One optimiser step; returns the sum of the batch's losses. */
    private double step(int[] batch, int cases, long epochSeed) {
        int[] shares = shares(batch);
        double[] losses = new double[workers.count()];
        workers.run(worker -> {
            double sum = 0;
            int from = shares[worker];
            while (from < shares[worker + 1]) {
                int to = from;
                int tokens = 0;
                do {
                    tokens += examples.tokens(batch[to++]);
                } while (to < shares[worker + 1] && tokens + examples.tokens(batch[to]) <= TOKENS);
                sum += pass(tapes.get(worker), Arrays.copyOfRange(batch, from, to), epochSeed, 1f / cases);
                from = to;
            }
            losses[worker] = sum;
        });
        double loss = Arrays.stream(losses).sum();
        if (Double.isFinite(loss)) {
            adam.step(tapes, workers);
        }
        return loss;
    }

    /** Cuts the batch into one run of windows for each worker, with as equal numbers of tokens as whole windows allow. */
    private int[] shares(int[] batch) {
        long all = Arrays.stream(batch).mapToLong(examples::tokens).sum();
        int[] shares = new int[workers.count() + 1];
        long seen = 0;
        int worker = 1;
        for (int i = 0; i < batch.length && worker < workers.count(); i++) {
            seen += examples.tokens(batch[i]);
            while (worker < workers.count() && seen * workers.count() >= all * worker) {
                shares[worker++] = i + 1;
            }
        }
        Arrays.fill(shares, worker, shares.length, batch.length);
        return shares;
    }

    /** Forward and backward of some windows on one thread; returns the sum of their losses. */
    private double pass(Tape tape, int[] some, long epochSeed, float weight) {
        Examples.Pass pass = examples.pass(some, epochSeed);
        int[] targets = pass.targets();
        Tensor hidden = model.encode(tape, pass.batch());
        if (targets.length < hidden.rows()) {
            hidden = SelectRows.apply(tape, hidden, pass.rows());
        }
        OutputLayer output = model.outputLayer();
        double loss = switch (config.loss()) {
            case CE -> CatalogueCrossEntropy.apply(tape, hidden, targets, output, weight);
            case BPR -> BprLoss.apply(tape, hidden, targets, negatives(pass), output, weight);
        };
        tape.backward();
        tape.reset();
        return loss;
    }

    /** For each case an item other than its target, uniformly. */
    private int[] negatives(Examples.Pass pass) {
        int[] targets = pass.targets();
        int[] negatives = new int[targets.length];
        int others = model.itemCount() - 1;
        for (int i = 0; i < targets.length; i++) {
            long bits = Dropout.mix(pass.batch().rowSeeds()[pass.rows()[i]] ^ 0x5851F42D4C957F2DL);
            int drawn = 1 + (int) Math.floorMod(bits, (long) Math.max(1, others));
            negatives[i] = drawn >= targets[i] ? Math.min(drawn + 1, model.itemCount()) : drawn;
        }
        return negatives;
    }

    @Override
    public void close() {
        workers.close();
    }
}
