package io.github.ttt4rec.benchmarks;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.api.Training;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.recommend.CaseBlock;
import io.github.ttt4rec.recommend.Recommender;
import io.github.ttt4rec.train.TrainingListener;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures the use of events that are only inputs: ignored, read, read with their type, and trained with a weight. */
@Command(
        name = "types",
        description =
                "Train on a log with inputs ignored, read, read with their type as a feature, and trained with a weight;"
                        + " compare NDCG@10 on the same test cases, whose targets have an earlier target of their user.",
        sortOptions = false)
public final class TypesCommand implements Callable<Integer> {
    private static final int K = 10;
    private static final int BLOCK = 64;

    @Spec
    private CommandSpec spec;

    @Option(names = "--data", paramLabel = "FILE", required = true, description = "A log.")
    private Path log;

    @Option(
            names = "--types",
            paramLabel = "RULES",
            required = true,
            description = "Roles of events, with targets and inputs, as for ./ttt4rec train.")
    private String rules;

    @Option(
            names = "--weight",
            defaultValue = "0.2",
            description = "Weight of inputs in the loss (default: ${DEFAULT-VALUE}).")
    private double weight;

    @Option(
            names = "--seeds",
            split = ",",
            defaultValue = "1,2,3",
            description = "Seeds; figures are means over them (default: ${DEFAULT-VALUE}).")
    private List<Long> seeds;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting of reading or training; repeatable.")
    private List<String> settings = List.of();

    /** A use of the inputs. */
    private enum Use {
        IGNORED("ignored", false, false),
        READ("read", false, false),
        FEATURE("read, their type as a feature", true, false),
        WEIGHT("read and trained with a weight", false, true),
        BOTH("both", true, true);

        private final String title;
        private final boolean feature;
        private final boolean weighted;

        Use(String title, boolean feature, boolean weighted) {
            this.title = title;
            this.feature = feature;
            this.weighted = weighted;
        }
    }

    /** Sums over cases and seeds. */
    private static final class Sums {
        private double hits;
        private final double[] ndcgOfUser;

        Sums(int users) {
            ndcgOfUser = new double[users];
        }
    }

    /**
     * The targets of a log without its inputs.
     *
     * @param userOf for each user of the whole log, the number of the same user here; −1 for a user without targets
     */
    private record TargetsOnly(Dataset data, int[] userOf) {
        static TargetsOnly of(Dataset all) {
            int[] userOf = new int[all.userCount()];
            int[] offsets = new int[all.userCount() + 1];
            int[] events = new int[all.eventCount()];
            long[] times = new long[all.eventCount()];
            List<String> names = new ArrayList<>();
            int kept = 0;
            for (int user = 0; user < all.userCount(); user++) {
                int start = kept;
                for (int p = 0; p < all.length(user); p++) {
                    if (all.isTarget(user, p)) {
                        events[kept] = all.item(user, p);
                        times[kept++] = all.times()[all.start(user) + p];
                    }
                }
                userOf[user] = kept > start ? names.size() : -1;
                if (kept > start) {
                    names.add(all.users().name(user + 1));
                    offsets[names.size()] = kept;
                }
            }
            Dataset data = new Dataset(
                    new IdMap(names),
                    all.items(),
                    Arrays.copyOf(offsets, names.size() + 1),
                    Arrays.copyOf(events, kept),
                    Arrays.copyOf(times, kept),
                    all.hasTimes(),
                    all.source());
            return new TargetsOnly(data, userOf);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        RunConfig base = RunConfigs.set(RunConfig.production(), settings);
        base = base.withRead(
                base.read().withTypes(base.read().typeColumn(), base.read().valueColumn(), rules));
        Dataset all = base.open(log).data();
        EventRoles.Kinds kinds = all.kinds();
        if (kinds == null || !kinds.haveInputs()) {
            throw new UserFacingException("--types \"" + rules + "\": no event of " + log + " is only an input");
        }
        EventRoles weighted = EventRoles.parse(rules.replace("=input", "=input*" + weight));
        TargetsOnly targets = TargetsOnly.of(all);
        List<Use> uses = List.of(Use.values());
        Sums[] sums = new Sums[uses.size()];
        Arrays.setAll(sums, use -> new Sums(all.userCount()));
        int[] casesOfUser = new int[all.userCount()];
        for (int u = 0; u < sums.length; u++) {
            Use use = uses.get(u);
            Dataset data = use == Use.IGNORED
                    ? targets.data()
                    : use.weighted ? withKinds(all, new EventRoles.Kinds(weighted, kinds.ofEvent())) : all;
            RunConfig config = use.feature ? RunConfigs.set(base, List.of("type_feature=true")) : base;
            for (long seed : seeds) {
                spec.commandLine().getErr().println("inputs " + use.title + ", seed " + seed);
                try (Training training = new Training(
                        config.split().apply(data),
                        config,
                        seed,
                        Runtime.getRuntime().availableProcessors(),
                        TrainingListener.SILENT)) {
                    TrainedModel model = training.run(null).orElseThrow();
                    rank(model.recommender(), config.split().apply(all), use, targets, sums[u]);
                }
            }
        }
        countCases(base.split().apply(all), casesOfUser);
        print(all, sums, casesOfUser);
        return 0;
    }

    private static Dataset withKinds(Dataset data, EventRoles.Kinds kinds) {
        return new Dataset(
                data.users(),
                data.items(),
                data.offsets(),
                data.events(),
                data.times(),
                data.hasTimes(),
                kinds,
                data.source());
    }

    /** Calls {@code each} with user, position and number of earlier targets of every test case that has one. */
    private static void forEachCase(Split split, CaseVisitor each) {
        for (int user = 0; user < split.data().userCount(); user++) {
            int earlier = 0;
            int to = split.to(Split.Part.TEST, user);
            for (int p = 0; p < to; p++) {
                if (!split.data().isTarget(user, p)) {
                    continue;
                }
                if (p >= split.from(Split.Part.TEST, user) && earlier > 0) {
                    each.visit(user, p, earlier);
                }
                earlier++;
            }
        }
    }

    /** Receives a test case. */
    private interface CaseVisitor {
        void visit(int user, int position, int earlier);
    }

    private static void countCases(Split split, int[] casesOfUser) {
        forEachCase(split, (user, position, earlier) -> casesOfUser[user]++);
    }

    private static void rank(Recommender recommender, Split split, Use use, TargetsOnly targets, Sums sums) {
        Recommender.Scorer scorer = recommender.newScorer();
        int width = recommender.itemCount() + 1;
        float[] scores = new float[BLOCK * width];
        List<int[]> pending = new ArrayList<>();
        Runnable flush = () -> {
            int[] users = pending.stream().mapToInt(each -> each[1]).toArray();
            int[] positions = pending.stream().mapToInt(each -> each[2]).toArray();
            CaseBlock block = new CaseBlock(use == Use.IGNORED ? targets.data() : split.data(), users, positions);
            scorer.score(block, scores);
            for (int i = 0; i < block.size(); i++) {
                int rank = rank(scores, i * width, width, block.target(i));
                if (rank <= K) {
                    sums.hits++;
                    sums.ndcgOfUser[pending.get(i)[0]] += Math.log(2) / Math.log(1 + rank);
                }
            }
            pending.clear();
        };
        forEachCase(split, (user, position, earlier) -> {
            pending.add(
                    use == Use.IGNORED
                            ? new int[] {user, targets.userOf()[user], earlier}
                            : new int[] {user, user, position});
            if (pending.size() == BLOCK) {
                flush.run();
            }
        });
        if (!pending.isEmpty()) {
            flush.run();
        }
    }

    /** Returns the rank of an item; the smaller index wins ties. */
    private static int rank(float[] scores, int row, int width, int target) {
        float own = scores[row + target];
        int rank = 1;
        for (int v = 1; v < width; v++) {
            float other = scores[row + v];
            rank += other > own || (other == own && v < target) ? 1 : 0;
        }
        return rank;
    }

    private void print(Dataset data, Sums[] sums, int[] casesOfUser) {
        int cases = Arrays.stream(casesOfUser).sum();
        double runs = seeds.size();
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"inputs are", "HR@10", "NDCG@10", "lead over ignoring them, 95 % interval"});
        List<Use> uses = List.of(Use.values());
        for (int u = 0; u < sums.length; u++) {
            Use use = uses.get(u);
            Sums own = sums[u];
            double ndcg = Arrays.stream(own.ndcgOfUser).sum() / cases / runs;
            double lead = ndcg - Arrays.stream(sums[0].ndcgOfUser).sum() / cases / runs;
            double squares = 0;
            for (int user = 0; user < casesOfUser.length; user++) {
                double off = (own.ndcgOfUser[user] - sums[0].ndcgOfUser[user]) / runs - lead * casesOfUser[user];
                squares += off * off;
            }
            rows.add(new String[] {
                use.title + (use.weighted ? " of " + weight : ""),
                String.format(Locale.ROOT, "%.4f", own.hits / cases / runs),
                String.format(Locale.ROOT, "%.4f", ndcg),
                use == Use.IGNORED
                        ? ""
                        : String.format(Locale.ROOT, "%+.4f ± %.4f", lead, 1.96 * Math.sqrt(squares) / cases)
            });
        }
        int inputs = 0;
        for (int user = 0; user < data.userCount(); user++) {
            for (int p = 0; p < data.length(user); p++) {
                inputs += data.isTarget(user, p) ? 0 : 1;
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(Machine.describe());
        out.printf(
                Locale.ROOT,
                "%s by --types \"%s\": %,d targets, %,d inputs; %,d test cases, seeds %s%n%n",
                log.getFileName(),
                rules,
                data.eventCount() - inputs,
                inputs,
                cases,
                seeds);
        out.print(MarkdownTable.of(rows));
        out.flush();
    }
}
