package io.github.ttt4rec.benchmarks;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.read.Datasets;
import io.github.ttt4rec.internal.retrieval.ExactScan;
import io.github.ttt4rec.internal.retrieval.Ranked;
import io.github.ttt4rec.recommend.CaseBlock;
import io.github.ttt4rec.recommend.Diversity;
import io.github.ttt4rec.recommend.Recommender;
import io.github.ttt4rec.terminal.Text;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures the cost of diversity: NDCG@10 and the similarity within lists by strength of diversity. */
@Command(
        name = "diversity",
        description = "Measure NDCG@10 and the similarity of items within a list by strength of diversity, on test"
                + " cases of a log.",
        sortOptions = false)
public final class DiversityCommand implements Callable<Integer> {
    private static final int K = 10;
    private static final int BLOCK = 64;

    @Spec
    private CommandSpec spec;

    @Option(names = "--model", paramLabel = "DIR", required = true, description = "A trained model.")
    private Path directory;

    @Option(names = "--data", paramLabel = "FILE", required = true, description = "The log that it was trained on.")
    private Path log;

    @Option(
            names = "--strengths",
            split = ",",
            defaultValue = "0,0.1,0.2,0.3,0.5,0.7",
            description = "Strengths (default: ${DEFAULT-VALUE}).")
    private List<Double> strengths;

    @Option(
            names = "--cases",
            defaultValue = "5000",
            description = "Maximum number of test cases, of evenly spaced users (default: ${DEFAULT-VALUE}).")
    private int cases;

    /** Sums over the cases at one strength. */
    private static final class Sums {
        private double ndcg;
        private double hits;
        private double likeness;
        private final double[] ndcgOfUser;
        private final BitSet shown = new BitSet();

        Sums(int users) {
            ndcgOfUser = new double[users];
        }
    }

    @Override
    public Integer call() {
        TrainedModel model = TrainedModel.load(directory);
        Dataset data = Datasets.withItems(model.config().open(log).data(), model.items());
        Split split = model.config().split().apply(data);
        Recommender.Cosines cosines = model.recommender()
                .cosines()
                .orElseThrow(() -> new UserFacingException(directory + ": the model has no vectors of items"));
        List<CaseBlock> blocks = blocks(split);
        Sums[] sums = new Sums[strengths.size()];
        Arrays.setAll(sums, s -> new Sums(data.userCount()));
        int[] casesOfUser = new int[data.userCount()];
        Recommender.Scorer scorer = model.recommender().newScorer();
        int width = model.items().size() + 1;
        BitSet all = new BitSet();
        all.set(1, width);
        int count = 0;
        float[] scores = new float[BLOCK * width];
        for (CaseBlock block : blocks) {
            scorer.score(block, scores);
            for (int i = 0; i < block.size(); i++) {
                float[] row = Arrays.copyOfRange(scores, i * width, (i + 1) * width);
                Ranked best = ExactScan.select(row, all, Diversity.candidates(K));
                casesOfUser[block.users()[i]]++;
                count++;
                for (int s = 0; s < sums.length; s++) {
                    add(sums[s], block.users()[i], block.target(i), list(cosines, best, strengths.get(s)), cosines);
                }
            }
        }
        print(sums, casesOfUser, count);
        return 0;
    }

    /** Returns the cases of evenly spaced users, one block per user. */
    private List<CaseBlock> blocks(Split split) {
        long total = split.cases(Split.Part.TEST);
        int step = (int) Math.max(1, total / cases);
        List<CaseBlock> blocks = new ArrayList<>();
        for (int user = 0; user < split.data().userCount(); user += step) {
            int end = split.to(Split.Part.TEST, user);
            for (int from = Math.max(1, split.from(Split.Part.TEST, user)); from < end; from += BLOCK) {
                int[] positions = new int[Math.min(BLOCK, end - from)];
                int first = from;
                Arrays.setAll(positions, i -> first + i);
                int[] users = new int[positions.length];
                Arrays.fill(users, user);
                blocks.add(new CaseBlock(split.data(), users, positions));
            }
        }
        return blocks;
    }

    private static int[] list(Recommender.Cosines cosines, Ranked best, double strength) {
        return Arrays.stream(Diversity.choose(cosines, best.items(), best.scores(), K, strength))
                .map(place -> best.items()[place])
                .toArray();
    }

    private static void add(Sums sums, int user, int target, int[] list, Recommender.Cosines cosines) {
        double likeness = 0;
        for (int i = 0; i < list.length; i++) {
            sums.shown.set(list[i]);
            if (list[i] == target) {
                double gain = Math.log(2) / Math.log(2 + i);
                sums.hits++;
                sums.ndcg += gain;
                sums.ndcgOfUser[user] += gain;
            }
            for (int j = 0; j < i; j++) {
                likeness += cosines.of(list[i], list[j]);
            }
        }
        sums.likeness += list.length < 2 ? 0 : likeness / (list.length * (list.length - 1) / 2.0);
    }

    private void print(Sums[] sums, int[] casesOfUser, int count) {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {
            "strength", "HR@10", "NDCG@10", "difference, 95 % interval", "mean cosine of a list's items", "items shown"
        });
        long users = Arrays.stream(casesOfUser).filter(own -> own > 0).count();
        for (int s = 0; s < sums.length; s++) {
            double difference = (sums[s].ndcg - sums[0].ndcg) / count;
            double squares = 0;
            for (int user = 0; user < casesOfUser.length; user++) {
                double own = sums[s].ndcgOfUser[user] - sums[0].ndcgOfUser[user] - difference * casesOfUser[user];
                squares += own * own;
            }
            rows.add(new String[] {
                String.valueOf(strengths.get(s)),
                String.format(Locale.ROOT, "%.4f", sums[s].hits / count),
                String.format(Locale.ROOT, "%.4f", sums[s].ndcg / count),
                s == 0
                        ? ""
                        : Text.format("%+.4f", difference)
                                + Text.halfWidth(users < 2 ? Double.NaN : 1.96 * Math.sqrt(squares) / count),
                String.format(Locale.ROOT, "%.3f", sums[s].likeness / count),
                String.format(Locale.ROOT, "%,d", sums[s].shown.cardinality())
            });
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(Machine.describe());
        out.println(count + " test cases of " + log.getFileName() + ", differences to the first strength");
        out.println();
        out.print(MarkdownTable.of(rows));
        out.flush();
    }
}
