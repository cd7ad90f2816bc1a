package io.github.ttt4rec.lab.compare;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.StopSwitch;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.Split.Part;
import io.github.ttt4rec.eval.CaseRanks;
import io.github.ttt4rec.eval.EvaluationOptions;
import io.github.ttt4rec.eval.EvaluationResult;
import io.github.ttt4rec.eval.Evaluator;
import io.github.ttt4rec.eval.Protocol;
import io.github.ttt4rec.internal.Version;
import io.github.ttt4rec.kernels.Kernels;
import io.github.ttt4rec.lab.compare.Candidates.Candidate;
import io.github.ttt4rec.lab.compare.RunResult.Figures;
import io.github.ttt4rec.recommend.HistoryPolicy;
import io.github.ttt4rec.recommend.NetworkConfig;
import io.github.ttt4rec.recommend.SequenceRecommender;
import io.github.ttt4rec.train.StopException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Runs all methods with all seeds on one split, one after the other, and saves each run as soon as it is finished. If
 * started again on the same directory, it skips finished runs and resumes an interrupted one. Only one process can open
 * the directory at a time.
 */
public final class Comparison implements AutoCloseable {
    private static final int SAMPLE = 10_000;
    private static final long SAMPLE_SEED = 1;

    private final ComparisonPlan plan;
    private final Split split;
    private final ComparisonListener listener;
    private final RunStore store;
    private final TestCases sample;
    private final Map<RunKey, RunResult> finished = new LinkedHashMap<>();
    private final Map<RunKey, String> failed = new LinkedHashMap<>();
    private final StopSwitch stop = new StopSwitch();
    private final Candidates candidates;

    /**
     * Opens the directory of a comparison.
     *
     * @param split the split of the log that the settings ask for
     * @param out the directory, which is created if necessary
     * @param force whether to delete earlier runs in it
     * @throws UserFacingException if it holds a comparison of other data or settings, another process is using it, or
     *     there is nothing to test
     */
    public Comparison(ComparisonPlan plan, Split split, Path out, boolean force, ComparisonListener listener) {
        if (split.cases(Part.TEST) == 0) {
            throw new UserFacingException("split " + split.protocol() + " leaves no test case; use another split");
        }
        this.plan = plan;
        this.split = split;
        this.listener = listener;
        // Checked before anything is created or deleted, so that a wrong configuration file is found here.
        plan.methods().forEach(this::check);
        store = RunStore.open(
                out, plan.settings().fingerprint(split.data().source().sha256()), Settings.unset(), force);
        candidates = new Candidates(plan, split, store, stop, listener);
        sample = TestCases.of(split).sample(SAMPLE, SAMPLE_SEED);
    }

    /** Checks that a method can be created, before hours are spent on others. */
    private void check(Method method) {
        RunConfig config = plan.settings().configure(method);
        if (method.policy() != HistoryPolicy.WINDOW) {
            new SequenceRecommender(network(config).create(1), config.train().maxLen())
                    .refusal(method.policy())
                    .ifPresent(reason -> {
                        throw new UserFacingException(method.name() + ": " + reason);
                    });
        }
    }

    /** The settings of a network; only networks are used under other policies. */
    static NetworkConfig network(RunConfig config) {
        return (NetworkConfig) config.model();
    }

    /** Asks the comparison to save and stop. May be called from any thread. */
    public void requestStop() {
        stop.request();
    }

    /**
     * Runs everything that is not finished yet. A model that cannot be trained or tested on this split does not keep the
     * others from it: {@link #results} names it with the reason, and a later call tries it again.
     *
     * @return true if every run is finished or has failed; false if it was asked to stop
     * @throws UserFacingException if no model could be run, a file cannot be read or written, or a finished run has
     *     another configuration
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
            if (stop.isRequested()) {
                return false;
            }
            listener.started(i + 1, runs.size(), key, Files.exists(store.checkpoint(key)));
            try {
                if (!run(key)) {
                    return false;
                }
            } catch (StopException stopped) {
                return false;
            } catch (UserFacingException e) {
                if (isAboutFiles(e)) {
                    throw e;
                }
                failed.put(key, String.valueOf(e.getMessage()));
                listener.failed(i + 1, runs.size(), key, String.valueOf(e.getMessage()));
            }
            RunResult result = finished.get(key);
            if (result != null) {
                listener.finished(i + 1, runs.size(), result, remainingSeconds(runs));
            }
        }
        if (finished.keySet().stream().noneMatch(key -> key.fraction() == 1)) {
            Map.Entry<RunKey, String> first = failed.entrySet().iterator().next();
            throw new UserFacingException(
                    "no model could be run on this split; " + first.getKey().method() + ": " + first.getValue());
        }
        return true;
    }

    /** Returns whether a failure comes from files, such as a full disk, so that the other models would fail too. */
    private static boolean isAboutFiles(Throwable failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException) {
                return true;
            }
        }
        return false;
    }

    /** Refuses a run that needs the weights of one that has failed. */
    private void requireParts(RunKey key, Method method) {
        List<Method> parts = switch (method.recipe()) {
            case Method.Blended blended -> blended.parts();
            case Method.Refitted refitted -> List.of(refitted.trained());
            case Method.Reused reused -> List.of(reused.trained());
            case Method.Trained trained -> List.of();
        };
        for (Method part : parts) {
            if (failed.containsKey(new RunKey(part.name(), key.seed(), key.fraction()))) {
                throw new UserFacingException("it needs " + part.name() + ", which failed");
            }
        }
    }

    private void requireSame(RunKey key, RunResult before) {
        // Converted through JSON, so that 1.0 and 1 are written as they were in the stored tree.
        Map<String, Object> tree = plan.settings().tree(plan.method(key));
        String now = RunStore.JSON.writeValueAsString(tree);
        String then = RunStore.JSON.writeValueAsString(
                Settings.completed(before.config(), tree, store.directory(key).toString()));
        if (!RunStore.JSON.readTree(now).equals(RunStore.JSON.readTree(then))) {
            throw new UserFacingException(store.directory(key)
                    + ": was run with another configuration of this model; delete it, or give another --out");
        }
    }

    /**
     * Estimates the time of the remaining runs from finished runs of the same method, or else of the same kind (network
     * or memory-based).
     *
     * @return seconds; NaN if a remaining run is of a kind that has no finished run
     */
    private double remainingSeconds(List<RunKey> runs) {
        double sum = 0;
        for (RunKey key : runs) {
            if (!finished.containsKey(key) && !failed.containsKey(key)) {
                boolean deterministic = plan.method(key).isDeterministic();
                List<RunResult> same = finished.values().stream()
                        .filter(run -> run.key().method().equals(key.method()))
                        .toList();
                List<RunResult> like = !same.isEmpty()
                        ? same
                        : finished.values().stream()
                                .filter(run -> plan.method(run.key()).isDeterministic() == deterministic)
                                .toList();
                sum += like.stream()
                        .mapToDouble(run -> run.times().wholeSeconds()
                                * key.fraction()
                                / run.key().fraction())
                        .average()
                        .orElse(Double.NaN);
            }
        }
        return sum;
    }

    private boolean run(RunKey key) throws InterruptedException {
        Method method = plan.method(key);
        requireParts(key, method);
        RunConfig config = plan.settings().configure(method);
        List<MemoryPoolMXBean> heap = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
        // Garbage of earlier runs must not count towards this one's peak memory.
        System.gc();
        heap.forEach(MemoryPoolMXBean::resetPeakUsage);
        Optional<Candidate> candidate = candidates.make(key, config);
        if (candidate.isEmpty()) {
            return false;
        }
        String window = method.policy().describe(config.train().maxLen());
        Map<Protocol, EvaluationResult> tested = new Evaluator(EvaluationOptions.defaults(window)
                        .withThreads(plan.threads())
                        .withBootstrap(0, 0))
                .evaluateAllProtocols(candidate.get().scoring(), split, Part.TEST, (done, total) -> {
                    stop.check();
                    listener.testing(key, done, total);
                });
        RecommendedItems recommended = RecommendedItems.of(candidate.get().scoring(), split, sample, plan.threads());
        long peak =
                heap.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
        RunResult result = result(key, method, candidate.get(), tested, recommended, peak);
        store.save(result, byCase(tested));
        finished.put(key, result);
        return true;
    }

    /** The ranks of all test cases by protocol; a case that a protocol excludes has rank 0. */
    private static Map<Protocol, int[]> byCase(Map<Protocol, EvaluationResult> tested) {
        CaseRanks all = Objects.requireNonNull(tested.get(Protocol.ALL)).ranks();
        Map<Protocol, int[]> ranks = new EnumMap<>(Protocol.class);
        ranks.put(Protocol.ALL, all.ranks());
        EvaluationResult unseen = tested.get(Protocol.UNSEEN);
        if (unseen != null) {
            int[] ofAll = new int[all.size()];
            int next = 0;
            for (int i = 0; i < ofAll.length; i++) {
                ofAll[i] = all.isRepeated(i) ? 0 : unseen.ranks().ranks()[next++];
            }
            ranks.put(Protocol.UNSEEN, ofAll);
        }
        return ranks;
    }

    private RunResult result(
            RunKey key,
            Method method,
            Candidate candidate,
            Map<Protocol, EvaluationResult> byProtocol,
            RecommendedItems recommended,
            long peakHeapBytes) {
        EvaluationResult tested = Objects.requireNonNull(byProtocol.get(Protocol.ALL));
        EvaluationResult unseen = byProtocol.get(Protocol.UNSEEN);
        EvaluationResult.Targets fresh = tested.newTargets();
        EvaluationResult.Targets repeated = tested.repeatedTargets();
        return new RunResult(
                key,
                Figures.of(tested.cases(), tested.metrics()).metrics(),
                unseen == null ? null : Figures.of(unseen.cases(), unseen.metrics()),
                Figures.of(fresh.cases(), fresh.metrics()),
                Figures.of(repeated.cases(), repeated.metrics()),
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
                plan.settings().tree(method),
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

    /** Computes the results of the runs so far; empty if none on all training users is finished. */
    public Optional<Results> results() throws InterruptedException {
        boolean whole = finished.keySet().stream().anyMatch(key -> key.fraction() == 1);
        return whole ? Optional.of(Assessment.of(plan, split, finished, failed, store)) : Optional.empty();
    }

    /** Releases the directory. */
    @Override
    public void close() {
        store.close();
    }
}
