package io.github.ttt4rec.lab.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.api.Training;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.Split.Part;
import io.github.ttt4rec.data.SplitSpec;
import io.github.ttt4rec.eval.EvaluationOptions;
import io.github.ttt4rec.eval.EvaluationResult;
import io.github.ttt4rec.eval.Evaluator;
import io.github.ttt4rec.eval.Evaluator.Scoring;
import io.github.ttt4rec.eval.Protocol;
import io.github.ttt4rec.lab.Logs;
import io.github.ttt4rec.lab.compare.Method.Refitted;
import io.github.ttt4rec.lab.report.ReportFiles;
import io.github.ttt4rec.recommend.HistoryPolicy;
import io.github.ttt4rec.recommend.Popularity;
import io.github.ttt4rec.train.TrainingListener;
import io.github.ttt4rec.train.TrainingState;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ComparisonTest {
    private static final List<String> SMALL = List.of(
            "hidden_size=8",
            "num_heads=2",
            "intermediate_size=16",
            "mini_batch_size=4",
            "max_len=8",
            "batch_size=64",
            "learning_rate=0.01",
            "epochs=2");

    @TempDir
    private Path directory;

    private Path out;
    private Settings settings;
    private Split split;
    private @Nullable Comparison open;

    /** Records which methods are trained, and requests a stop after a number of runs or steps. */
    private static final class Watch implements ComparisonListener {
        final List<String> started = new ArrayList<>();
        final List<String> trainings = new ArrayList<>();
        final List<String> skipped = new ArrayList<>();
        final List<Double> remaining = new ArrayList<>();
        final AtomicReference<Comparison> running = new AtomicReference<>();
        int stopAfterRuns = Integer.MAX_VALUE;
        int stopAfterSteps = Integer.MAX_VALUE;
        int steps;

        @Override
        public void started(int number, int all, RunKey key, boolean resumed) {
            started.add(key.directory() + (resumed ? " resumed" : ""));
        }

        @Override
        public void skipped(int number, int all, RunResult result) {
            skipped.add(result.key().directory());
        }

        @Override
        public TrainingListener training(RunKey key) {
            return new TrainingListener() {
                @Override
                public void started(long cases, long tokens, TrainingState state) {
                    trainings.add(key.directory());
                }

                @Override
                public void stepped(int epoch, long cases, long allCases, double loss, double casesPerSecond) {
                    if (++steps == stopAfterSteps) {
                        running.get().requestStop();
                    }
                }
            };
        }

        @Override
        public void finished(int number, int all, RunResult result, double remainingSeconds) {
            remaining.add(remainingSeconds);
            if (number == stopAfterRuns) {
                running.get().requestStop();
            }
        }
    }

    @BeforeEach
    void open() {
        out = directory.resolve("lab");
        settings = Settings.of(
                RunConfig.defaults().withData(PrepareOptions.keepAll()).withSplit(SplitSpec.parse("leave-one-out")),
                SMALL);
        split = settings.shared().open(Logs.writeUneven(directory.resolve("a<b>&c.csv"), 60));
    }

    private ComparisonPlan plan(int seeds, String... models) {
        return new ComparisonPlan(
                settings,
                Methods.choose(List.of(models)),
                IntStream.rangeClosed(1, seeds).boxed().toList(),
                List.of(1.0),
                1);
    }

    private Comparison comparison(ComparisonPlan plan, Watch watch) {
        return comparison(plan, watch, false);
    }

    /** Opens a comparison after closing the previous one. */
    private Comparison comparison(ComparisonPlan plan, Watch watch, boolean force) {
        close();
        open = new Comparison(plan, split, out, force, watch);
        watch.running.set(open);
        return open;
    }

    @AfterEach
    void close() {
        if (open != null) {
            open.close();
        }
        open = null;
    }

    @Test
    void repeatsNothingThatIsFinishedAndGoesOnInTheMiddle() throws Exception {
        ComparisonPlan plan = plan(2, "ttt-linear", "popularity", "gru4rec");
        Watch first = new Watch();
        first.stopAfterRuns = 1;
        assertThat(comparison(plan, first).run()).isFalse();
        assertThat(first.trainings).containsExactly("ttt-linear-1");

        Watch second = new Watch();
        second.stopAfterSteps = 3;
        Comparison stopped = comparison(plan, second);
        assertThat(stopped.run()).isFalse();
        assertThat(second.skipped).containsExactly("ttt-linear-1");
        assertThat(second.started).containsExactly("popularity-1", "gru4rec-1");
        assertThat(out.resolve("runs/gru4rec-1/checkpoint.safetensors")).exists();
        assertThat(stopped.results().orElseThrow().complete()).isFalse();

        Watch third = new Watch();
        Comparison last = comparison(plan, third);
        assertThat(last.run()).isTrue();
        assertThat(third.skipped).containsExactly("ttt-linear-1", "popularity-1");
        assertThat(third.started).containsExactly("gru4rec-1 resumed", "ttt-linear-2", "gru4rec-2");
        assertThat(third.trainings).containsExactly("gru4rec-1", "ttt-linear-2", "gru4rec-2");
        assertThat(out.resolve("runs/gru4rec-1/checkpoint.safetensors")).doesNotExist();
        Results resumed = last.results().orElseThrow();
        assertThat(resumed.complete()).isTrue();

        Watch fourth = new Watch();
        assertThat(comparison(plan, fourth).run()).isTrue();
        assertThat(fourth.started).isEmpty();
        assertThat(fourth.skipped).hasSize(5);

        out = directory.resolve("whole");
        Comparison whole = comparison(plan, new Watch());
        assertThat(whole.run()).isTrue();
        assertThat(whole.results().orElseThrow().runs())
                .as("stopped and resumed gives the same figures")
                .extracting(RunResult::metrics)
                .isEqualTo(resumed.runs().stream().map(RunResult::metrics).toList());
    }

    @Test
    void timeToGoIsUnknownBeforeTheFirstRunOfAKind() throws Exception {
        Watch watch = new Watch();
        assertThat(comparison(plan(1, "popularity", "markov", "ttt-linear", "gru4rec"), watch)
                        .run())
                .isTrue();
        assertThat(watch.remaining.subList(0, 2)).containsOnly(Double.NaN);
        assertThat(watch.remaining.get(2)).as("as the network before").isPositive();
        assertThat(watch.remaining.get(3)).isZero();
    }

    @Test
    void figuresAreThoseOfAnEvaluationByHand() throws Exception {
        Comparison comparison = comparison(plan(2, "ttt-linear", "popularity"), new Watch());
        assertThat(comparison.run()).isTrue();
        ReportFiles.write(out, comparison.results().orElseThrow());
        JsonNode json = JsonMapper.shared().readTree(Files.readAllBytes(out.resolve("results.json")));

        RunConfig config =
                settings.configure(Methods.choose(List.of("ttt-linear")).getFirst());
        double[] ndcg = new double[2];
        for (int seed = 1; seed <= 2; seed++) {
            try (Training training = new Training(split, config, seed, 1, TrainingListener.SILENT)) {
                TrainedModel model = training.run(null).orElseThrow();
                EvaluationResult result = model.evaluate(split, Part.TEST);
                ndcg[seed - 1] = result.value("NDCG@10");
                JsonNode run = run(json, "ttt-linear", seed);
                result.metrics()
                        .forEach(metric -> assertThat(
                                        run.path("metrics").path(metric.name()).asDouble())
                                .as(metric.name())
                                .isEqualTo(metric.value()));
            }
        }
        JsonNode summary = method(json, "ttt-linear").path("metrics").path("NDCG@10");
        double mean = (ndcg[0] + ndcg[1]) / 2;
        assertThat(summary.path("mean").asDouble()).isCloseTo(mean, within(1e-12));
        assertThat(summary.path("sd").asDouble()).isCloseTo(Math.abs(ndcg[0] - ndcg[1]) / Math.sqrt(2), within(1e-12));
        assertThat(summary.path("interval").path("low").asDouble()).isLessThanOrEqualTo(mean);
        assertThat(summary.path("interval").path("high").asDouble()).isGreaterThanOrEqualTo(mean);

        double popularity = method(json, "popularity")
                .path("metrics")
                .path("NDCG@10")
                .path("mean")
                .asDouble();
        JsonNode difference = json.path("to_best").get(0);
        assertThat(Math.abs(difference.path("difference").asDouble()))
                .isCloseTo(Math.abs(mean - popularity), within(1e-12));
        assertThat(difference.path("corrected").asDouble())
                .isEqualTo(difference.path("p").asDouble());

        RecommendedItems recommended =
                RecommendedItems.of(Scoring.of(Popularity.of(split)), split, TestCases.of(split), 2);
        assertThat(method(json, "popularity")
                        .path("recommended")
                        .path("coverage")
                        .asDouble())
                .isEqualTo(recommended.coverage())
                .isEqualTo(0.5);
        assertThat(recommended.popularityRank()).isEqualTo(5.5);

        List<String> csv = Files.readAllLines(out.resolve("results.csv"));
        assertThat(csv).as("a row for each run and protocol").hasSize(1 + 3 * 2);
        assertThat(csv.getFirst()).startsWith("model,seed,training_fraction,protocol,cases,HR@1,");
        int columns = csv.getFirst().split(",", -1).length;
        assertThat(csv.get(1)).startsWith("ttt-linear,1,1.0,all,60,");
        assertThat(csv.get(2)).startsWith("ttt-linear,1,1.0,unseen,");
        assertThat(csv).allSatisfy(line -> assertThat(line.split(",", -1)).hasSize(columns));
        assertThat(Files.readAllLines(out.resolve("means.csv"))).hasSize(1 + 2 * 2 * 4);

        EvaluationResult unseen = new Evaluator(
                        EvaluationOptions.defaults("all").withProtocol(Protocol.UNSEEN))
                .evaluate(Popularity.of(split), split, Part.TEST);
        JsonNode popular = run(json, "popularity", 1);
        assertThat(popular.at("/unseen/cases").asInt())
                .isEqualTo(unseen.cases())
                .isEqualTo(popular.at("/new_targets/cases").asInt())
                .isEqualTo(60 - popular.at("/repeated_targets/cases").asInt());
        assertThat(popular.at("/unseen/metrics/NDCG@10").asDouble()).isEqualTo(unseen.value("NDCG@10"));
    }

    @Test
    void ablationFitsTheOutputLayerOfOneNetworkAgain() throws Exception {
        Method hybrid = Methods.choose(List.of("hybrid")).getFirst();
        Method same = new Method("same", "refitted as it was", Set.of(), new Refitted(hybrid, List.of()));
        List<Method> methods = new ArrayList<>(Methods.choose(List.of("ablation")));
        methods.add(same);
        Watch watch = new Watch();
        Comparison comparison = comparison(new ComparisonPlan(settings, methods, List.of(1), List.of(1.0), 1), watch);
        assertThat(comparison.run()).isTrue();
        assertThat(watch.trainings).as("only one network is trained").containsExactly("hybrid-1");
        Results results = comparison.results().orElseThrow();
        double whole = methodOf(results, "hybrid").mean("NDCG@10");
        assertThat(methodOf(results, "same").mean("NDCG@10")).isEqualTo(whole);
        assertThat(methodOf(results, "hybrid-no-memory").mean("NDCG@10")).isNotEqualTo(whole);
    }

    @Test
    void blendRunsAfterItsPartsWithEverySeedAndKeepsItsWeights() throws Exception {
        Watch watch = new Watch();
        Comparison comparison = comparison(plan(2, "blend=popularity+ttt-linear"), watch);
        assertThat(comparison.run()).isTrue();
        assertThat(watch.started)
                .containsExactly(
                        "popularity-1",
                        "ttt-linear-1",
                        "blend-popularity+ttt-linear-1",
                        "ttt-linear-2",
                        "blend-popularity+ttt-linear-2");
        Results results = comparison.results().orElseThrow();
        assertThat(methodOf(results, "blend-popularity+ttt-linear").mean("NDCG@10"))
                .isGreaterThanOrEqualTo(methodOf(results, "popularity").mean("NDCG@10"));
        JsonNode weights = JsonMapper.shared()
                .readTree(Files.readAllBytes(out.resolve("runs/blend-popularity+ttt-linear-2/blend.json")));
        assertThat(weights.propertyNames()).containsExactly("popularity", "ttt-linear");
        assertThat(weights.path("ttt-linear").asDouble()).isPositive();
        ReportFiles.write(out, results);
        assertThat(Files.readString(out.resolve("results.csv"))).contains("blend-popularity+ttt-linear,2,");
    }

    /** Users have 3 to 6 test cases, so a mean over users' means would be another figure. */
    @Test
    void differencesAreOverCasesAndUsersAreResampled() throws Exception {
        settings = settings.withShared(settings.shared().withSplit(SplitSpec.parse("3:2:5")));
        split = settings.shared().split().apply(split.data());
        Comparison comparison = comparison(plan(1, "markov", "popularity"), new Watch());
        assertThat(comparison.run()).isTrue();
        Results results = comparison.results().orElseThrow();
        assertThat(results.best()).isEqualTo("markov");
        Results.Difference found = results.toBest().getFirst();

        TestCases cases = TestCases.of(split);
        int users = split.data().userCount();
        int[] popularity = ranks("popularity");
        int[] markov = ranks("markov");
        double[] sums = new double[users];
        int[] counts = new int[users];
        for (int i = 0; i < cases.size(); i++) {
            sums[cases.users()[i]] += ndcg(popularity[i]) - ndcg(markov[i]);
            counts[cases.users()[i]]++;
        }
        double difference = Arrays.stream(sums).sum() / cases.size();
        assertThat(found.difference())
                .isCloseTo(difference, within(1e-12))
                .isCloseTo(
                        methodOf(results, "popularity").mean("NDCG@10")
                                - methodOf(results, "markov").mean("NDCG@10"),
                        within(1e-12));
        double ofMeans = IntStream.range(0, users)
                .mapToDouble(user -> sums[user] / counts[user])
                .average()
                .orElseThrow();
        assertThat(ofMeans).isNotCloseTo(difference, within(1e-4));
        assertThat(found.p()).isEqualTo(Significance.pairedPValue(sums, 10_000, 1));
        // The standard error of a ratio of sums over users (Cochran 1977, 6.4).
        double squares = IntStream.range(0, users)
                .mapToDouble(user -> Math.pow(sums[user] - difference * counts[user], 2))
                .sum();
        double error = Math.sqrt(squares) / cases.size();
        assertThat(found.low()).isCloseTo(difference - 1.96 * error, within(0.25 * error));
        assertThat(found.high()).isCloseTo(difference + 1.96 * error, within(0.25 * error));
    }

    private static double ndcg(int rank) {
        return rank <= 10 ? Math.log(2) / Math.log(rank + 1.0) : 0;
    }

    /** The stored ranks of the run of a method's first seed. */
    private int[] ranks(String method) {
        close();
        try (RunStore store = store()) {
            return store.ranks(
                    new RunKey(method, 1, 1), Protocol.ALL, TestCases.of(split).size());
        }
    }

    private RunStore store() {
        return RunStore.open(out, settings.fingerprint(split.data().source().sha256()), Settings.unset(), false);
    }

    private static Results.Summary methodOf(Results results, String name) {
        return results.methods().stream()
                .filter(method -> method.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode run(JsonNode json, String method, int seed) {
        for (JsonNode run : json.path("runs")) {
            if (run.path("key").path("method").asString().equals(method)
                    && run.path("key").path("seed").asInt() == seed) {
                return run;
            }
        }
        throw new AssertionError("no run of " + method + " with seed " + seed);
    }

    private static JsonNode method(JsonNode json, String name) {
        for (JsonNode method : json.path("methods")) {
            if (method.path("name").asString().equals(name)) {
                return method;
            }
        }
        throw new AssertionError("no method " + name);
    }

    @Test
    void frozenAtTestHasTheSameWeightsAndNoInnerLearning() throws Exception {
        Watch watch = new Watch();
        Comparison comparison = comparison(plan(1, "ttt-mlp-frozen-at-test"), watch);
        assertThat(comparison.run()).isTrue();
        assertThat(watch.trainings).containsExactly("ttt4rec-1");
        Results results = comparison.results().orElseThrow();
        assertThat(results.runs()).hasSize(2);
        assertThat(results.runs().get(1).config().get("model")).asString().contains("base_lr=0.0");
        assertThat(results.runs().get(1).metrics())
                .isNotEqualTo(results.runs().get(0).metrics());
        assertThat(results.runs().get(1).parameters())
                .isEqualTo(results.runs().get(0).parameters());
    }

    /** With max_len 4, all policies equal the window on histories of up to 4 items. */
    @Test
    void policiesReuseWeightsAndDifferOnLongHistoriesOnly() throws Exception {
        List<String> shorter = new ArrayList<>(SMALL);
        shorter.add("max_len=4");
        settings = Settings.of(settings.shared().withSplit(SplitSpec.parse("3:2:5")), shorter);
        split = settings.shared().split().apply(split.data());
        Watch watch = new Watch();
        Comparison comparison = comparison(plan(1, "policies"), watch);
        assertThat(comparison.run()).isTrue();
        assertThat(watch.trainings).containsExactly("ttt4rec-1");
        Results results = comparison.results().orElseThrow();
        assertThat(results.runs().getLast().window()).isEqualTo("items since a reset every 4");
        Results.LongHistories found = Objects.requireNonNull(results.longHistories());
        TestCases cases = TestCases.of(split);
        int[] ofLong = IntStream.range(0, cases.size())
                .filter(i -> cases.positions()[i] > 4)
                .toArray();
        assertThat(found.moreThan()).isEqualTo(4);
        assertThat(found.cases()).isEqualTo(ofLong.length);
        assertThat(found.reference()).isEqualTo("ttt4rec");
        assertThat(results.histories())
                .as("a bucket begins where policies differ")
                .anyMatch(history -> history.from() == 5);

        int[] window = ranks("ttt4rec");
        TrainedModel model = TrainedModel.load(out.resolve("runs/ttt4rec-1/model"));
        for (HistoryPolicy policy : List.of(HistoryPolicy.HOP, HistoryPolicy.UNBOUNDED, HistoryPolicy.RESET)) {
            String name = "ttt4rec@" + policy.name().toLowerCase(Locale.ROOT);
            int[] ranks = ranks(name);
            int[] byHand = new Evaluator(model.evaluationOptions(policy).withBootstrap(0, 0))
                    .evaluate(model.recommender(policy), split, Part.TEST)
                    .ranks()
                    .ranks();
            assertThat(ranks).as(name).containsExactly(byHand).isNotEqualTo(window);
            for (int i = 0; i < ranks.length; i++) {
                assertThat(ranks[i] == window[i] || cases.positions()[i] > 4).isTrue();
            }
            double mean = Arrays.stream(ofLong)
                    .mapToDouble(i -> ndcg(ranks[i]))
                    .average()
                    .orElseThrow();
            double ofWindow = Arrays.stream(ofLong)
                    .mapToDouble(i -> ndcg(window[i]))
                    .average()
                    .orElseThrow();
            assertThat(found.methods())
                    .filteredOn(one -> one.name().equals(name))
                    .singleElement()
                    .satisfies(one -> assertThat(one.mean("NDCG@10")).isCloseTo(mean, within(1e-12)));
            Results.Difference difference = difference(found.differences(), name);
            assertThat(difference.difference()).isCloseTo(mean - ofWindow, within(1e-12));
            assertThat(difference.p())
                    .as("only these cases differ, so that the test over all is theirs")
                    .isEqualTo(difference(results.toMain(), name).p());
        }
    }

    private static Results.Difference difference(List<Results.Difference> differences, String method) {
        return differences.stream()
                .filter(difference -> difference.method().equals(method))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void policyThatANetworkCannotFollowIsRefusedAtOnce() {
        assertThatThrownBy(() -> comparison(plan(1, "sasrec@hop"), new Watch()))
                .isInstanceOf(UserFacingException.class)
                .hasMessage("sasrec@hop: history policy hop reads up to 15 items, but the model knows 8 positions");
        assertThat(out).doesNotExist();
    }

    @Test
    void pageIsWellFormedSelfContainedAndNamesEverybody() throws Exception {
        ComparisonPlan plan = new ComparisonPlan(
                settings,
                Methods.choose(List.of("ttt-mlp-frozen", "ttt4rec", "simple", "sasrec")),
                List.of(1),
                List.of(0.5),
                1);
        Watch watch = new Watch();
        Comparison comparison = comparison(plan, watch);
        assertThat(comparison.run()).isTrue();
        assertThat(watch.started).contains("ttt4rec-1", "ttt4rec-1-of-0.5", "markov-1-of-0.5");
        Path report = ReportFiles.write(out, comparison.results().orElseThrow());
        String html = Files.readString(report);
        Document page = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(html)));
        assertThat(page.getElementsByTagName("h1").item(0).getTextContent()).contains("a<b>&c.csv");
        assertThat(page.getElementsByTagName("svg").getLength()).isEqualTo(4);
        assertThat(html)
                .contains("What learning while reading brings", "prefers-color-scheme:dark")
                .contains(plan.methods().stream().map(Method::name).toList())
                .doesNotContain("src=", "href=", "@import", "url(", "NaN", "Infinity");
        assertThat(page.getElementsByTagName("table").item(0).getTextContent())
                .contains(plan.methods().stream().map(Method::name).toList());
    }

    @Test
    void aDirectoryOfSomethingElseIsRefused() throws Exception {
        ComparisonPlan plan = plan(1, "popularity");
        assertThat(comparison(plan, new Watch()).run()).isTrue();
        Split all = split;
        settings = settings.withShared(settings.shared().withSplit(SplitSpec.parse("3:2:5")));
        split = settings.shared().split().apply(all.data());
        assertThatThrownBy(() -> comparison(plan(1, "popularity"), new Watch()))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("split was leave-one-out, is now 3:2:5")
                .hasMessageContaining("--force");
        Watch forced = new Watch();
        assertThat(comparison(plan(1, "popularity"), forced, true).run()).isTrue();
        assertThat(forced.started).containsExactly("popularity-1");

        split = settings.shared().open(Logs.writeUneven(directory.resolve("a<b>&c.csv"), 61));
        assertThatThrownBy(() -> comparison(plan(1, "popularity"), new Watch()))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("other data;");
        Files.createDirectory(directory.resolve("mine"));
        Files.writeString(directory.resolve("mine/letter.txt"), "dear");
        out = directory.resolve("mine");
        assertThatThrownBy(() -> comparison(plan(1, "popularity"), new Watch(), true))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("holds no comparison");
        assertThat(directory.resolve("mine/letter.txt")).hasContent("dear");
    }

    /** A directory written before {@code inner_norm} and {@code gbce_t} existed. */
    @Test
    void settingsThatWereUnknownThenHadTheDefault() throws Exception {
        ComparisonPlan plan = plan(1, "ttt-linear", "popularity");
        assertThat(comparison(plan, new Watch()).run()).isTrue();
        Path manifest = out.resolve("compare.json");
        Path result = out.resolve("runs/ttt-linear-1/result.json");
        String ours = Files.readString(manifest);
        Files.writeString(manifest, without(ours, "\"train.gbce_t\""));
        Files.writeString(result, without(without(Files.readString(result), "\"inner_norm\""), "\"gbce_t\""));
        Watch watch = new Watch();
        assertThat(comparison(plan, watch).run()).isTrue();
        assertThat(watch.skipped).containsExactly("ttt-linear-1", "popularity-1");
        assertThat(manifest).as("is brought up to date").hasContent(ours);

        Files.writeString(result, Files.readString(result).replace("\"num_heads\" : 2", "\"num_heads\" : 4"));
        assertThatThrownBy(() -> comparison(plan, new Watch()).run())
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("another configuration");
    }

    private static String without(String json, String key) {
        List<String> lines = new ArrayList<>(json.lines().toList());
        assertThat(lines.removeIf(line -> line.strip().startsWith(key))).isTrue();
        return String.join("\n", lines);
    }

    @Test
    void twoAtOnceInOneDirectoryAreRefused() throws Exception {
        ComparisonPlan plan = plan(1, "popularity");
        Comparison first = comparison(plan, new Watch());
        for (boolean force : new boolean[] {false, true}) {
            assertThatThrownBy(() -> new Comparison(plan, split, out, force, new Watch()))
                    .isInstanceOf(UserFacingException.class)
                    .hasMessage(out
                            + ": another comparison is at work in this directory; wait for it, or give another --out");
        }
        assertThat(first.run()).isTrue();
        Watch second = new Watch();
        assertThat(comparison(plan, second).run()).isTrue();
        assertThat(second.skipped).containsExactly("popularity-1");
    }

    @Test
    void smallerShareOfUsersIsPartOfALargerAndIndicesStay() {
        Split half = TrainingShare.of(split, 0.5);
        Split quarter = TrainingShare.of(split, 0.25);
        int users = 0;
        for (int user = 0; user < split.data().userCount(); user++) {
            boolean inHalf = half.data().length(user) > 0;
            boolean inQuarter = quarter.data().length(user) > 0;
            assertThat(inQuarter && !inHalf).isFalse();
            users += inHalf ? 1 : 0;
            if (inHalf) {
                assertThat(half.to(Part.TRAIN, user)).isEqualTo(split.to(Part.TRAIN, user));
                assertThat(half.data().length(user)).isEqualTo(split.testStart()[user]);
                assertThat(half.data().item(user, 0)).isEqualTo(split.data().item(user, 0));
            }
        }
        assertThat(users).isEqualTo(30);
        assertThat(half.cases(Part.TEST)).isZero();
        assertThat(half.cases(Part.VALIDATION)).isEqualTo(30);
        assertThat(TrainingShare.of(split, 1)).isSameAs(split);
    }
}
