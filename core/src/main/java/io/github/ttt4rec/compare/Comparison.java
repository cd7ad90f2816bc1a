package io.github.ttt4rec.compare;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.Version;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.api.Training;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.compare.Entrant.Counted;
import io.github.ttt4rec.compare.Entrant.Reused;
import io.github.ttt4rec.compare.Entrant.Trained;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.Split.Part;
import io.github.ttt4rec.eval.EvaluationOptions;
import io.github.ttt4rec.eval.EvaluationResult;
import io.github.ttt4rec.eval.Evaluator;
import io.github.ttt4rec.eval.HistoryPolicy;
import io.github.ttt4rec.eval.Metric;
import io.github.ttt4rec.eval.Recommender;
import io.github.ttt4rec.eval.SequenceRecommender;
import io.github.ttt4rec.kernels.Kernels;
import io.github.ttt4rec.model.SequenceModel;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs all entrants with all seeds on one split, one after the other, and keeps each run as soon as it is finished. Started
 * again on the same directory it repeats nothing that is finished, and goes on with a half-trained run. While it is open
 * nobody else can open the directory.
 */
public final class Comparison implements AutoCloseable {
    private static final int SAMPLE = 10_000;
    private static final long SAMPLE_SEED = 1;

    private final Plan plan;
    private final Split split;
    private final ComparisonListener listener;
    private final RunStore store;
    private final TestCases sample;
    private final Map<RunKey, RunResult> finished = new LinkedHashMap<>();
    private volatile boolean stopRequested;
    private volatile @Nullable Training training;

    /**
     * What to run.
     *
     * @param settings that all share
     * @param entrants in the order of running and of reports
     * @param seeds to train with, each above 0; what is computed without chance runs once, as seed 1
     * @param fractions of the training users, each above 0 and at most 1; 1 is always among what is run
     * @param threads to train and test with
     */
    public record Plan(
            Settings settings, List<Entrant> entrants, List<Integer> seeds, List<Double> fractions, int threads) {
        /** Throws {@link IllegalArgumentException} for values out of range. */
        public Plan {
            if (seeds.isEmpty()
                    || seeds.stream().anyMatch(seed -> seed < 1)
                    || threads < 1
                    || fractions.stream().anyMatch(f -> !(f > 0 && f <= 1))) {
                throw new IllegalArgumentException("seeds " + seeds + ", threads " + threads + ", " + fractions);
            }
            entrants = List.copyOf(entrants);
            seeds = seeds.stream().distinct().toList();
            List<Double> others = fractions.stream()
                    .filter(f -> f < 1)
                    .sorted((a, b) -> Double.compare(b, a))
                    .distinct()
                    .toList();
            List<Double> all = new ArrayList<>(List.of(1.0));
            all.addAll(others);
            fractions = List.copyOf(all);
        }

        /** All runs: everybody with the first seed, then with the next; those on less data last. */
        public List<RunKey> runs() {
            List<RunKey> runs = new ArrayList<>();
            for (double fraction : fractions) {
                for (int seed : seeds) {
                    for (Entrant entrant : entrants) {
                        if (!entrant.isDeterministic()) {
                            runs.add(new RunKey(entrant.name(), seed, fraction));
                        } else if (seed == seeds.getFirst()) {
                            runs.add(new RunKey(entrant.name(), 1, fraction));
                        }
                    }
                }
            }
            return runs;
        }

        Entrant entrant(RunKey key) {
            return entrants.stream()
                    .filter(entrant -> entrant.name().equals(key.entrant()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Leaves a test in the middle. */
    private static final class StopException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** What is tested, and how it came to be. */
    private record Candidate(
            Recommender recommender,
            List<RunResult.Epoch> epochs,
            int bestEpoch,
            long parameters,
            double trainSeconds,
            double validationSeconds) {}

    /**
     * Opens the directory of a comparison.
     *
     * @param split of the log, as the settings say
     * @param out the directory; made where it does not exist
     * @param force whether runs in it are deleted
     * @throws UserFacingException where it holds a comparison of other data or settings, another one is at work in it, or
     *     there is nothing to test
     */
    public Comparison(Plan plan, Split split, Path out, boolean force, ComparisonListener listener) {
        if (split.cases(Part.TEST) == 0) {
            throw new UserFacingException("split " + split.protocol() + " leaves no test case; use another split");
        }
        this.plan = plan;
        this.split = split;
        this.listener = listener;
        // Before anything is made or deleted: a wrong configuration file is found here.
        plan.entrants().forEach(this::check);
        store = RunStore.open(
                out, plan.settings().fingerprint(split.data().source().sha256()), Settings.unset(), force);
        sample = TestCases.of(split).sample(SAMPLE, SAMPLE_SEED);
    }

    /** Whether an entrant can be made, before hours of others. */
    private void check(Entrant entrant) {
        RunConfig config = plan.settings().configure(entrant);
        if (entrant.policy() != HistoryPolicy.WINDOW) {
            try {
                new SequenceRecommender(config.model().create(1), config.train().maxLen(), entrant.policy());
            } catch (IllegalArgumentException impossible) {
                throw new UserFacingException(entrant.name() + ": " + impossible.getMessage(), impossible);
            }
        }
    }

    /** Asks to save and stop. For any thread. */
    public void requestStop() {
        stopRequested = true;
        Training running = training;
        if (running != null) {
            running.requestStop();
        }
    }

    /**
     * Runs what is not finished yet.
     *
     * @return whether all is finished; false where it was asked to stop
     * @throws UserFacingException where a run fails, or a finished one was made with another configuration
     */
    public boolean run() throws InterruptedException {
        List<RunKey> runs = plan.runs();
        for (RunKey key : runs) {
            Optional<RunResult> before = store.load(key);
            if (before.isPresent()) {
                requireSame(key, before.get());
                finished.put(key, before.get());
            }
        }
        for (int i = 0; i < runs.size(); i++) {
            RunKey key = runs.get(i);
            RunResult before = finished.get(key);
            if (before != null) {
                listener.skipped(i + 1, runs.size(), before);
                continue;
            }
            if (stopRequested) {
                return false;
            }
            listener.started(i + 1, runs.size(), key, Files.exists(store.checkpoint(key)));
            try {
                if (!run(key)) {
                    return false;
                }
            } catch (StopException stopped) {
                return false;
            }
            RunResult result = finished.get(key);
            if (result != null) {
                listener.finished(i + 1, runs.size(), result, remainingSeconds(runs));
            }
        }
        return true;
    }

    private void requireSame(RunKey key, RunResult before) {
        // Through JSON, where 1.0 and 1 are written alike before and now.
        String now = RunStore.JSON.writeValueAsString(plan.settings().tree(plan.entrant(key)));
        String then = RunStore.JSON.writeValueAsString(
                Settings.completed(before.config(), store.directory(key).toString()));
        if (!RunStore.JSON.readTree(now).equals(RunStore.JSON.readTree(then))) {
            throw new UserFacingException(store.directory(key)
                    + ": was run with another configuration of this model; delete it, or give another --out");
        }
    }

    /** What the runs left will take, if each takes as long as the others of its entrant, or of its kind. */
    private double remainingSeconds(List<RunKey> runs) {
        double sum = 0;
        for (RunKey key : runs) {
            if (!finished.containsKey(key)) {
                boolean counted = plan.entrant(key).isDeterministic();
                List<RunResult> same = finished.values().stream()
                        .filter(run -> run.key().entrant().equals(key.entrant()))
                        .toList();
                List<RunResult> like = !same.isEmpty()
                        ? same
                        : finished.values().stream()
                                .filter(run -> plan.entrant(run.key()).isDeterministic() == counted)
                                .toList();
                sum += like.stream()
                        .mapToDouble(run -> run.times().wholeSeconds()
                                * key.fraction()
                                / run.key().fraction())
                        .average()
                        .orElse(0);
            }
        }
        return sum;
    }

    private boolean run(RunKey key) throws InterruptedException {
        Entrant entrant = plan.entrant(key);
        RunConfig config = plan.settings().configure(entrant);
        List<MemoryPoolMXBean> heap = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
        // So that what runs before left behind is not counted for this one.
        System.gc();
        heap.forEach(MemoryPoolMXBean::resetPeakUsage);
        Optional<Candidate> candidate = switch (entrant.method()) {
            case Counted counted -> Optional.of(count(key, counted, config));
            case Reused reused -> Optional.of(reuse(key, reused, config));
            case Trained trained -> train(key, config);
        };
        if (candidate.isEmpty()) {
            return false;
        }
        String window = entrant.policy().describe(config.train().maxLen());
        EvaluationResult tested = new Evaluator(EvaluationOptions.defaults(window)
                        .withThreads(plan.threads())
                        .withBootstrap(0, 0))
                .evaluate(candidate.get().recommender(), split, Part.TEST, (done, total) -> {
                    if (stopRequested) {
                        throw new StopException();
                    }
                    listener.testing(key, done, total);
                });
        RecommendedItems recommended =
                RecommendedItems.of(candidate.get().recommender(), split, sample, plan.threads());
        long peak =
                heap.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
        RunResult result = result(key, entrant, candidate.get(), tested, recommended, peak);
        store.save(result, tested.ranks().ranks());
        finished.put(key, result);
        return true;
    }

    private RunResult result(
            RunKey key,
            Entrant entrant,
            Candidate candidate,
            EvaluationResult tested,
            RecommendedItems recommended,
            long peakHeapBytes) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        for (Metric metric : tested.metrics()) {
            metrics.put(metric.name(), metric.value());
        }
        return new RunResult(
                key,
                metrics,
                tested.cases(),
                tested.users(),
                tested.protocol().window(),
                candidate.epochs(),
                candidate.bestEpoch(),
                candidate.parameters(),
                new RunResult.Times(
                        candidate.trainSeconds(),
                        candidate.validationSeconds(),
                        tested.seconds(),
                        tested.casesPerSecond(),
                        peakHeapBytes),
                recommended,
                plan.settings().tree(entrant),
                new RunResult.Origin(
                        Version.current(),
                        Runtime.version().toString(),
                        Kernels.active().name(),
                        plan.threads(),
                        split.data().source().file(),
                        split.data().source().sha256(),
                        split.protocol(),
                        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString()));
    }

    private Candidate count(RunKey key, Counted counted, RunConfig config) {
        long start = System.nanoTime();
        Recommender recommender = counted.maker()
                .make(TrainingShare.of(split, key.fraction()), config.train().maxLen());
        return new Candidate(recommender, List.of(), 0, 0, (System.nanoTime() - start) / 1e9, 0);
    }

    private Optional<Candidate> train(RunKey key, RunConfig config) throws InterruptedException {
        Path checkpoint = store.checkpoint(key);
        Split share = TrainingShare.of(split, key.fraction());
        try (Training run = new Training(share, config, key.seed(), plan.threads(), listener.training(key))) {
            training = run;
            if (stopRequested) {
                run.requestStop();
            }
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
                    model.get().recommender(),
                    epochs,
                    run.state().bestEpoch(),
                    run.parameterCount(),
                    epochs.stream().mapToDouble(RunResult.Epoch::trainSeconds).sum(),
                    epochs.stream()
                            .mapToDouble(RunResult.Epoch::validationSeconds)
                            .sum()));
        } finally {
            training = null;
        }
    }

    private Candidate reuse(RunKey key, Reused reused, RunConfig config) {
        RunKey other = new RunKey(reused.trained().name(), key.seed(), key.fraction());
        SequenceModel trained = TrainedModel.load(store.model(other)).network();
        SequenceModel network = config.model().create(split.data().itemCount());
        Iterator<Parameter> weights = trained.parameters().all().iterator();
        for (Parameter parameter : network.parameters().all()) {
            System.arraycopy(weights.next().value(), 0, parameter.value(), 0, parameter.size());
        }
        network.parameters().updated();
        return new Candidate(
                new SequenceRecommender(network, config.train().maxLen(), reused.policy()),
                List.of(),
                0,
                network.parameters().size(),
                0,
                0);
    }

    /** Puts together what is finished so far; empty where nothing is. */
    public Optional<Results> results() throws InterruptedException {
        return finished.isEmpty() ? Optional.empty() : Optional.of(Results.of(plan, split, finished, store));
    }

    /**
     * Writes {@code results.json}, {@code results.csv} and {@code report.html}.
     *
     * @return the report
     */
    public Path write(Results results) {
        store.write("results.json", RunStore.JSON.writeValueAsString(results));
        store.write("results.csv", ResultsCsv.format(results));
        return store.write("report.html", new Report(results).html());
    }

    /** Lets go of the directory. */
    @Override
    public void close() {
        store.close();
    }
}
