package io.github.ttt4rec.benchmarks;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.autograd.OutputLayer;
import io.github.ttt4rec.benchmarks.models.SyntheticCatalogue;
import io.github.ttt4rec.internal.retrieval.BatchedTopItems;
import io.github.ttt4rec.internal.retrieval.CodedScan;
import io.github.ttt4rec.internal.retrieval.ExactScan;
import io.github.ttt4rec.internal.retrieval.Ranked;
import io.github.ttt4rec.internal.retrieval.Request;
import io.github.ttt4rec.internal.retrieval.Retriever;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures top-k search by catalogue size: single requests on one thread, and many callers on all cores. */
@Command(
        name = "catalogue",
        description =
                "Measure top-k search over catalogues of several sizes: by an exact scan, by a scan of codes (and the"
                        + " share of its lists that equal the exact ones), and with requests that share passes.",
        sortOptions = false)
public final class CatalogueCommand implements Callable<Integer> {
    private static final int USERS = 256;
    private static final double WARM_SECONDS = 1.5;
    private static final double SECONDS = 1.5;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--items",
            split = ",",
            defaultValue = "1000,5000,10000,50000,100000,1000000",
            description = "Sizes of synthetic catalogues (default: ${DEFAULT-VALUE}).")
    private List<Integer> items;

    @Option(
            names = "--model",
            paramLabel = "DIRECTORY",
            description = "Use the catalogue of this model instead; users' vectors come from histories of its items.")
    private @Nullable Path model;

    @Option(names = "-k", defaultValue = "10", description = "Number of items to find (default: ${DEFAULT-VALUE}).")
    private int k;

    @Option(
            names = "--at-once",
            defaultValue = "32",
            description = "Maximum number of requests in a pass (default: ${DEFAULT-VALUE}).")
    private int atOnce;

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        PrintWriter out = spec.commandLine().getOut();
        List<String[]> rows = new ArrayList<>();
        int cores = Runtime.getRuntime().availableProcessors();
        rows.add(new String[] {
            "items",
            "encoding, s",
            "exact, median ms",
            "codes, median ms",
            "p99 ms",
            "equal lists",
            "alone, lists/s on " + cores + " threads",
            "shared, lists/s on " + cores + " threads"
        });
        if (model != null) {
            TrainedModel trained = TrainedModel.load(model);
            rows.add(row(trained.network().outputLayer(), histories(trained)));
        } else {
            for (int size : items) {
                spec.commandLine().getErr().println("measuring " + size + " items");
                SyntheticCatalogue catalogue = new SyntheticCatalogue(size, 64, 7);
                OutputLayer output = catalogue.outputLayer();
                rows.add(row(output, catalogue.users(output, USERS)));
            }
        }
        out.println(Machine.describe());
        out.println();
        out.print(MarkdownTable.of(rows));
        out.flush();
        return 0;
    }

    /** Returns the network's vectors of histories of random items. */
    private static float[][] histories(TrainedModel trained) {
        SplittableRandom random = new SplittableRandom(1);
        float[][] users = new float[USERS][];
        for (int user = 0; user < USERS; user++) {
            int[] history = random.ints(
                            1 + random.nextInt(30), 1, trained.items().size() + 1)
                    .toArray();
            users[user] = trained.newReader().append(trained.network().newState(), history);
        }
        return users;
    }

    private String[] row(OutputLayer output, float[][] users) throws InterruptedException, ExecutionException {
        long start = System.nanoTime();
        CodedScan coded = new CodedScan(output);
        double encoding = (System.nanoTime() - start) / 1e9;
        ExactScan exact = new ExactScan(output);
        BitSet all = new BitSet();
        all.set(1, output.rows());
        List<Request> requests =
                Arrays.stream(users).map(user -> new Request(user, k, all)).toList();
        int equal = 0;
        for (Request request : requests) {
            Ranked expected = exact.top(request);
            Ranked found = coded.top(request);
            if (Arrays.equals(expected.items(), found.items()) && Arrays.equals(expected.scores(), found.scores())) {
                equal++;
            }
        }
        double[] exactMillis = latencies(exact, requests);
        double[] codedMillis = latencies(coded, requests);
        int cores = Runtime.getRuntime().availableProcessors();
        BatchedTopItems shared = new BatchedTopItems(coded, cores, atOnce);
        return new String[] {
            String.format(Locale.ROOT, "%,d", output.rows() - 1),
            String.format(Locale.ROOT, "%.2f", encoding),
            String.format(Locale.ROOT, "%.3f", exactMillis[exactMillis.length / 2]),
            String.format(Locale.ROOT, "%.3f", codedMillis[codedMillis.length / 2]),
            String.format(Locale.ROOT, "%.3f", codedMillis[codedMillis.length * 99 / 100]),
            equal + " of " + requests.size(),
            String.format(Locale.ROOT, "%,.0f", rate(coded::top, requests, cores)),
            String.format(Locale.ROOT, "%,.0f", rate(shared::top, requests, 2 * cores * atOnce))
        };
    }

    /** Returns the milliseconds of each request on this thread, ascending. */
    private static double[] latencies(Retriever retriever, List<Request> requests) {
        List<Double> millis = new ArrayList<>();
        long begin = System.nanoTime();
        double elapsed = 0;
        for (int i = 0; elapsed < WARM_SECONDS + SECONDS; i++) {
            long start = System.nanoTime();
            retriever.top(requests.get(i % requests.size()));
            if (elapsed > WARM_SECONDS) {
                millis.add((System.nanoTime() - start) / 1e6);
            }
            elapsed = (System.nanoTime() - begin) / 1e9;
        }
        return millis.stream().mapToDouble(m -> m).sorted().toArray();
    }

    @FunctionalInterface
    private interface Search {
        Ranked top(Request request);
    }

    /** Returns the requests per second with this number of callers, each of which sends its next request at once. */
    private static double rate(Search search, List<Request> requests, int callers)
            throws InterruptedException, ExecutionException {
        long begin = System.nanoTime();
        long warm = begin + (long) (WARM_SECONDS * 1e9);
        long end = warm + (long) (SECONDS * 1e9);
        List<Future<Long>> counts = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int c = 0; c < callers; c++) {
                int from = c;
                counts.add(threads.submit(() -> {
                    long count = 0;
                    for (int i = from; System.nanoTime() < end; i++) {
                        long start = System.nanoTime();
                        search.top(requests.get(i % requests.size()));
                        count += start > warm ? 1 : 0;
                    }
                    return count;
                }));
            }
        }
        long sum = 0;
        for (Future<Long> count : counts) {
            sum += count.get();
        }
        return sum / SECONDS;
    }
}
