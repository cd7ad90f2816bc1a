package io.github.ttt4rec.cli.report;

import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.eval.CaseRanks;
import io.github.ttt4rec.eval.EvaluationResult;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.terminal.Style;
import io.github.ttt4rec.terminal.Terminal;
import io.github.ttt4rec.terminal.Text;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Prints the demo's report, at most 80 columns wide. */
public final class DemoReport {
    private static final int LAST_PURCHASES = 5;
    private static final int LEFT = 37;
    private static final int NAME = 31;

    private final PrintWriter out;
    private final Terminal terminal;

    public DemoReport(PrintWriter out, Terminal terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    public void title(String title) {
        out.println();
        out.println(Style.BOLD.of(title, terminal));
        out.flush();
    }

    public void task(Split split) {
        Dataset data = split.data();
        out.println(Style.BOLD.of("What will the customers of a gift shop buy next?", terminal));
        out.println();
        paragraph(Text.format(
                "%,d purchases of %,d products by %,d customers of a British online shop, December 2010 to December"
                        + " 2011: the Online Retail data set (Chen 2015, UCI, doi 10.24432/C5BW33, CC BY 4.0).",
                data.eventCount(), data.itemCount(), data.userCount()));
        out.println();
        paragraph(Text.format(
                "The model learns from the %,d purchases until 27 November 2011, and keeps the epoch that does best on"
                        + " the three days after. The test is December, %,d purchases that it has never seen: it"
                        + " predicts each, among all products, from what the customer bought before.",
                split.cases(Split.Part.TRAIN), split.cases(Split.Part.TEST)));
        out.println();
        paragraph("Customers buy baskets of some twenty products at a time, so the next purchase is mostly one more for"
                + " the basket. The first purchase of a new visit is harder to predict, and is shown"
                + " separately below.");
        out.flush();
    }

    private void paragraph(String text) {
        Text.wrap("", text).forEach(out::println);
    }

    /** Prints the test's results and the baseline's, in total and for the two kinds of purchases. */
    public void test(EvaluationResult model, EvaluationResult baseline) {
        title("Test: purchases of December 2011");
        paragraph("HR@10: how often the purchase is among the 10 products recommended, of "
                + Text.format("%,d", model.protocol().items())
                + ". NDCG@10: the same, weighted by its rank in the list.");
        out.println();
        CaseRanks ranks = model.ranks();
        long first = IntStream.range(0, ranks.size())
                .filter(i -> startsVisit(ranks, i))
                .count();
        out.println(Text.format("%-16s %20s %20s %20s", "", "all", "more for the basket", "first of a visit"));
        out.println(Text.format(
                "%-16s %20s %20s %20s",
                "",
                Text.format("%,d purchases", ranks.size()),
                Text.format("%,d purchases", ranks.size() - first),
                Text.format("%,d purchases", first)));
        out.println(Text.format("%-16s %20s %20s %20s", "", "HR@10  NDCG@10", "HR@10  NDCG@10", "HR@10  NDCG@10"));
        out.println(Style.GREEN.of(row("ttt4rec", model.ranks()), terminal));
        out.println(row("most popular", baseline.ranks()));
        out.flush();
    }

    private static String row(String name, CaseRanks ranks) {
        return Text.format(
                "%-16s %20s %20s %20s",
                name,
                metrics(ranks, i -> true),
                metrics(ranks, i -> !startsVisit(ranks, i)),
                metrics(ranks, i -> startsVisit(ranks, i)));
    }

    private static String metrics(CaseRanks ranks, IntPredicate which) {
        int[] some = IntStream.range(0, ranks.size())
                .filter(which)
                .map(i -> ranks.ranks()[i])
                .toArray();
        double hits = 0;
        double gain = 0;
        for (int rank : some) {
            if (rank <= DemoCustomer.LIST) {
                hits++;
                gain += Math.log(2) / Math.log(rank + 1.0);
            }
        }
        return some.length == 0 ? "-" : Text.format("%.3f    %.3f", hits / some.length, gain / some.length);
    }

    /** Returns whether a case's target starts a visit: the purchase before it was at another time. */
    private static boolean startsVisit(CaseRanks ranks, int i) {
        Dataset data = ranks.data();
        int at = data.start(ranks.users()[i]) + ranks.positions()[i];
        return data.times()[at] != data.times()[at - 1];
    }

    public void customersTitle(int count) {
        title((count == 3 ? "Three" : String.valueOf(count)) + " customers come back in December");
        paragraph(
                "Left: the recommendations with two products in the basket. Right: after one more, with each product's"
                        + " change of rank. "
                        + Style.CYAN.of("*", terminal) + " marks products bought later in this visit.");
        out.flush();
    }

    public void customer(DemoCustomer customer, ItemNames names) {
        out.println();
        out.println(Style.BOLD.of("Customer " + customer.id(), terminal)
                + Text.format(
                        ": %d purchases in %d visits, %s to %s",
                        customer.earlier().size(),
                        customer.earlierVisits(),
                        date(customer.firstTime()),
                        date(customer.lastTime())));
        List<String> last = customer.earlier()
                .subList(
                        customer.earlier().size() - LAST_PURCHASES,
                        customer.earlier().size());
        Text.wrap(
                        "  Last bought: ",
                        last.stream().map(item -> name(item, names)).collect(Collectors.joining(", ")))
                .forEach(out::println);
        Text.wrap(
                        "  On " + date(customer.visitTime()) + ": ",
                        customer.visit().subList(0, DemoCustomer.IN_BASKET).stream()
                                .map(item -> name(item, names))
                                .collect(Collectors.joining(", ")))
                .forEach(out::println);
        String next = name(customer.visit().get(DemoCustomer.IN_BASKET), names);
        Text.wrap("  And then:      ", Style.BOLD.of(next, terminal)).forEach(out::println);
        out.println();
        out.println(Style.DIM.of(Text.format("  %-" + (LEFT + 1) + "s %s", "before that", "after that"), terminal));
        Set<String> bought = new HashSet<>(customer.visit()
                .subList(DemoCustomer.IN_BASKET, customer.visit().size()));
        for (int i = 0; i < DemoCustomer.LIST; i++) {
            Recommendation before = customer.before().get(i);
            Recommendation after = customer.after().get(i);
            out.println(Text.format("  %2d ", i + 1)
                    + product(before.item(), bought, names, NAME)
                    + "   "
                    + move(rank(customer.before(), after.item()), i)
                    + product(after.item(), bought, names, 0));
        }
        out.flush();
    }

    private String product(String item, Set<String> bought, ItemNames names, int width) {
        String name = name(item, names);
        String cut = name.length() > NAME ? name.substring(0, NAME - 1) + "~" : name;
        String mark = bought.contains(item) ? "*" : " ";
        String text = mark + " " + cut + " ".repeat(Math.max(0, width - cut.length()));
        return bought.contains(item) ? Style.CYAN.of(text, terminal) : text;
    }

    private static int rank(List<Recommendation> list, String item) {
        return IntStream.range(0, list.size())
                .filter(i -> list.get(i).item().equals(item))
                .findFirst()
                .orElse(-1);
    }

    private String move(int before, int now) {
        if (before < 0) {
            return Style.GREEN.of(" new ", terminal);
        }
        if (before == now) {
            return Style.DIM.of("   = ", terminal);
        }
        return before > now
                ? Style.GREEN.of(Text.format("%3s%d ", "\u2191", before - now), terminal)
                : Style.RED.of(Text.format("%3s%d ", "\u2193", now - before), terminal);
    }

    private static String name(String item, ItemNames names) {
        String name = names.of(item);
        return name.isEmpty() ? item : readable(name);
    }

    /** Formats a product's name, which the shop writes in capitals. */
    private static String readable(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return Character.toUpperCase(lower.charAt(0)) + lower.substring(1);
    }

    /** Returns the display names of all products. */
    public static Map<String, String> productNames(ItemNames names) {
        return names.byItem().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> readable(entry.getValue())));
    }

    private static String date(long time) {
        String text = new EventTime(time, true).toString();
        return text.substring(0, Math.min(text.length(), "2011-12-01".length()));
    }

    public void end(Path log, List<String> settings, double seconds) {
        String command = System.getProperty("ttt4rec.command", "ttt4rec");
        title("Your own data");
        paragraph("A log with a user, an item and a time on each line, as CSV, JSON Lines or Parquet:");
        out.println("  " + command + " inspect   --data events.csv");
        out.println("  " + command + " train     --data events.csv --out model");
        out.println("  " + command + " evaluate  --model model --data events.csv");
        out.println("  " + command + " recommend --model model --history ID,ID,ID");
        out.println();
        paragraph("This model was not saved. To train it again and save it:");
        Path here = Path.of("").toAbsolutePath();
        Path shown = log.toAbsolutePath().startsWith(here) ? here.relativize(log.toAbsolutePath()) : log;
        StringBuilder line =
                new StringBuilder("  " + command + " train --data " + Text.shellWord(shown.toString()) + " --out shop");
        for (String setting : settings) {
            if (line.length() + " --set ".length() + setting.length() + " \\".length() > Text.WIDTH) {
                out.println(line + " \\");
                line = new StringBuilder("     ");
            }
            line.append(" --set ").append(setting);
        }
        out.println(line);
        out.println();
        out.println(Style.DIM.of(Text.format("The demo took %s.", Text.duration(seconds)), terminal));
        out.flush();
    }

    /** Prints the end of a demo that does not serve, and what to try next. */
    public void offer() {
        title("See it live");
        paragraph(
                "A page on which you buy for these customers and watch the recommendations change. This command trains"
                        + " the model again and serves it at http://127.0.0.1:8080/:");
        out.println("  " + System.getProperty("ttt4rec.command", "ttt4rec") + " demo --serve");
        out.flush();
    }

    /** Prints the end of a demo that serves next. */
    public void live() {
        title("See it live");
        paragraph(
                "Open the address below, buy for one of these customers or for a new one, and watch the recommendations"
                        + " change. Nothing is saved when the server stops.");
        out.println();
        out.flush();
    }
}
