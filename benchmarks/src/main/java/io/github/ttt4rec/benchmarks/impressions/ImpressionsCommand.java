package io.github.ttt4rec.benchmarks.impressions;

import static java.util.Objects.requireNonNull;

import io.github.ttt4rec.api.ModelReader;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import io.github.ttt4rec.api.Training;
import io.github.ttt4rec.benchmarks.Machine;
import io.github.ttt4rec.benchmarks.MarkdownTable;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.data.Interaction;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.SplitSpec;
import io.github.ttt4rec.data.read.Datasets;
import io.github.ttt4rec.train.TrainingListener;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures in a simulated shop whether retraining gains from impressions. */
@Command(
        name = "impressions",
        description =
                "Simulate a shop: users with latent tastes buy for 20 days, a model is trained, and its lists are shown for"
                        + " 20 days; then it is retrained, without impressions and with weights of impressions fitted to the"
                        + " users' own choices of the last 6 days. Compares the rankings of the choices of the next 10 days.",
        sortOptions = false)
public final class ImpressionsCommand implements Callable<Integer> {
    private static final int K = 10;
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int FIRST_LISTS = 20;
    private static final int VALIDATION = 34;
    private static final int RETRAINING = 40;
    private static final int END = 50;
    private static final double VISITS_PER_DAY = 0.4;
    private static final double OWN_CHOICE = 0.5;
    private static final double FADE = 0.5;
    private static final List<String> SETTINGS = List.of(
            "hidden_size=32",
            "num_heads=2",
            "intermediate_size=64",
            "epochs=8",
            "learning_rate=0.003",
            "batch_size=128");

    @Spec
    private CommandSpec spec;

    @Option(names = "--users", defaultValue = "1500", description = "Number of users (default: ${DEFAULT-VALUE}).")
    private int users;

    @Option(names = "--items", defaultValue = "400", description = "Number of items (default: ${DEFAULT-VALUE}).")
    private int items;

    @Option(
            names = "--seeds",
            split = ",",
            defaultValue = "1,2,3",
            description = "Seeds of shop and training; figures are means over them (default: ${DEFAULT-VALUE}).")
    private List<Long> seeds;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting of the training; repeatable.")
    private List<String> settings = List.of();

    /** Called by picocli. */
    public ImpressionsCommand() {}

    /** A use of impressions. */
    private enum Use {
        NONE("not used"),
        RULE("by the rule of a scenario, fade 0.5"),
        OWN("fitted: the user's times shown"),
        ALL("fitted: also the item's rate and the likeness to items not taken");

        private final String title;

        Use(String title) {
            this.title = title;
        }
    }

    /** Sums over the users of all seeds. */
    private static final class Sums {
        private final double[] ndcg;
        private final double[] taken;

        Sums(int users) {
            ndcg = new double[users];
            taken = new double[users];
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        int all = users * seeds.size();
        int[] cases = new int[all];
        boolean[] shown = new boolean[all];
        Map<Use, Sums> sums = new EnumMap<>(Use.class);
        for (Use use : Use.values()) {
            sums.put(use, new Sums(all));
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(Machine.describe());
        for (int n = 0; n < seeds.size(); n++) {
            int first = n * users;
            Simulation simulation = new Simulation(seeds.get(n));
            simulation.sell();
            Map<Use, double[]> weights = simulation.fit();
            double[] rates = simulation.features.rates();
            for (Visit visit : simulation.laterChoices()) {
                int user = first + visit.before.user;
                double[][] features = Features.of(visit.before, visit.time, simulation.retrained, rates);
                weights.forEach((use, own) -> {
                    int[] ranked = ranked(features, own, visit.before);
                    Sums to = requireNonNull(sums.get(use));
                    int rank = 1
                            + IntStream.range(0, ranked.length)
                                    .filter(i -> ranked[i] == visit.chosen)
                                    .findFirst()
                                    .orElseThrow();
                    to.ndcg[user] += rank <= K ? Math.log(2) / Math.log(1 + rank) : 0;
                    for (int place = 1; place <= K && !shown[user]; place++) {
                        to.taken[user] += simulation.shop.chance(visit.before.user, ranked[place - 1], place);
                    }
                });
                shown[user] = true;
                cases[user]++;
            }
            out.println("seed " + seeds.get(n) + ": " + simulation.told(weights));
        }
        out.println();
        out.print(MarkdownTable.of(table(sums, cases, shown)));
        out.flush();
        return 0;
    }

    /** The items that a user has not had, best first. */
    private static int[] ranked(double[][] features, double[] weights, Visitor visitor) {
        double[] scores = new double[features.length];
        for (int item = 1; item < scores.length; item++) {
            scores[item] = ChoiceFit.sum(weights, features[item]);
        }
        return IntStream.range(1, scores.length)
                .filter(item -> !visitor.had[item])
                .boxed()
                .sorted(Comparator.comparingDouble(item -> -scores[item]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private List<String[]> table(Map<Use, Sums> sums, int[] cases, boolean[] shown) {
        int[] lists = IntStream.range(0, shown.length)
                .map(user -> shown[user] ? 1 : 0)
                .toArray();
        Sums none = requireNonNull(sums.get(Use.NONE));
        Sums rule = requireNonNull(sums.get(Use.RULE));
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {
            "impressions",
            "NDCG@10",
            "lead over none",
            "lead over the rule",
            "taken of a list",
            "lead over none",
            "lead over the rule"
        });
        sums.forEach((use, own) -> rows.add(new String[] {
            use.title,
            String.format(Locale.ROOT, "%.4f", mean(own.ndcg, cases)),
            use == Use.NONE ? "" : lead(own.ndcg, none.ndcg, cases),
            use == Use.NONE || use == Use.RULE ? "" : lead(own.ndcg, rule.ndcg, cases),
            String.format(Locale.ROOT, "%.4f", mean(own.taken, lists)),
            use == Use.NONE ? "" : lead(own.taken, none.taken, lists),
            use == Use.NONE || use == Use.RULE ? "" : lead(own.taken, rule.taken, lists)
        }));
        return rows;
    }

    private static double mean(double[] sums, int[] cases) {
        return Arrays.stream(sums).sum() / Arrays.stream(cases).sum();
    }

    /** The lead with its 95 % interval over users. */
    private static String lead(double[] sums, double[] of, int[] cases) {
        double lead = mean(sums, cases) - mean(of, cases);
        double squares = 0;
        for (int user = 0; user < sums.length; user++) {
            double off = sums[user] - of[user] - lead * cases[user];
            squares += off * off;
        }
        return String.format(
                Locale.ROOT,
                "%+.4f ± %.4f",
                lead,
                1.96 * Math.sqrt(squares) / Arrays.stream(cases).sum());
    }

    /**
     * A choice that a user made without a list.
     *
     * @param before the user before it
     */
    private record Visit(Visitor before, long time, int chosen) {}

    /** One shop with its users, from the opening to the end. */
    private final class Simulation {
        private final long seed;
        private final SplittableRandom random;
        private final SimulatedShop shop;
        private final List<Visitor> visitors = new ArrayList<>();
        private final List<Interaction> log = new ArrayList<>();
        private final List<Visit> validation = new ArrayList<>();
        private final Features features = new Features(items);
        private ModelReader retrained;
        /** The items' rates before the choices to which weights are fitted. */
        private double[] earlierRates = {};

        private int shownItems;
        private int takenItems;

        Simulation(long seed) throws InterruptedException {
            this.seed = seed;
            random = new SplittableRandom(seed);
            shop = new SimulatedShop(users, items, random);
            for (int user = 0; user < users; user++) {
                visitors.add(new Visitor(user, items));
            }
            for (int day = 0; day < FIRST_LISTS; day++) {
                for (Visitor visitor : day == 0 ? visitors : visiting()) {
                    take(visitor, choice(visitor), time(day));
                }
            }
            retrained = trained("recent");
        }

        private List<Visitor> visiting() {
            return visitors.stream()
                    .filter(_ -> random.nextDouble() < VISITS_PER_DAY)
                    .toList();
        }

        private long time(int day) {
            return ChronoUnit.MICROS.between(Instant.EPOCH, START.plus(day, ChronoUnit.DAYS))
                    + random.nextLong((long) Visitor.DAY);
        }

        private int choice(Visitor visitor) {
            return shop.choice(visitor.user, visitor.last(), visitor.had);
        }

        private void take(Visitor visitor, int item, long time) {
            visitor.take(item, time);
            log.add(new Interaction("u" + visitor.user, "i" + item, Instant.EPOCH.plus(time, ChronoUnit.MICROS)));
        }

        /** Serves lists of the first model, and retrains. */
        void sell() throws InterruptedException {
            for (int day = FIRST_LISTS; day < RETRAINING; day++) {
                if (day == VALIDATION) {
                    earlierRates = features.rates();
                }
                for (Visitor visitor : visiting()) {
                    long time = time(day);
                    show(visitor, time);
                    if (random.nextDouble() < OWN_CHOICE) {
                        int chosen = choice(visitor);
                        if (day >= VALIDATION) {
                            validation.add(new Visit(visitor.copy(), time, chosen));
                        }
                        take(visitor, chosen, time);
                    }
                }
            }
            retrained = trained("temporal:" + date(VALIDATION) + "," + date(RETRAINING - 1));
        }

        private void show(Visitor visitor, long time) {
            double[] scores = Features.scores(visitor, time, retrained);
            int[] list = IntStream.rangeClosed(1, items)
                    .filter(item -> !visitor.had[item])
                    .boxed()
                    .sorted(Comparator.comparingDouble(item -> -scores[item]))
                    .limit(K)
                    .mapToInt(Integer::intValue)
                    .toArray();
            for (int place = 1; place <= list.length; place++) {
                int item = list[place - 1];
                boolean takes = shop.takes(visitor.user, item, place);
                features.shown(item, place, takes);
                shownItems++;
                takenItems += takes ? 1 : 0;
                if (takes) {
                    take(visitor, item, time);
                } else {
                    visitor.skip(item, time);
                }
            }
        }

        /** Fits the weights of each use to the users' own choices since {@link #VALIDATION}. */
        Map<Use, double[]> fit() {
            Map<Use, double[]> weights = new EnumMap<>(Use.class);
            weights.put(Use.NONE, new double[] {1});
            weights.put(Use.RULE, new double[] {1, -FADE});
            for (Use use : List.of(Use.OWN, Use.ALL)) {
                ChoiceFit fit = new ChoiceFit(use == Use.OWN ? 3 : Features.COUNT);
                for (Visit visit : validation) {
                    double[][] all = Features.of(visit.before, visit.time, retrained, earlierRates);
                    int[] open = IntStream.rangeClosed(1, items)
                            .filter(item -> !visit.before.had[item])
                            .toArray();
                    fit.add(
                            Arrays.stream(open).mapToObj(item -> all[item]).toArray(double[][]::new),
                            Arrays.binarySearch(open, visit.chosen));
                }
                weights.put(use, fit.fit());
            }
            return weights;
        }

        /** The choices after the retraining, with the users as they were before each. */
        List<Visit> laterChoices() {
            List<Visit> later = new ArrayList<>();
            for (int day = RETRAINING; day < END; day++) {
                for (Visitor visitor : visiting()) {
                    long time = time(day);
                    int chosen = choice(visitor);
                    later.add(new Visit(visitor.copy(), time, chosen));
                    visitor.take(chosen, time);
                }
            }
            return later;
        }

        private ModelReader trained(String split) throws InterruptedException {
            spec.commandLine().getErr().println("seed " + seed + ": training on " + log.size() + " events");
            List<String> changed = new ArrayList<>(SETTINGS);
            changed.addAll(settings);
            RunConfig config = RunConfigs.set(RunConfig.production(), changed)
                    .withData(PrepareOptions.keepAll())
                    .withSplit(SplitSpec.parse(split));
            IdMap names = new IdMap(
                    IntStream.rangeClosed(1, items).mapToObj(item -> "i" + item).toList());
            Dataset data = Datasets.withItems(Datasets.of(log, PrepareOptions.keepAll()), names);
            try (Training training = new Training(
                    config.split().apply(data),
                    config,
                    seed,
                    Runtime.getRuntime().availableProcessors(),
                    TrainingListener.SILENT)) {
                return training.run(null).orElseThrow().newReader();
            }
        }

        private String date(int day) {
            return START.plus(day, ChronoUnit.DAYS)
                    .atZone(ZoneOffset.UTC)
                    .toLocalDate()
                    .toString();
        }

        /** Describes the shop, and the fitted weights. */
        String told(Map<Use, double[]> weights) {
            String fitted = Arrays.stream(requireNonNull(weights.get(Use.ALL)))
                    .mapToObj(weight -> String.format(Locale.ROOT, "%.3f", weight))
                    .collect(Collectors.joining(", "));
            return String.format(
                    Locale.ROOT,
                    "%,d events, %,d items shown, %.1f %% taken, %,d own choices to fit; weights %s",
                    log.size(),
                    shownItems,
                    100.0 * takenItems / shownItems,
                    validation.size(),
                    fitted);
        }
    }
}
