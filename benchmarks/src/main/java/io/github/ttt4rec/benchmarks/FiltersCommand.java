package io.github.ttt4rec.benchmarks;

import io.github.ttt4rec.autograd.OutputLayer;
import io.github.ttt4rec.benchmarks.load.Median;
import io.github.ttt4rec.benchmarks.models.SyntheticCatalogue;
import io.github.ttt4rec.catalogue.AttributeType;
import io.github.ttt4rec.catalogue.AttributeValue;
import io.github.ttt4rec.catalogue.Catalogue;
import io.github.ttt4rec.catalogue.Category;
import io.github.ttt4rec.catalogue.Expression;
import io.github.ttt4rec.catalogue.ExpressionParser;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.catalogue.TimeWindow;
import io.github.ttt4rec.internal.Ranges;
import io.github.ttt4rec.internal.retrieval.ExactScan;
import io.github.ttt4rec.internal.retrieval.Ranked;
import io.github.ttt4rec.internal.retrieval.Request;
import io.github.ttt4rec.internal.retrieval.Retriever;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures what a filter adds to the search for the best items, by the share of items that it leaves. */
@Command(
        name = "filters",
        description = {
            "Measure top-k search under filters that leave given shares of a large catalogue, beside the search without a"
                    + " filter. A server evaluates an expression once and keeps the set until an attribute changes;"
                    + " each request then intersects sets and searches.",
            "",
            "Times are processor times of one thread, so that other load hardly changes them. Exit code 1 if a list is not"
                    + " exact, or if a filter that leaves 1 % or less costs more than no filter."
        },
        sortOptions = false)
public final class FiltersCommand implements Callable<Integer> {
    private static final int USERS = 64;
    private static final int ROUNDS = 5;
    private static final int D = 64;
    private static final double SMALL = 0.01;
    private static final int CATEGORIES = 500;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final String NUMBER = "price";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--items",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Items of the synthetic catalogue (default: ${DEFAULT-VALUE}).")
    private int items;

    @Option(names = "-k", defaultValue = "10", description = "Number of items to find (default: ${DEFAULT-VALUE}).")
    private int k;

    @Option(
            names = "--shares",
            split = ",",
            defaultValue = "0.0001,0.001,0.01,0.02,0.05,0.1,0.2,0.5,0.9",
            description = "Shares of items that the filters leave (default: ${DEFAULT-VALUE}).")
    private List<Double> shares;

    /**
     * The cost of lists under a filter.
     *
     * @param left the number of items that the filter leaves
     * @param evaluation milliseconds for the first evaluation of the expression
     * @param request milliseconds for a list, with the set of allowed items known
     * @param exact whether the lists equal those of a scan of all items
     */
    private record Cost(int left, double evaluation, double request, boolean exact) {}

    @Override
    public Integer call() {
        try {
            Ranges.require(items >= 1000 && items <= 10_000_000, "items must be between 1,000 and 10,000,000");
            Ranges.require(
                    shares.stream().allMatch(share -> share > 0 && share <= 1), "shares must be above 0 and at most 1");
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), "--" + wrong.getMessage(), wrong);
        }
        SyntheticCatalogue synthetic = new SyntheticCatalogue(items, D, 7);
        OutputLayer output = synthetic.outputLayer();
        float[][] users = synthetic.users(output, USERS);
        Retriever retriever = Retriever.of(output);
        ExactScan exact = new ExactScan(output);
        Catalogue catalogue = catalogue();
        BitSet all = new BitSet(items + 1);
        all.set(1, items + 1);

        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {
            "filter leaves", "items", "first evaluation, ms", "list, ms", "to no filter", "lists equal the exact ones"
        });
        Cost none = cost(retriever, exact, users, all, null);
        rows.add(row("no filter", none, none));
        boolean well = none.exact;
        for (double share : shares) {
            Expression expression = ExpressionParser.parse(NUMBER + " < " + share, catalogue.types());
            Cost cost = cost(retriever, exact, users, all, () -> evaluate(catalogue, expression));
            rows.add(row(String.format(Locale.ROOT, "%s %%", 100 * share), cost, none));
            well &= cost.exact && (share > SMALL || cost.request <= none.request);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(Machine.describe());
        out.println();
        out.print(MarkdownTable.of(rows));
        out.flush();
        return well ? 0 : 1;
    }

    /** Returns items with a category and a number that is uniform in 0..1, so that a comparison leaves any share. */
    private Catalogue catalogue() {
        Catalogue catalogue = new Catalogue();
        catalogue.declare(Map.of(NUMBER, AttributeType.NUMBER));
        SplittableRandom random = new SplittableRandom(1);
        List<Category> categories = IntStream.range(0, CATEGORIES)
                .mapToObj(n -> Category.parse("c" + n % 25 + " > s" + n / 25))
                .toList();
        for (int item = 1; item <= items; item++) {
            ItemAttributes attributes = new ItemAttributes(
                    null,
                    null,
                    null,
                    List.of(categories.get(random.nextInt(CATEGORIES))),
                    List.of(),
                    Map.of(NUMBER, new AttributeValue.Quantity(random.nextDouble())),
                    TimeWindow.ALWAYS);
            catalogue.put("i" + item, attributes);
        }
        return catalogue;
    }

    /** Returns the indices of the items for which an expression is true; item i is in row i − 1. */
    private BitSet evaluate(Catalogue catalogue, Expression expression) {
        BitSet set = new BitSet(items + 1);
        for (int row : catalogue.matching(expression).rows().toArray()) {
            set.set(row + 1);
        }
        return set;
    }

    private Cost cost(
            Retriever retriever, ExactScan exact, float[][] users, BitSet all, @Nullable Supplier<BitSet> filter) {
        double evaluation = 0;
        BitSet passing = all;
        if (filter != null) {
            double[] times = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                long start = cpuNanos();
                passing = filter.get();
                times[round] = (cpuNanos() - start) / 1e6;
            }
            evaluation = Median.of(times);
        }
        boolean same = true;
        double[] times = new double[ROUNDS];
        // The first round compiles the code and compares with the scan of all items.
        for (int round = -1; round < ROUNDS; round++) {
            long start = cpuNanos();
            for (float[] user : users) {
                BitSet allowed = all;
                if (filter != null) {
                    allowed = (BitSet) all.clone();
                    allowed.and(passing);
                }
                Ranked found = retriever.top(new Request(user, k, allowed));
                if (round < 0) {
                    Ranked expected = exact.top(new Request(user, k, allowed));
                    same &= Arrays.equals(expected.items(), found.items())
                            && Arrays.equals(expected.scores(), found.scores());
                }
            }
            if (round >= 0) {
                times[round] = (cpuNanos() - start) / 1e6 / users.length;
            }
        }
        return new Cost(passing.cardinality(), evaluation, Median.of(times), same);
    }

    private static long cpuNanos() {
        return THREADS.getCurrentThreadCpuTime();
    }

    private static String[] row(String name, Cost cost, Cost none) {
        return new String[] {
            name,
            String.format(Locale.ROOT, "%,d", cost.left),
            name.equals("no filter") ? "" : String.format(Locale.ROOT, "%.2f", cost.evaluation),
            String.format(Locale.ROOT, "%.3f", cost.request),
            String.format(Locale.ROOT, "%.2f", cost.request / none.request),
            cost.exact ? "yes" : "NO"
        };
    }
}
