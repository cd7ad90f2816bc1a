package io.github.ttt4rec.benchmarks;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.data.ReadReport;
import io.github.ttt4rec.data.read.EventLog;
import io.github.ttt4rec.internal.ContextCounts;
import io.github.ttt4rec.internal.EventRanks;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures lists for users without a history: overall popularity, recent popularity, and popularity within the context. */
@Command(
        name = "context",
        description =
                "Follow a log in order of time and predict the first events of each new user from the events before: by"
                        + " overall popularity, recent popularity, and popularity within the user's context, such as a"
                        + " country. Figures are means over users of NDCG@10 and HR@10 over the events at the user's first"
                        + " time.",
        sortOptions = false)
public final class ContextCommand implements Callable<Integer> {
    private static final int K = 10;

    @Spec
    private CommandSpec spec;

    @Option(names = "--data", paramLabel = "FILE", required = true, description = "A log.")
    private Path log;

    @Option(
            names = "--context-columns",
            paramLabel = "COLUMNS",
            split = ",",
            required = true,
            description = "Columns of the context, between commas.")
    private List<String> columns;

    @Option(
            names = "--without",
            paramLabel = "ITEMS",
            split = ",",
            description = "Items to leave out, between commas, such as postage that a log books like a product.")
    private Set<String> without = Set.of();

    @Option(
            names = "--clock",
            description = "Adds the hour and the weekday (UTC) to the context, as keys that should not matter.")
    private boolean clock;

    @Option(
            names = "--skip",
            defaultValue = "0.25",
            description =
                    "The share of the log, by events, before the first user that counts (default: ${DEFAULT-VALUE}).")
    private double skip;

    @Option(
            names = "--prior",
            split = ",",
            defaultValue = "100",
            description = "Weights of the overall shares within a context, in events (default: ${DEFAULT-VALUE}).")
    private List<Double> priors;

    @Option(
            names = "--half-life",
            split = ",",
            defaultValue = "14",
            description = "Half-lives of an event's weight, in days (default: ${DEFAULT-VALUE}).")
    private List<Double> halfLives;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting of reading; repeatable.")
    private List<String> settings = List.of();

    private record Seen(String user, String item, long micros, List<String> context) {}

    /** A way to rank the items. */
    private interface Method {
        /** Counts an event. */
        void add(Seen event, int item);

        /** The score of each item, {@code V + 1}, for a user of a context at a time. */
        double[] scores(List<String> context, long micros);
    }

    /** The counts of all events before. */
    private static final class Overall implements Method {
        private final double[] counts;

        Overall(int items) {
            counts = new double[items + 1];
        }

        @Override
        public void add(Seen event, int item) {
            counts[item]++;
        }

        @Override
        public double[] scores(List<String> context, long micros) {
            return counts;
        }
    }

    /** Counts by context with a decay; without contexts only the decay is left. */
    private static final class Decayed implements Method {
        private final ContextCounts counts;
        private final Map<String, Integer> index;
        private final boolean within;

        Decayed(Map<String, Integer> index, double halfLife, double prior, boolean within) {
            counts = new ContextCounts(halfLife, prior);
            this.index = index;
            this.within = within;
        }

        private int indexOf(String item) {
            return index.getOrDefault(item, 0);
        }

        @Override
        public void add(Seen event, int item) {
            counts.change(within ? event.context() : List.of(), event.item(), ContextCounts.day(event.micros()), 1);
        }

        @Override
        public double[] scores(List<String> context, long micros) {
            ContextCounts.Overall overall = counts.overall(micros, new long[index.size() + 1], this::indexOf);
            if (!within) {
                return overall.shares();
            }
            ContextCounts.Within special = counts.within(context, overall, this::indexOf);
            double[] scores = new double[index.size() + 1];
            for (int v = 1; v < scores.length; v++) {
                scores[v] = overall.shares()[v] * special.rest();
            }
            for (int i = 0; i < special.items().length; i++) {
                scores[special.items()[i]] = special.shares()[i];
            }
            return scores;
        }
    }

    /** The figures of one method, by case. */
    private record Figures(String name, List<Double> ndcg, List<Double> hits) {}

    @Override
    public Integer call() {
        List<Seen> events = read();
        Map<String, Integer> index = new HashMap<>();
        events.forEach(event -> index.putIfAbsent(event.item(), index.size() + 1));
        Map<String, Method> methods = new LinkedHashMap<>();
        methods.put("overall popularity", new Overall(index.size()));
        for (double halfLife : halfLives) {
            methods.put(
                    String.format(Locale.ROOT, "recent popularity, half-life %.0f days", halfLife),
                    new Decayed(index, halfLife, 1, false));
            for (double prior : priors) {
                methods.put(
                        String.format(
                                Locale.ROOT, "within the context, half-life %.0f days, prior %.0f", halfLife, prior),
                        new Decayed(index, halfLife, prior, true));
            }
        }
        List<Figures> figures = methods.keySet().stream()
                .map(name -> new Figures(name, new ArrayList<>(), new ArrayList<>()))
                .toList();
        List<List<String>> contexts = new ArrayList<>();
        follow(events, index, List.copyOf(methods.values()), figures, contexts);
        print(events.size(), index.size(), figures, contexts);
        return 0;
    }

    private List<Seen> read() {
        RunConfig config = RunConfigs.set(RunConfig.production(), settings);
        List<Seen> events = new ArrayList<>();
        EventLog.read(log, config.read(), new EventLog.Taker() {
            private List<Integer> wanted = List.of();
            private final Map<Integer, String> context = new TreeMap<>();

            @Override
            public void begin(ReadReport report) {
                if (report.ordinalTimes()) {
                    throw new UserFacingException(log + ": has no times");
                }
            }

            @Override
            public List<Integer> contextColumns(List<String> names, Set<Integer> used) {
                wanted = columns.stream().map(names::indexOf).toList();
                if (wanted.contains(-1)) {
                    throw new UserFacingException(log + ": no column is called \"" + columns.get(wanted.indexOf(-1))
                            + "\"; the columns are " + String.join(", ", names));
                }
                return wanted;
            }

            @Override
            public void context(int column, String value) {
                context.put(column, value);
            }

            @Override
            public void event(String user, String item, long micros, @Nullable String eventId) {
                List<String> of = new ArrayList<>();
                for (int i = 0; i < wanted.size(); i++) {
                    String value = context.get(wanted.get(i));
                    if (value != null) {
                        of.add(columns.get(i) + "=" + value);
                    }
                }
                context.clear();
                if (clock) {
                    ZonedDateTime time = EventTime.instant(micros).atZone(ZoneOffset.UTC);
                    of.add("hour=" + time.getHour());
                    of.add("weekday=" + time.getDayOfWeek());
                }
                events.add(new Seen(user, item, micros, List.copyOf(of)));
            }

            @Override
            public void badRow(String message) {
                // Counted by the report of the reader.
            }
        });
        events.removeIf(event -> without.contains(event.item()));
        events.sort(Comparator.comparingLong(Seen::micros));
        return events;
    }

    /** Ranks the first events of each user by the events at earlier times. */
    private void follow(
            List<Seen> events,
            Map<String, Integer> index,
            List<Method> methods,
            List<Figures> figures,
            List<List<String>> contexts) {
        Set<String> known = new HashSet<>();
        int from = 0;
        while (from < events.size()) {
            int to = from;
            while (to < events.size()
                    && events.get(to).micros() == events.get(from).micros()) {
                to++;
            }
            Map<String, List<Seen>> firsts = new LinkedHashMap<>();
            for (Seen event : events.subList(from, to)) {
                if (!known.contains(event.user())) {
                    firsts.computeIfAbsent(event.user(), user -> new ArrayList<>())
                            .add(event);
                }
            }
            if (from >= skip * events.size()) {
                for (List<Seen> first : firsts.values()) {
                    contexts.add(first.getFirst().context());
                    for (int m = 0; m < figures.size(); m++) {
                        rank(first, index, methods.get(m), figures.get(m));
                    }
                }
            }
            known.addAll(firsts.keySet());
            for (Seen event : events.subList(from, to)) {
                methods.forEach(method -> method.add(event, index.getOrDefault(event.item(), 0)));
            }
            from = to;
        }
    }

    private static void rank(List<Seen> first, Map<String, Integer> index, Method method, Figures figures) {
        double[] scores =
                method.scores(first.getFirst().context(), first.getFirst().micros());
        double ndcg = 0;
        double hits = 0;
        for (Seen event : first) {
            int target = index.getOrDefault(event.item(), 0);
            int rank = 1;
            for (int v = 1; v < scores.length; v++) {
                rank += scores[v] > scores[target] || (scores[v] == scores[target] && v < target) ? 1 : 0;
            }
            hits += rank <= K ? 1 : 0;
            ndcg += EventRanks.gain(rank);
        }
        figures.ndcg().add(ndcg / first.size());
        figures.hits().add(hits / first.size());
    }

    private void print(int events, int items, List<Figures> figures, List<List<String>> contexts) {
        Map<List<String>, Integer> sizes = new HashMap<>();
        // The first column is taken as the group, since a clock makes most contexts rare.
        List<List<String>> groups = contexts.stream()
                .map(context -> context.subList(0, Math.min(1, context.size())))
                .toList();
        groups.forEach(group -> sizes.merge(group, 1, Integer::sum));
        List<String> most = sizes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow(() -> new UserFacingException(log + ": no user's first event is left"))
                .getKey();
        PrintWriter out = spec.commandLine().getOut();
        out.println(Machine.describe());
        out.printf(
                Locale.ROOT,
                "%s: %,d events, %,d items, %,d users whose first events are predicted%n",
                log.getFileName(),
                events,
                items,
                contexts.size());
        print(out, "all users", figures, IntStream.range(0, contexts.size()).toArray());
        print(
                out,
                "users outside of " + most,
                figures,
                IntStream.range(0, contexts.size())
                        .filter(i -> !groups.get(i).equals(most))
                        .toArray());
        out.flush();
    }

    private static void print(PrintWriter out, String title, List<Figures> figures, int[] cases) {
        out.printf(Locale.ROOT, "%n%s: %,d%n%n", title, cases.length);
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {
            "list", "HR@10", "NDCG@10", "lead over overall popularity, 95 % interval", "lead over recent popularity"
        });
        Figures recent = figures.getFirst();
        for (Figures each : figures) {
            recent = each.name().startsWith("recent") ? each : recent;
            boolean within = each.name().startsWith("within");
            rows.add(new String[] {
                each.name(),
                String.format(Locale.ROOT, "%.4f", mean(each.hits(), cases)),
                String.format(Locale.ROOT, "%.4f", mean(each.ndcg(), cases)),
                rows.size() == 1 ? "" : lead(each, figures.getFirst(), cases),
                within ? lead(each, recent, cases) : ""
            });
        }
        out.print(MarkdownTable.of(rows));
    }

    private static double mean(List<Double> values, int[] cases) {
        return Arrays.stream(cases).mapToDouble(values::get).average().orElse(0);
    }

    private static String lead(Figures one, Figures other, int[] cases) {
        double lead = mean(one.ndcg(), cases) - mean(other.ndcg(), cases);
        double squares = Arrays.stream(cases)
                .mapToDouble(i -> Math.pow(one.ndcg().get(i) - other.ndcg().get(i) - lead, 2))
                .sum();
        return String.format(Locale.ROOT, "%+.4f ± %.4f", lead, 1.96 * Math.sqrt(squares) / cases.length);
    }
}
