package io.github.ttt4rec.lab.compare;

import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.Split.Part;
import io.github.ttt4rec.eval.EvaluationProtocol;
import io.github.ttt4rec.eval.Protocol;
import io.github.ttt4rec.lab.compare.Results.Data;
import io.github.ttt4rec.lab.compare.Results.Difference;
import io.github.ttt4rec.lab.compare.Results.LongHistories;
import io.github.ttt4rec.lab.compare.Results.Machine;
import io.github.ttt4rec.lab.compare.Results.PartSummary;
import io.github.ttt4rec.lab.compare.Results.Statistics;
import io.github.ttt4rec.lab.compare.Results.Summary;
import io.github.ttt4rec.lab.compare.Results.Unseen;
import io.github.ttt4rec.lab.compare.Results.Value;
import io.github.ttt4rec.lab.compare.Scored.Buckets;
import io.github.ttt4rec.recommend.HistoryPolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Computes the results from the finished runs. */
final class Assessment {
    private Assessment() {}

    static Results of(
            ComparisonPlan plan,
            Split split,
            Map<RunKey, RunResult> finished,
            Map<RunKey, String> failed,
            RunStore store)
            throws InterruptedException {
        TestCases cases = TestCases.of(split);
        int maxLen = plan.settings().shared().train().maxLen();
        Buckets buckets = new Buckets(HistoryBuckets.of(cases, maxLen), GapBuckets.of(cases));
        Scored.CaseSets sets = new Scored.CaseSets(
                UserSums.CaseSet.of(cases, i -> true),
                UserSums.CaseSet.of(cases, i -> cases.positions()[i] > maxLen),
                UserSums.CaseSet.of(cases, cases::isNew));
        List<Scored> scored = new ArrayList<>();
        for (Method method : plan.methods()) {
            List<RunResult> runs = plan.runs().stream()
                    .filter(key -> key.method().equals(method.name()) && finished.containsKey(key))
                    .map(key -> Objects.requireNonNull(finished.get(key)))
                    .toList();
            if (runs.stream().anyMatch(run -> run.key().fraction() == 1)) {
                scored.add(Scored.of(method, runs, cases, sets, buckets, store, plan.threads()));
            }
        }
        scored.sort(Comparator.comparingDouble((Scored one) -> -one.summary().mean(Results.HEADLINE)));
        List<Summary> summaries = scored.stream().map(Scored::summary).toList();
        Scored best = scored.getFirst();
        Optional<Scored> main =
                scored.stream().filter(one -> one.name().equals(Methods.MAIN)).findFirst();
        List<Difference> toMain =
                main.isPresent() ? Differences.to(main.get(), scored, Scored::all, plan.threads()) : List.of();
        List<RunResult> runs = plan.runs().stream()
                .filter(finished::containsKey)
                .map(key -> Objects.requireNonNull(finished.get(key)))
                .toList();
        return new Results(
                runs.size() == plan.runs().size(),
                data(split, HistoryPolicy.WINDOW.describe(maxLen)),
                machine(finished.values().iterator().next()),
                new Statistics(UserSums.RESAMPLES, Differences.PERMUTATIONS, UserSums.SEED),
                best.name(),
                summaries,
                Differences.to(best, scored, Scored::all, plan.threads()),
                toMain,
                buckets.histories(),
                buckets.gaps(),
                longHistories(maxLen, sets.ofLong(), scored, main.orElse(best), plan.threads()),
                unseen(sets.fresh(), scored, plan.threads()),
                PublishedFigures.of(split),
                runs,
                failed.entrySet().stream()
                        .map(run -> new Results.Failure(
                                run.getKey().method(),
                                run.getKey().seed(),
                                run.getKey().fraction(),
                                run.getValue()))
                        .toList());
    }

    private static Machine machine(RunResult run) {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                Runtime.getRuntime().maxMemory(),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                run.origin().java(),
                run.origin().kernels(),
                run.origin().threads());
    }

    private static Data data(Split split, String window) {
        Dataset data = split.data();
        return new Data(
                data.source().file(),
                data.source().sha256(),
                data.userCount(),
                data.itemCount(),
                data.eventCount(),
                data.source().steps(),
                split.protocol(),
                split.cases(Part.TRAIN),
                split.cases(Part.VALIDATION),
                split.cases(Part.TEST),
                new EvaluationProtocol(split.describe(), Part.TEST, data.itemCount(), Protocol.ALL, window).describe());
    }

    private static @Nullable LongHistories longHistories(
            int maxLen, UserSums.CaseSet cases, List<Scored> scored, Scored reference, int threads)
            throws InterruptedException {
        if (cases.cases().length < HistoryBuckets.FEW || cases.users() < 2) {
            return null;
        }
        List<PartSummary> summaries = summaries(scored, Scored::ofLong, threads);
        return new LongHistories(
                maxLen,
                cases.cases().length,
                cases.users(),
                reference.name(),
                summaries,
                Differences.to(reference, scored, Scored::ofLong, threads));
    }

    private static @Nullable Unseen unseen(UserSums.CaseSet cases, List<Scored> scored, int threads)
            throws InterruptedException {
        List<Scored> known = scored.stream().filter(one -> one.unseen() != null).toList();
        if (known.isEmpty() || cases.users() < 2) {
            return null;
        }
        Function<Scored, UserSums> sums = one -> Objects.requireNonNull(one.unseen());
        List<PartSummary> summaries = summaries(known, sums, threads);
        Scored best = known.stream()
                .filter(one -> one.name().equals(summaries.getFirst().name()))
                .findFirst()
                .orElseThrow();
        Optional<Scored> main =
                known.stream().filter(one -> one.name().equals(Methods.MAIN)).findFirst();
        return new Unseen(
                cases.cases().length,
                cases.users(),
                best.name(),
                summaries,
                Differences.to(best, known, sums, threads),
                main.isPresent() ? Differences.to(main.get(), known, sums, threads) : List.of());
    }

    /** The methods' results over part of the cases, best first. */
    private static List<PartSummary> summaries(List<Scored> scored, Function<Scored, UserSums> sums, int threads)
            throws InterruptedException {
        List<PartSummary> summaries = new ArrayList<>();
        for (Scored one : scored) {
            UserSums part = sums.apply(one);
            Map<String, Value> metrics = new LinkedHashMap<>();
            part.intervals(threads)
                    .forEach((name, interval) -> metrics.put(name, new Value(part.mean(name), null, interval)));
            summaries.add(new PartSummary(one.name(), metrics));
        }
        summaries.sort(Comparator.comparingDouble((PartSummary one) -> -one.mean(Results.HEADLINE)));
        return List.copyOf(summaries);
    }
}
