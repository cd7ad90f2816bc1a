package io.github.ttt4rec.benchmarks;

import static java.util.Objects.requireNonNull;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.ContentItems;
import io.github.ttt4rec.api.ModelReader;
import io.github.ttt4rec.api.NewItem;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.api.Training;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.catalogue.ItemFile;
import io.github.ttt4rec.catalogue.ItemRecord;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.read.Datasets;
import io.github.ttt4rec.recommend.History;
import io.github.ttt4rec.recommend.Query;
import io.github.ttt4rec.terminal.Text;
import io.github.ttt4rec.train.TrainingListener;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
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

/** Measures cold start by content: ranks items without training events by their attributes. */
@Command(
        name = "hidden",
        description =
                "Hide items from training, add them by their attributes, and rank them in the test cases whose target"
                        + " they are, after histories without hidden items. Compares the encoder that is trained with"
                        + " the network, a regression on the vectors of a network that is trained without attributes,"
                        + " popularity and random order.",
        sortOptions = false)
public final class HiddenItemsCommand implements Callable<Integer> {
    private static final int K = 10;

    @Spec
    private CommandSpec spec;

    @Option(names = "--data", paramLabel = "FILE", required = true, description = "A log.")
    private Path log;

    @Option(names = "--items", paramLabel = "FILE", required = true, description = "Attributes of the log's items.")
    private Path items;

    @Option(
            names = "--share",
            defaultValue = "0.1",
            description = "Share of items to hide (default: ${DEFAULT-VALUE}).")
    private double share;

    @Option(
            names = "--similar",
            defaultValue = "10",
            description = "Number of similar items from which the regression gives a hidden item its vector"
                    + " (default: ${DEFAULT-VALUE}).")
    private int similar;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "Seed of training and of the choice of hidden items" + " (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting of the training; repeatable.")
    private List<String> settings = List.of();

    /** A method of ranking the hidden items in each case. */
    private enum Method {
        ENCODER("encoder trained with the network"),
        REGRESSION("regression, mean of similar items"),
        POPULARITY("popularity, their own training events told"),
        RANDOM("random");

        private final String title;

        Method(String title) {
            this.title = title;
        }
    }

    /** Sums over the cases of one method. */
    private static final class Sums {
        private double hits;
        private double ndcg;
        private double hitsOfAll;
        private final double[] ndcgOfUser;

        Sums(int users) {
            ndcgOfUser = new double[users];
        }

        void add(int user, int rank, int rankOfAll) {
            double gain = rank <= K ? Math.log(2) / Math.log(1 + rank) : 0;
            hits += rank <= K ? 1 : 0;
            ndcg += gain;
            hitsOfAll += rankOfAll <= K ? 1 : 0;
            ndcgOfUser[user] += gain;
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        RunConfig config = RunConfigs.set(RunConfig.production(), settings);
        Dataset full = config.open(log).data();
        Map<String, ItemAttributes> attributes =
                ItemFile.read(items).stream().collect(Collectors.toMap(ItemRecord::id, ItemRecord::attributes));
        SplittableRandom random = new SplittableRandom(seed);
        List<String> visible = new ArrayList<>();
        List<String> hidden = new ArrayList<>();
        for (String id : full.items().names()) {
            (random.nextDouble() < share && attributes.containsKey(id) ? hidden : visible).add(id);
        }
        if (hidden.isEmpty()) {
            throw new UserFacingException(items + ": none of the log's items has attributes");
        }
        Split split = config.split().apply(Datasets.withItems(full, new IdMap(visible)));
        spec.commandLine().getErr().println("training without " + hidden.size() + " items");
        TrainedModel plain = train(split, config, Map.of());
        TrainedModel trained = train(split, config, attributes);
        ContentItems regression = ContentItems.fit(plain, attributes);
        hidden.removeIf(id -> {
            ItemAttributes own = requireNonNull(attributes.get(id));
            return !trained.encodes(own) || !regression.tells(own);
        });
        List<NewItem> encoded = new ArrayList<>();
        List<NewItem> added = new ArrayList<>();
        for (String id : hidden) {
            ItemAttributes own = requireNonNull(attributes.get(id));
            encoded.add(new NewItem(id, own));
            added.add(new NewItem(id, regression.similarTo(own, similar)));
        }
        List<TrainedModel> models = List.of(trained.withItems(encoded), plain.withItems(added));
        Split test =
                config.split().apply(Datasets.withItems(full, models.getFirst().items()));
        rank(models, test, visible.size());
        return 0;
    }

    /** Trains a model and prints its quality on the validation cases, which have no hidden items. */
    private TrainedModel train(Split split, RunConfig config, Map<String, ItemAttributes> attributes)
            throws InterruptedException {
        int threads = Runtime.getRuntime().availableProcessors();
        try (Training training = new Training(split, config, attributes, seed, threads, TrainingListener.SILENT)) {
            TrainedModel model = training.run(null).orElseThrow();
            String kind = attributes.isEmpty() ? "without" : "with";
            double ndcg = model.provenance().metrics().getOrDefault("validation NDCG@10", Double.NaN);
            spec.commandLine()
                    .getErr()
                    .println(Text.format("trained %s attributes: validation NDCG@10 %.4f", kind, ndcg));
            return model;
        }
    }

    private void rank(List<TrainedModel> models, Split test, int visible) {
        Dataset data = test.data();
        int width = models.getFirst().items().size() + 1;
        float[] popularity = new float[width];
        for (int user = 0; user < data.userCount(); user++) {
            for (int p = 0; p < test.trainingLength(user); p++) {
                popularity[data.item(user, p)]++;
            }
        }
        float[] popularityOfTrained = popularity.clone();
        Arrays.fill(popularityOfTrained, visible + 1, width, 0);
        Sums[] sums = new Sums[Method.values().length];
        Arrays.setAll(sums, m -> new Sums(data.userCount()));
        int[] casesOfUser = new int[data.userCount()];
        SplittableRandom random = new SplittableRandom(seed);
        List<ModelReader> readers = models.stream().map(TrainedModel::newReader).toList();
        BitSet targets = new BitSet();
        int cases = 0;
        for (int user = 0; user < data.userCount(); user++) {
            for (int p = Math.max(1, test.from(Split.Part.TEST, user)); p < test.to(Split.Part.TEST, user); p++) {
                int target = data.item(user, p);
                History history = visible(data, user, p, visible);
                if (target <= visible || history.size() == 0) {
                    continue;
                }
                float[] chance = new float[width];
                for (int v = 1; v < width; v++) {
                    chance[v] = random.nextFloat();
                }
                casesOfUser[user]++;
                cases++;
                targets.set(target);
                // In the order of the methods: the models, popularity, random.
                int m = 0;
                for (; m < models.size(); m++) {
                    float[] scores = scores(models.get(m), readers.get(m), history);
                    add(sums[m], user, scores, scores, target, visible);
                }
                add(sums[m++], user, popularity, popularityOfTrained, target, visible);
                add(sums[m], user, chance, chance, target, visible);
            }
        }
        print(sums, casesOfUser, cases, width - 1 - visible, targets.cardinality());
    }

    private static void add(Sums sums, int user, float[] scores, float[] ofAll, int target, int visible) {
        sums.add(user, rank(scores, target, visible + 1), rank(ofAll, target, 1));
    }

    /** Returns the rank of an item among those from index {@code from} on; the smaller index wins ties. */
    private static int rank(float[] scores, int target, int from) {
        return 1
                + (int) IntStream.range(from, scores.length)
                        .filter(v -> scores[v] > scores[target] || (scores[v] == scores[target] && v < target))
                        .count();
    }

    /**
     * Returns the user's events before position {@code end} without hidden items, because no user can have had an item
     * before it was new.
     */
    private static History visible(Dataset data, int user, int end, int visible) {
        int[] places = IntStream.range(data.start(user), data.start(user) + end)
                .filter(at -> data.events()[at] <= visible)
                .toArray();
        int[] items = Arrays.stream(places).map(at -> data.events()[at]).toArray();
        long[] times = data.hasTimes()
                ? Arrays.stream(places).mapToLong(at -> data.times()[at]).toArray()
                : new long[0];
        long now = data.hasTimes() ? data.times()[data.start(user) + end] : 0;
        return new History(items, times, 0, items.length, now);
    }

    private static float[] scores(TrainedModel model, ModelReader reader, History history) {
        int from = Math.max(0, history.size() - model.config().train().maxLen());
        float[] vector = reader.newState()
                .map(state -> reader.append(state, Arrays.copyOfRange(history.items(), from, history.size())))
                .orElse(new float[0]);
        return reader.score(new Query(vector, history));
    }

    private void print(Sums[] sums, int[] casesOfUser, int cases, int hidden, int targets) {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {
            "ranked by",
            "HR@10 among the hidden",
            "NDCG@10",
            "the encoder's lead in NDCG@10, 95 % interval",
            "HR@10 among all"
        });
        List<Method> methods = List.of(Method.values());
        long users = Arrays.stream(casesOfUser).filter(own -> own > 0).count();
        for (int m = 0; m < sums.length; m++) {
            Method method = methods.get(m);
            Sums own = sums[m];
            double lead = (sums[0].ndcg - own.ndcg) / cases;
            double squares = 0;
            for (int user = 0; user < casesOfUser.length; user++) {
                double off = sums[0].ndcgOfUser[user] - own.ndcgOfUser[user] - lead * casesOfUser[user];
                squares += off * off;
            }
            rows.add(new String[] {
                method.title,
                String.format(Locale.ROOT, "%.4f", own.hits / cases),
                String.format(Locale.ROOT, "%.4f", own.ndcg / cases),
                method == Method.ENCODER
                        ? ""
                        : Text.format("%+.4f", lead)
                                + Text.halfWidth(users < 2 ? Double.NaN : 1.96 * Math.sqrt(squares) / cases),
                String.format(Locale.ROOT, "%.4f", own.hitsOfAll / cases)
            });
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(Machine.describe());
        out.println(cases + " test cases of " + log.getFileName() + " with one of " + hidden
                + " hidden items as target (" + targets + " different ones), seed " + seed);
        out.println();
        out.print(MarkdownTable.of(rows));
        out.flush();
    }
}
