package io.github.ttt4rec.tune;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.api.Training;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.Split.Part;
import io.github.ttt4rec.eval.EvaluationOptions;
import io.github.ttt4rec.eval.EvaluationResult;
import io.github.ttt4rec.eval.Evaluator;
import io.github.ttt4rec.eval.Metric;
import io.github.ttt4rec.eval.Recommender;
import io.github.ttt4rec.io.RunDirectory;
import io.github.ttt4rec.io.YamlFiles;
import io.github.ttt4rec.train.DivergedException;
import io.github.ttt4rec.train.EpochRecord;
import io.github.ttt4rec.train.TrainingListener;
import io.github.ttt4rec.train.TrainingState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * A search for the settings with the best validation NDCG@10, one trial after the other. The first trial is the subject as it
 * is, where it lies in the search space. Each trial is saved when it is over, so that a search goes on where it was stopped;
 * what it tries next is decided by the seed and the trials before, so that it tries the same as one never stopped.
 *
 * <p>Its directory holds {@code trials.json} and {@code trials.csv}, {@code best.yaml} with the configuration of the best
 * trial, and {@code model} with its network, if it has one. All trials train with one seed: {@code train --config best.yaml}
 * with that seed and number of threads gives the network again, to the bit.
 */
public final class Tuning implements AutoCloseable {
    /** The metric that decides. */
    public static final String OBJECTIVE = "NDCG@10";

    private static final String TRIALS = "trials.json";
    private static final String CSV = "trials.csv";
    private static final String BEST = "best.yaml";
    private static final String MODEL = "model";
    private static final String CHECKPOINT = "checkpoint.safetensors";
    private static final String TEST = "test.json";
    private static final RunDirectory.Kind KIND =
            new RunDirectory.Kind("search", "tune.json", List.of(TRIALS, CSV, BEST, MODEL, CHECKPOINT, TEST));
    /** Draws, of each kind, before a combination not tried yet is given up. */
    private static final int DRAWS = 1000;
    /** So many failures and nothing else mean that the ranges are wrong. */
    private static final int HOPELESS = 5;

    private final Plan plan;
    private final Split split;
    private final TuningListener listener;
    private final RunDirectory directory;
    private final List<Trial> trials = new ArrayList<>();
    private volatile boolean stopRequested;
    private volatile @Nullable Training training;

    /**
     * What to search, and how. All but the budget decides the sequence of trials.
     *
     * @param medianRule whether bad trials are stopped early ({@link MedianRule})
     * @param seed of the search and of every training
     * @param threads to train and evaluate with
     */
    public record Plan(
            Subject subject,
            SearchSpace space,
            Search search,
            boolean medianRule,
            long seed,
            int threads,
            Budget budget) {
        /** Everything but the budget, by name: what trials of one search agree in. */
        private Map<String, String> fingerprint(String dataSha256) {
            Map<String, String> entries = new LinkedHashMap<>();
            entries.put(RunDirectory.DATA, dataSha256);
            entries.put("search", search.name().toLowerCase(Locale.ROOT));
            entries.put("median rule", Boolean.toString(medianRule));
            entries.put("seed", Long.toString(seed));
            entries.put("threads", Integer.toString(threads));
            space.dimensions()
                    .forEach(dimension -> entries.put(
                            "range of " + dimension.path(), dimension.domain().toString()));
            entries.putAll(RunConfigs.flat(subject.toMap()));
            return entries;
        }
    }

    /**
     * When to end. A trial under way is let finish.
     *
     * @param trials at most so many
     * @param minutes that trials may take together, those before a restart too; infinite for any
     */
    public record Budget(int trials, double minutes) {}

    /** Why a search ended. */
    public enum End {
        /** The budget is used up. */
        BUDGET,
        /** There is no combination left to try. */
        EXHAUSTED,
        /** It was asked to stop. */
        STOPPED
    }

    /** Leaves an evaluation in the middle. */
    private static final class StopException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Values to try.
     *
     * @param passedOver combinations drawn before that contradict themselves
     */
    private record Proposal(Map<String, Object> values, Subject subject, int passedOver) {}

    /**
     * Opens the directory of a search.
     *
     * @param split of the log, as the subject says
     * @param out the directory; made where it does not exist
     * @param force whether a search in it is deleted
     * @throws UserFacingException where it holds a search of other data, settings or ranges, or there is nothing to validate
     */
    public Tuning(Plan plan, Split split, Path out, boolean force, TuningListener listener) {
        if (split.cases(Part.VALIDATION) == 0) {
            throw new UserFacingException("split " + split.protocol()
                    + " leaves no validation case, by which settings are chosen; use another split");
        }
        this.plan = plan;
        this.split = split;
        this.listener = listener;
        directory = RunDirectory.open(
                out, KIND, plan.fingerprint(split.data().source().sha256()), Map.of(), force);
        try {
            if (directory.has(TRIALS)) {
                trials.addAll(directory.read(TRIALS, new TypeReference<List<Trial>>() {}));
                writeResults();
            }
        } catch (RuntimeException failure) {
            directory.close();
            throw failure;
        }
    }

    /** Lets go of the directory. */
    @Override
    public void close() {
        directory.close();
    }

    /** Asks to save and stop. For any thread. */
    public void requestStop() {
        stopRequested = true;
        Training running = training;
        if (running != null) {
            running.requestStop();
        }
    }

    /** The trials that are over, in order. */
    public List<Trial> trials() {
        return Collections.unmodifiableList(trials);
    }

    /** The best trial; empty where none ended with a result. */
    public Optional<Trial> best() {
        return trials.stream()
                .filter(trial -> trial.status() == Trial.Status.FINISHED)
                .min(Trial.BEST_FIRST);
    }

    /** The configuration of a trial. */
    public Subject subject(Trial trial) {
        return plan.subject().with(trial.values(), "trial " + trial.number());
    }

    /** Where the best configuration is written. */
    public Path bestFile() {
        return directory.resolve(BEST);
    }

    /** Where the best trial's network is saved; empty where it has none. */
    public Optional<Path> modelDirectory() {
        return plan.subject() instanceof Subject.Network && best().isPresent()
                ? Optional.of(directory.resolve(MODEL))
                : Optional.empty();
    }

    /**
     * Tries until the budget is used up.
     *
     * @throws UserFacingException where trials do nothing but fail, or a file cannot be written
     */
    public End run() throws InterruptedException {
        while (true) {
            double spent = trials.stream().mapToDouble(Trial::seconds).sum();
            if (trials.size() >= plan.budget().trials()
                    || spent >= 60 * plan.budget().minutes()) {
                return End.BUDGET;
            }
            if (stopRequested) {
                return End.STOPPED;
            }
            Optional<Proposal> proposal = propose();
            if (proposal.isEmpty()) {
                return End.EXHAUSTED;
            }
            Optional<Trial> trial;
            try {
                trial = attempt(proposal.get());
            } catch (StopException stopped) {
                trial = Optional.empty();
            }
            if (trial.isEmpty()) {
                return End.STOPPED;
            }
            finish(trial.get());
        }
    }

    /** What to try next; empty where nothing new is left. */
    private Optional<Proposal> propose() {
        int number = trials.size() + 1;
        Map<String, Object> own = plan.space().valuesOf(plan.subject());
        if (number == 1 && plan.space().contains(own)) {
            return Optional.of(new Proposal(own, plan.subject(), 0));
        }
        if (trials.size() >= plan.space().size()) {
            return Optional.empty();
        }
        SplittableRandom random = new SplittableRandom(plan.seed());
        for (int i = 1; i < number; i++) {
            random = random.split();
        }
        int passedOver = 0;
        for (int draw = 0; draw < 2 * DRAWS; draw++) {
            // An estimator may insist on what was tried already.
            Search search = draw < DRAWS ? plan.search() : Search.RANDOM;
            Map<String, Object> values = search.propose(plan.space(), trials, random);
            if (trials.stream().anyMatch(trial -> trial.values().equals(values))) {
                continue;
            }
            try {
                return Optional.of(new Proposal(values, plan.subject().with(values, "trial " + number), passedOver));
            } catch (UserFacingException contradiction) {
                // Such as a hidden size that does not divide by the number of heads; counted, and reported with the
                // trial.
                passedOver++;
            }
        }
        return Optional.empty();
    }

    private Optional<Trial> attempt(Proposal proposal) throws InterruptedException {
        return switch (proposal.subject()) {
            case Subject.Network network -> train(proposal, network.shared());
            case Subject.Neighbours neighbours -> Optional.of(count(proposal, neighbours));
        };
    }

    private Trial count(Proposal proposal, Subject.Neighbours neighbours) throws InterruptedException {
        int number = trials.size() + 1;
        listener.started(number, proposal.values(), false);
        long start = System.nanoTime();
        Recommender recommender = neighbours.config().method().create(split);
        EvaluationResult result = new Evaluator(options(neighbours.shared()).withKs(List.of(10)))
                .evaluate(recommender, split, Part.VALIDATION, (done, total) -> {
                    requireNotStopped();
                    listener.validating(number, done, total);
                });
        return new Trial(
                number,
                proposal.values(),
                Trial.Status.FINISHED,
                result.value(OBJECTIVE),
                result.value("HR@10"),
                0,
                List.of(),
                (System.nanoTime() - start) / 1e9,
                proposal.passedOver(),
                null);
    }

    private EvaluationOptions options(RunConfig config) {
        return EvaluationOptions.defaults("last " + config.train().maxLen() + " items")
                .withThreads(plan.threads())
                .withBootstrap(0, 0);
    }

    private void requireNotStopped() {
        if (stopRequested) {
            throw new StopException();
        }
    }

    /** Passes on what it is told, and stops a training that is bad. */
    private final class Watch implements TrainingListener {
        private final TrainingListener told;
        private @Nullable Training watched;
        private boolean bad;

        Watch(TrainingListener told) {
            this.told = told;
        }

        private void judge(TrainingState state) {
            if (plan.medianRule() && MedianRule.stops(curve(state), trials) && watched != null) {
                bad = true;
                watched.requestStop();
            }
        }

        /** A resumed training may have been stopped just before it was saved as such. */
        @Override
        public void started(long cases, long tokens, TrainingState state) {
            told.started(cases, tokens, state);
            judge(state);
        }

        @Override
        public void stepped(int epoch, long cases, long allCases, double loss, double casesPerSecond) {
            told.stepped(epoch, cases, allCases, loss, casesPerSecond);
        }

        @Override
        public void validating(int epoch, int done, int total) {
            told.validating(epoch, done, total);
        }

        @Override
        public void finished(EpochRecord epoch, boolean best, TrainingState state) {
            told.finished(epoch, best, state);
            judge(state);
        }
    }

    /** Empty where it was asked to stop. */
    private Optional<Trial> train(Proposal proposal, RunConfig config) throws InterruptedException {
        int number = trials.size() + 1;
        Path checkpoint = directory.resolve(CHECKPOINT);
        boolean resumed = Files.exists(checkpoint);
        listener.started(number, proposal.values(), resumed);
        Watch watch = new Watch(listener.training(number));
        try (Training run = new Training(split, config, plan.seed(), plan.threads(), watch)) {
            training = run;
            watch.watched = run;
            if (stopRequested) {
                run.requestStop();
            }
            if (resumed) {
                run.resume(checkpoint);
            }
            try {
                Optional<TrainedModel> model = run.run(checkpoint);
                if (model.isEmpty() && !watch.bad) {
                    return Optional.empty();
                }
                Trial.Status status = model.isPresent() ? Trial.Status.FINISHED : Trial.Status.STOPPED;
                Trial trial = trained(proposal, status, run.state(), null);
                if (model.isPresent()
                        && best().map(best -> trial.score() > best.score()).orElse(true)) {
                    model.get().save(directory.resolve(MODEL));
                }
                return Optional.of(trial);
            } catch (DivergedException diverged) {
                return Optional.of(trained(proposal, Trial.Status.FAILED, run.state(), diverged.where()));
            }
        } finally {
            training = null;
        }
    }

    private static List<Double> curve(TrainingState state) {
        return state.history().stream().map(EpochRecord::ndcg).toList();
    }

    private Trial trained(Proposal proposal, Trial.Status status, TrainingState state, @Nullable String reason) {
        EpochRecord best = reason != null || state.bestEpoch() == 0
                ? null
                : state.history().get(state.bestEpoch() - 1);
        return new Trial(
                trials.size() + 1,
                proposal.values(),
                status,
                best == null ? null : best.ndcg(),
                best == null ? null : best.hitRate(),
                best == null ? 0 : best.epoch(),
                curve(state),
                state.history().stream()
                        .mapToDouble(epoch -> epoch.trainSeconds() + epoch.validationSeconds())
                        .sum(),
                proposal.passedOver(),
                reason);
    }

    private void finish(Trial trial) {
        trials.add(trial);
        // First, as the next trial would take it for its own; killed before the next line, this trial is repeated.
        directory.delete(CHECKPOINT);
        directory.writeJson(TRIALS, trials);
        writeResults();
        listener.finished(trial, best().filter(trial::equals).isPresent());
        if (trials.size() >= HOPELESS && trials.stream().allMatch(one -> one.status() == Trial.Status.FAILED)) {
            throw new UserFacingException("all " + trials.size() + " trials failed, the last in " + trial.reason()
                    + "; search other ranges, such as smaller learning rates, with another --out or --force");
        }
    }

    private void writeResults() {
        directory.write(CSV, TrialsCsv.format(plan.space(), trials));
        best().ifPresent(this::writeBest);
    }

    private void writeBest(Trial trial) {
        String from = String.format(
                Locale.ROOT,
                "# Validation %s %.4f in trial %d, seed %d, %d thread%s.%n",
                OBJECTIVE,
                trial.score(),
                trial.number(),
                plan.seed(),
                plan.threads(),
                plan.threads() == 1 ? "" : "s");
        directory.write(BEST, from + YamlFiles.format(subject(trial).toMap()));
    }

    /**
     * Tests the best trial's recommender, and keeps the result beside it.
     *
     * @return empty where it was asked to stop
     * @throws UserFacingException where there is no test case, or no trial ended with a result
     */
    public Optional<EvaluationResult> test() throws InterruptedException {
        Trial trial = best().orElseThrow(() -> new UserFacingException("no trial ended with a result to test"));
        Subject subject = subject(trial);
        Recommender recommender = switch (subject) {
            case Subject.Network network ->
                TrainedModel.load(directory.resolve(MODEL)).recommender();
            case Subject.Neighbours neighbours -> neighbours.config().method().create(split);
        };
        EvaluationResult result;
        try {
            result = new Evaluator(options(subject.shared()).withBootstrap(1000, 1))
                    .evaluate(recommender, split, Part.TEST, (done, total) -> {
                        requireNotStopped();
                        listener.testing(done, total);
                    });
        } catch (StopException stopped) {
            return Optional.empty();
        }
        Map<String, Double> metrics = new LinkedHashMap<>();
        for (Metric metric : result.metrics()) {
            metrics.put("test " + metric.name(), metric.value());
        }
        directory.writeJson(TEST, Map.of("trial", trial.number(), "metrics", metrics));
        return Optional.of(result);
    }
}
