package io.github.ttt4rec.lab.tune;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import io.github.ttt4rec.api.StopSwitch;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.Split.Part;
import io.github.ttt4rec.eval.EvaluationResult;
import io.github.ttt4rec.eval.Evaluator;
import io.github.ttt4rec.eval.Metric;
import io.github.ttt4rec.eval.Protocol;
import io.github.ttt4rec.internal.RunDirectory;
import io.github.ttt4rec.internal.YamlFiles;
import io.github.ttt4rec.recommend.Recommender;
import io.github.ttt4rec.train.StopException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.type.TypeReference;

/**
 * A search for the settings with the best validation NDCG@10 under the plan's protocol, one trial after the other. The
 * first trial is the given configuration, if it lies in the search space. Each trial is saved when it ends, so that a
 * stopped search can continue. The next trial depends only on the seed and the trials before, so a search that was
 * stopped tries the same values as one that was not.
 *
 * <p>Its directory holds {@code trials.json} and {@code trials.csv}, {@code best.yaml} with the configuration of the
 * best trial, and {@code model} with its model. All trials train with the same seed, so
 * {@code train --config best.yaml} with that seed and number of threads reproduces the model bit by bit.
 */
public final class Tuning implements AutoCloseable {
    /** The metric to maximise. */
    public static final String OBJECTIVE = "NDCG@10";

    private static final String TRIALS = "trials.json";
    private static final String CSV = "trials.csv";
    private static final String BEST = "best.yaml";
    private static final String MODEL = "model";
    private static final String CHECKPOINT = "checkpoint.safetensors";
    private static final String TEST = "test.json";
    private static final RunDirectory.Kind KIND =
            new RunDirectory.Kind("search", "tune.json", List.of(TRIALS, CSV, BEST, MODEL, CHECKPOINT, TEST));
    /** If this many trials have failed and none has succeeded, the ranges must be wrong. */
    private static final int HOPELESS = 5;

    private final TuningPlan plan;
    private final Split split;
    private final TuningListener listener;
    private final RunDirectory directory;
    private final List<Trial> trials = new ArrayList<>();
    private final StopSwitch stop = new StopSwitch();
    private final Attempts attempts;

    /** Why a search ended. */
    public enum End {
        /** The budget was used up. */
        BUDGET,
        /** There was no untried combination left. */
        EXHAUSTED,
        /** The search was asked to stop. */
        STOPPED
    }

    /**
     * Opens the directory of a search.
     *
     * @param split the split of the log that the configuration asks for
     * @param out the directory, which is created if necessary
     * @param force whether to delete an earlier search in it
     * @throws UserFacingException if it holds a search of other data, settings or ranges, or there is nothing to
     *     validate
     */
    public Tuning(TuningPlan plan, Split split, Path out, boolean force, TuningListener listener) {
        if (split.cases(Part.VALIDATION) == 0) {
            throw new UserFacingException("split " + split.protocol()
                    + " leaves no validation case for choosing settings; use another split");
        }
        this.plan = plan;
        this.split = split;
        this.listener = listener;
        directory = RunDirectory.open(
                out,
                KIND,
                plan.fingerprint(split.data().source().sha256()),
                Map.of(TuningPlan.PROTOCOL, TuningPlan.word(Protocol.ALL)),
                force);
        attempts = new Attempts(plan, split, listener, stop, directory.resolve(CHECKPOINT), directory.resolve(MODEL));
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

    /** Releases the directory. */
    @Override
    public void close() {
        directory.close();
    }

    /** Asks the search to save and stop. May be called from any thread. */
    public void requestStop() {
        stop.request();
    }

    /** The trials that have ended, in order. */
    public List<Trial> trials() {
        return Collections.unmodifiableList(trials);
    }

    /** The best trial; empty if none has a result. */
    public Optional<Trial> best() {
        return Trial.best(trials);
    }

    /** The configuration of a trial. */
    public RunConfig config(Trial trial) {
        return RunConfigs.with(plan.config(), trial.values(), "trial " + trial.number());
    }

    /** The path of the file with the best configuration. */
    public Path bestFile() {
        return directory.resolve(BEST);
    }

    /** The directory of the best trial's model; empty if no trial has a result. */
    public Optional<Path> modelDirectory() {
        return best().map(trial -> directory.resolve(MODEL));
    }

    /**
     * Runs trials until the budget is used up.
     *
     * @throws UserFacingException if only failures occur, or a file cannot be written
     */
    public End run() throws InterruptedException {
        while (true) {
            double spent = trials.stream().mapToDouble(Trial::seconds).sum();
            if (trials.size() >= plan.budget().trials()
                    || spent >= 60 * plan.budget().minutes()) {
                return End.BUDGET;
            }
            if (stop.isRequested()) {
                return End.STOPPED;
            }
            Optional<Proposal> proposal = Proposal.next(plan, trials);
            if (proposal.isEmpty()) {
                return End.EXHAUSTED;
            }
            Optional<Trial> trial;
            try {
                trial = attempts.make(proposal.get(), trials);
            } catch (StopException stopped) {
                trial = Optional.empty();
            }
            if (trial.isEmpty()) {
                return End.STOPPED;
            }
            finish(trial.get());
        }
    }

    private void finish(Trial trial) {
        trials.add(trial);
        // Deleted first, because the next trial would take it for its own. If the process is killed before the next
        // line, this trial is repeated.
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
                "# Validation %s %.4f by protocol %s in trial %d, seed %d, %d thread%s.%n",
                OBJECTIVE,
                trial.score(),
                TuningPlan.word(plan.protocol()),
                trial.number(),
                plan.seed(),
                plan.threads(),
                plan.threads() == 1 ? "" : "s");
        directory.write(BEST, from + YamlFiles.format(RunConfigs.toMap(config(trial))));
    }

    /**
     * Tests the best trial's recommender and saves the result with it.
     *
     * @return empty if it was asked to stop
     * @throws UserFacingException if there is no test case, or no trial has a result
     */
    public Optional<EvaluationResult> test() throws InterruptedException {
        Trial trial = best().orElseThrow(() -> new UserFacingException("no trial has a result to test"));
        Recommender recommender = TrainedModel.load(directory.resolve(MODEL)).recommender();
        EvaluationResult result;
        try {
            result = new Evaluator(plan.evaluation()).evaluate(recommender, split, Part.TEST, (done, total) -> {
                stop.check();
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
