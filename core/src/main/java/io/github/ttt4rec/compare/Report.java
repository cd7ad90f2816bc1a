package io.github.ttt4rec.compare;

import static io.github.ttt4rec.compare.Html.cell;
import static io.github.ttt4rec.compare.Html.escape;
import static io.github.ttt4rec.compare.Html.format;
import static io.github.ttt4rec.compare.Html.head;
import static io.github.ttt4rec.compare.Html.number;

import io.github.ttt4rec.compare.Results.Difference;
import io.github.ttt4rec.compare.Results.Summary;
import io.github.ttt4rec.compare.Results.Value;
import io.github.ttt4rec.eval.HistoryPolicy;
import io.github.ttt4rec.eval.Metric;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One page that shows everything and needs nothing else: HTML that is also well-formed XML, with inline SVG. */
final class Report {
    private static final String FROZEN = "ttt-mlp-frozen";
    private static final int COLOURS = 7;
    private static final List<String> METRICS = List.of("NDCG@10", "HR@10", "NDCG@50", "HR@50", "MRR");

    private final Results results;
    private final Map<String, String> colours = new HashMap<>();
    private final StringBuilder out = new StringBuilder();

    Report(Results results) {
        this.results = results;
        // The main model and the best others have colours; more could not be told apart.
        Stream.concat(
                        results.entrants().stream()
                                .filter(entrant -> entrant.name().equals(Entrants.MAIN)),
                        results.entrants().stream()
                                .filter(entrant -> !entrant.name().equals(Entrants.MAIN)))
                .limit(COLOURS)
                .forEach(entrant -> colours.put(entrant.name(), "c" + colours.size()));
    }

    String html() {
        String title = "Comparison on " + results.data().file();
        add(
                "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\"><head><meta charset=\"utf-8\"/>");
        add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>");
        add("<title>" + escape(title) + " – ttt4rec</title>");
        add("<style>" + resource("report.css") + "</style></head><body><main>");
        add("<h1>" + escape(title) + "</h1>");
        add("<p class=\"soft\">" + escape(results.data().protocol()) + "</p>");
        facts();
        inShort();
        headline();
        differences();
        charts();
        longHistories();
        recommended();
        cost();
        published();
        provenance();
        add("</main><script>//<![CDATA[\n" + resource("report.js") + "\n//]]></script></body></html>\n");
        return out.toString();
    }

    private void add(String text) {
        out.append(text).append('\n');
    }

    private static String resource(String name) {
        try (InputStream in = Report.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<Summary> entrant(String name) {
        return results.entrants().stream()
                .filter(entrant -> entrant.name().equals(name))
                .findFirst();
    }

    private String colour(String entrant) {
        return colours.getOrDefault(entrant, "cx");
    }

    private void facts() {
        int seeds = results.entrants().stream()
                .mapToInt(entrant -> entrant.seeds().size())
                .max()
                .orElse(0);
        add("<dl class=\"facts\">");
        fact("Best " + Results.HEADLINE, escape(results.best()));
        fact("Models", Integer.toString(results.entrants().size()));
        fact("Seeds", Integer.toString(seeds));
        fact("Users", format("%,d", results.data().users()));
        fact("Items", format("%,d", results.data().items()));
        fact("Test cases", format("%,d", results.data().testCases()));
        add("</dl>");
    }

    private void fact(String name, String value) {
        add("<div><dt>" + name + "</dt><dd>" + value + "</dd></div>");
    }

    private void inShort() {
        add("<div class=\"short\">");
        Summary best = results.entrants().getFirst();
        Value value = value(best, Results.HEADLINE);
        add(format(
                "<p><strong>%s is best</strong> with %s %.4f%s%s.</p>",
                escape(best.name()),
                Results.HEADLINE,
                value.mean(),
                interval(value.interval()),
                best.seeds().size() > 1 ? ", the mean of " + best.seeds().size() + " seeds" : ""));
        if (!best.name().equals(Entrants.MAIN)) {
            find(results.toBest(), Entrants.MAIN)
                    .ifPresent(main -> add(format(
                            "<p>%s reaches %.4f; the difference to the best is %s.</p>",
                            Entrants.MAIN,
                            entrant(Entrants.MAIN).orElseThrow().mean(Results.HEADLINE),
                            verdict(main))));
        }
        find(results.toMain(), FROZEN)
                .ifPresent(frozen -> add(format(
                        "<p><strong>What learning while reading brings:</strong> trained and tested without inner updates"
                                + " (%s) the same network reaches %.4f, with them %.4f; the difference is %s.</p>",
                        FROZEN,
                        entrant(FROZEN).orElseThrow().mean(Results.HEADLINE),
                        entrant(Entrants.MAIN).orElseThrow().mean(Results.HEADLINE),
                        verdict(frozen))));
        policyInShort();
        results.entrants().stream()
                .filter(Summary::deterministic)
                .findFirst()
                .filter(simple -> !simple.name().equals(best.name()))
                .ifPresent(simple -> add(format(
                        "<p>Without a network the best is %s: %.4f, %.0f %% of the best model's.</p>",
                        escape(simple.name()),
                        simple.mean(Results.HEADLINE),
                        100 * simple.mean(Results.HEADLINE) / value.mean())));
        if (results.entrants().stream().noneMatch(entrant -> entrant.seeds().size() > 1)) {
            add(
                    "<p class=\"soft\">One seed only: trained models also differ from seed to seed, which the intervals over"
                            + " users do not show. <code>--seeds 3</code> does.</p>");
        }
        List<String> unfinished = results.entrants().stream()
                .filter(Summary::stillImproving)
                .map(Summary::name)
                .toList();
        if (!unfinished.isEmpty()) {
            add("<p class=\"soft\">Still improving when the limit of epochs ended the training: "
                    + escape(String.join(", ", unfinished)) + ". <code>--set epochs=N</code> gives more.</p>");
        }
        if (!results.complete()) {
            add("<p class=\"soft\">Not all runs are finished; the same command goes on with them.</p>");
        }
        add("</div>");
    }

    /** Which history policy the main model is best read under. */
    private void policyInShort() {
        Results.LongHistories found = results.longHistories();
        if (found == null || !found.reference().equals(Entrants.MAIN)) {
            return;
        }
        List<Results.LongSummary> policies = found.entrants().stream()
                .filter(one -> one.name().startsWith(Entrants.MAIN + Entrants.POLICY))
                .toList();
        if (policies.isEmpty()) {
            return;
        }
        double window = found.entrants().stream()
                .filter(one -> one.name().equals(Entrants.MAIN))
                .findFirst()
                .orElseThrow()
                .mean(Results.HEADLINE);
        add(format(
                "<p><strong>Long histories:</strong> in the %,d test cases with more than %d items before them %s reaches %.4f"
                        + " reading the %s; %s.</p>",
                found.cases(),
                found.moreThan(),
                Entrants.MAIN,
                window,
                HistoryPolicy.WINDOW.describe(found.moreThan()),
                policies.stream()
                        .map(one -> format(
                                "%s %.4f, %s",
                                escape(one.name().substring(Entrants.MAIN.length())),
                                one.mean(Results.HEADLINE),
                                verdict(find(found.differences(), one.name()).orElseThrow())))
                        .collect(Collectors.joining("; "))));
    }

    private static String verdict(Difference difference) {
        return difference.isSignificant()
                ? "more than chance (corrected p " + equal(difference.corrected()) + ")"
                : "not distinguishable from chance (corrected p " + equal(difference.corrected()) + ")";
    }

    private static String equal(double p) {
        return p < 0.001 ? Html.p(p) : "= " + Html.p(p);
    }

    private static Optional<Difference> find(List<Difference> differences, String entrant) {
        return differences.stream().filter(d -> d.entrant().equals(entrant)).findFirst();
    }

    private static String interval(Metric.@Nullable Interval interval) {
        return interval == null ? "" : format(" (95 %% interval %.4f – %.4f)", interval.low(), interval.high());
    }

    private static Value value(Summary entrant, String metric) {
        return Objects.requireNonNull(entrant.metrics().get(metric));
    }

    private void open(String heads, String caption) {
        add("<div class=\"scroll\" tabindex=\"0\"><table class=\"sortable\"><caption><span>" + caption
                + "</span></caption><thead><tr>" + heads + "</tr></thead><tbody>");
    }

    private void close() {
        add("</tbody></table></div>");
    }

    private static String row(String name, String description) {
        // On a narrow screen a name is broken before its policy rather than in the middle of a word.
        String shown = escape(name).replaceFirst(Entrants.POLICY + ".*", "<span class=\"policy\">$0</span>");
        return "<tr" + (name.equals(Entrants.MAIN) ? " class=\"main\"" : "") + "><th scope=\"row\" title=\""
                + escape(description) + "\">" + shown + "</th>";
    }

    private void headline() {
        add("<h2>Quality</h2>");
        boolean seeds =
                results.entrants().stream().anyMatch(entrant -> entrant.seeds().size() > 1);
        StringBuilder heads = new StringBuilder(head("Model"));
        for (String metric : METRICS) {
            heads.append(head(metric));
            if (metric.equals("HR@10") || metric.equals(Results.HEADLINE)) {
                heads.append(head("95 % interval"));
                heads.append(seeds ? head("sd") : "");
            }
        }
        open(
                heads.toString(),
                format(
                        "Means over test cases%s. Intervals: bootstrap over users, %,d resamples%s.",
                        seeds ? " and seeds" : "",
                        results.statistics().bootstrapResamples(),
                        seeds ? "; sd: standard deviation over seeds, of methods without chance there is none" : ""));
        for (Summary entrant : results.entrants()) {
            StringBuilder row = new StringBuilder(row(entrant.name(), entrant.description()));
            for (String metric : METRICS) {
                Value value = value(entrant, metric);
                row.append(number(value.mean(), "%.4f"));
                if (metric.equals("HR@10") || metric.equals(Results.HEADLINE)) {
                    Metric.Interval interval = value.interval();
                    row.append(cell(
                            interval == null ? null : interval.low(),
                            interval == null ? "–" : format("%.4f – %.4f", interval.low(), interval.high())));
                    row.append(seeds ? number(value.sd(), "%.4f") : "");
                }
            }
            add(row + "</tr>");
        }
        close();
        List<Charts.Bar> bars = new ArrayList<>();
        for (Summary entrant : results.entrants()) {
            Value value = value(entrant, Results.HEADLINE);
            Metric.Interval interval = value.interval();
            bars.add(new Charts.Bar(
                    entrant.name(),
                    colour(entrant.name()),
                    value.mean(),
                    interval == null ? value.mean() : interval.low(),
                    interval == null ? value.mean() : interval.high()));
        }
        add("<figure class=\"wide\"><h3>" + Results.HEADLINE + " with 95 % intervals</h3>"
                + Charts.intervals(
                        "quality",
                        Results.HEADLINE + " of each model",
                        "A dot for the mean and a line for its 95 % interval; the figures are in the table above.",
                        bars)
                + "<figcaption>Intervals that overlap do not mean that a difference is chance: the next table tests that"
                + " on the pairs.</figcaption></figure>");
    }

    private void differences() {
        if (results.entrants().size() < 2) {
            return;
        }
        add("<h2>Are the differences more than chance?</h2>");
        boolean main = !results.toMain().isEmpty() && !results.best().equals(Entrants.MAIN);
        String heads = head("Model")
                + head("Difference to " + escape(results.best()))
                + head("95 % interval")
                + head("p, corrected");
        heads += main ? head("Difference to " + Entrants.MAIN) + head("95 % interval") + head("p, corrected") : "";
        open(
                heads,
                format(
                        "Difference in mean %s over test cases, averaged over seeds. A user’s cases hang together, so users"
                                + " are what is resampled: intervals by bootstrap, p by a two-sided permutation test that flips"
                                + " the sign of a user’s whole sum of differences, %,d resamples, corrected by Holm for all"
                                + " comparisons with one model. Coloured where p is below 0.05. The best was chosen on these"
                                + " same test cases.",
                        Results.HEADLINE, results.statistics().permutations()));
        for (Summary entrant : results.entrants()) {
            StringBuilder row = new StringBuilder(row(entrant.name(), entrant.description()));
            row.append(difference(find(results.toBest(), entrant.name())));
            if (main) {
                row.append(difference(find(results.toMain(), entrant.name())));
            }
            add(row + "</tr>");
        }
        close();
    }

    private static String difference(Optional<Difference> found) {
        if (found.isEmpty()) {
            return cell(0.0, "–") + cell(0.0, "–") + cell(1.0, "–");
        }
        Difference d = found.get();
        String style = !d.isSignificant() ? "" : d.difference() > 0 ? " class=\"up\"" : " class=\"down\"";
        return cell(d.difference(), "<span" + style + ">" + signed(d.difference()) + "</span>")
                + cell(d.low(), signed(d.low()) + " to " + signed(d.high()))
                + cell(d.corrected(), Html.p(d.corrected()));
    }

    /** With the minus that is as wide as a plus. */
    private static String signed(double value) {
        return format("%+.4f", value).replace('-', '−');
    }

    private void charts() {
        add("<h2>How quality comes about</h2><div class=\"grid\">");
        trainingCurves();
        byHistory();
        byFraction();
        add("</div>");
    }

    private void trainingCurves() {
        List<Charts.Series> series = new ArrayList<>();
        int last = 1;
        for (Summary entrant : results.entrants()) {
            RunResult run = results.runs().stream()
                    .filter(one -> one.key().entrant().equals(entrant.name())
                            && one.key().fraction() == 1)
                    .findFirst()
                    .orElseThrow();
            List<Charts.Point> points = new ArrayList<>();
            for (RunResult.Epoch epoch : run.epochs()) {
                Double ndcg = epoch.ndcg();
                if (ndcg != null) {
                    points.add(new Charts.Point(epoch.epoch(), ndcg));
                    last = Math.max(last, epoch.epoch());
                }
            }
            if (!points.isEmpty()) {
                series.add(new Charts.Series(entrant.name(), colour(entrant.name()), points));
            }
        }
        if (!series.isEmpty()) {
            figure(
                    "curves",
                    "Training: validation " + Results.HEADLINE + " after each epoch",
                    "epoch",
                    Charts.counts(last),
                    series,
                    "First seed. Training stops when it no longer rises, and the best epoch is tested.");
        }
    }

    private void byHistory() {
        List<Charts.Tick> ticks = new ArrayList<>();
        for (int i = 0; i < results.histories().size(); i++) {
            Results.History history = results.histories().get(i);
            ticks.add(new Charts.Tick(
                    i,
                    history.to() == Integer.MAX_VALUE
                            ? history.from() + "+"
                            : history.from() == history.to()
                                    ? Integer.toString(history.from())
                                    : history.from() + "–" + history.to()));
        }
        List<Charts.Series> series = results.entrants().stream()
                .map(entrant -> {
                    List<Charts.Point> points = new ArrayList<>();
                    for (int i = 0; i < ticks.size(); i++) {
                        Double value = entrant.byHistory().get(i);
                        if (value != null) {
                            points.add(new Charts.Point(i, value));
                        }
                    }
                    return new Charts.Series(entrant.name(), colour(entrant.name()), points);
                })
                .toList();
        String counts = results.histories().stream()
                .map(history -> format("%,d", history.cases()))
                .collect(Collectors.joining(", "));
        figure(
                "history",
                Results.HEADLINE + " by length of the history",
                "items before the one to predict",
                ticks,
                series,
                "Test cases in each: " + counts + ".");
    }

    private void longHistories() {
        Results.LongHistories found = results.longHistories();
        if (found == null) {
            return;
        }
        add(format("<h2>Histories of more than %d items</h2>", found.moreThan()));
        open(
                head("Model")
                        + head(Results.HEADLINE)
                        + head("95 % interval")
                        + head("HR@10")
                        + head("Difference to " + escape(found.reference()))
                        + head("95 % interval")
                        + head("p, corrected"),
                format(
                        "The %,d test cases of %,d users that have more than max_len = %d items before them: what networks are"
                                + " trained on ends there, and history policies differ from there on. Without another policy in"
                                + " its name a network reads the %s%s. Intervals and p as above, in these cases.",
                        found.cases(),
                        found.users(),
                        found.moreThan(),
                        HistoryPolicy.WINDOW.describe(found.moreThan()),
                        policies(found)));
        for (Results.LongSummary one : found.entrants()) {
            Value value = Objects.requireNonNull(one.metrics().get(Results.HEADLINE));
            Metric.Interval interval = Objects.requireNonNull(value.interval());
            add(row(one.name(), entrant(one.name()).map(Summary::description).orElse(""))
                    + number(value.mean(), "%.4f")
                    + cell(interval.low(), format("%.4f – %.4f", interval.low(), interval.high()))
                    + number(one.mean("HR@10"), "%.4f")
                    + difference(find(found.differences(), one.name()))
                    + "</tr>");
        }
        close();
    }

    /** What the policies among the entrants read. */
    private static String policies(Results.LongHistories found) {
        return Arrays.stream(HistoryPolicy.values())
                .filter(policy -> found.entrants().stream().anyMatch(one -> Entrants.reads(one.name(), policy)))
                .map(policy -> ", @" + policy.name().toLowerCase(Locale.ROOT) + " "
                        + (policy == HistoryPolicy.UNBOUNDED ? "" : "the ") + policy.describe(found.moreThan()))
                .collect(Collectors.joining());
    }

    private void byFraction() {
        List<Double> fractions = results.entrants().stream()
                .flatMap(entrant -> entrant.byFraction().keySet().stream())
                .distinct()
                .sorted()
                .toList();
        if (fractions.size() < 2) {
            return;
        }
        figure(
                "fraction",
                Results.HEADLINE + " by share of the training users",
                "share of the users trained on",
                fractions.stream()
                        .map(f -> new Charts.Tick(f, format("%.0f %%", 100 * f)))
                        .toList(),
                results.entrants().stream()
                        .map(entrant -> new Charts.Series(
                                entrant.name(),
                                colour(entrant.name()),
                                entrant.byFraction().entrySet().stream()
                                        .map(entry -> new Charts.Point(entry.getKey(), entry.getValue()))
                                        .toList()))
                        .toList(),
                "Trained and validated on fewer users, tested on the same cases of all users.");
    }

    private void figure(
            String id,
            String title,
            String xLabel,
            List<Charts.Tick> ticks,
            List<Charts.Series> series,
            String caption) {
        add("<figure><h3>" + title + "</h3>"
                + Charts.lines(
                        id,
                        title,
                        "A line for each model; the figures are in the table below.",
                        xLabel,
                        ticks,
                        series));
        add("<ul class=\"legend\">");
        for (Charts.Series one : series) {
            add("<li class=\"" + one.colour() + "\"><button type=\"button\" aria-pressed=\"false\" data-name=\""
                    + escape(one.name()) + "\"><i></i>" + escape(one.name()) + "</button></li>");
        }
        add("</ul><figcaption>" + caption + "</figcaption>");
        add("<details><summary>Figures of this chart</summary><div class=\"scroll\" tabindex=\"0\"><table><caption>"
                + title + "</caption><thead><tr>" + head("Model"));
        List<Double> columns = series.stream()
                .flatMap(one -> one.points().stream())
                .map(Charts.Point::x)
                .distinct()
                .sorted()
                .toList();
        Map<Double, String> labels = ticks.stream().collect(Collectors.toMap(Charts.Tick::x, Charts.Tick::label));
        columns.forEach(x -> add(head(escape(labels.getOrDefault(x, format("%.0f", x))))));
        add("</tr></thead><tbody>");
        for (Charts.Series one : series) {
            Map<Double, Double> values =
                    one.points().stream().collect(Collectors.toMap(Charts.Point::x, Charts.Point::y));
            add(row(one.name(), "")
                    + columns.stream().map(x -> number(values.get(x), "%.4f")).collect(Collectors.joining())
                    + "</tr>");
        }
        add("</tbody></table></div></details></figure>");
    }

    private void recommended() {
        add("<h2>What is recommended</h2>");
        open(
                head("Model") + head("Coverage") + head("Gini") + head("Novelty, bits") + head("Popularity rank"),
                format(
                        "Of the ten best items in %,d test cases drawn by a fixed seed. Coverage: share of the catalogue that"
                                + " is ever recommended. Gini: 0 where all items are recommended alike, 1 where it is always"
                                + " the same. Novelty: mean self-information of a recommended item. Popularity rank: its mean"
                                + " place among all items by training events.",
                        results.entrants().getFirst().recommended().cases()));
        double rank = largest(entrant -> entrant.recommended().popularityRank());
        for (Summary entrant : results.entrants()) {
            RecommendedItems items = entrant.recommended();
            add(row(entrant.name(), entrant.description())
                    + bar(items.coverage(), 1, format("%.1f %%", 100 * items.coverage()))
                    + number(items.gini(), "%.3f")
                    + number(items.novelty(), "%.2f")
                    + bar(items.popularityRank(), rank, format("%,.0f", items.popularityRank()))
                    + "</tr>");
        }
        close();
    }

    private double largest(ToDoubleFunction<Summary> value) {
        return results.entrants().stream().mapToDouble(value).max().orElse(1);
    }

    private static String bar(double value, double largest, String text) {
        return cell(
                value,
                format(
                        "<span class=\"barbox\" aria-hidden=\"true\"><span class=\"bar\" style=\"width:%.0f%%\"></span>"
                                + "</span><span class=\"num\">%s</span>",
                        largest > 0 ? Math.max(2, 100 * value / largest) : 2, text));
    }

    private void cost() {
        add("<h2>Time and memory</h2>");
        open(
                head("Model")
                        + head("Parameters")
                        + head("Epochs")
                        + head("Patience")
                        + head("An epoch")
                        + head("Training")
                        + head("Whole run")
                        + head("Test cases/s")
                        + head("Peak heap"),
                format(
                        "Means over seeds, with %d thread%s on %d core%s. Patience: training ends after so many epochs without"
                                + " better validation %s. An epoch: its training steps. Training: with its validations, or"
                                + " counting. Peak heap: with the data and garbage, at most %,d MB.",
                        results.machine().threads(),
                        results.machine().threads() == 1 ? "" : "s",
                        results.machine().cores(),
                        results.machine().cores() == 1 ? "" : "s",
                        Results.HEADLINE,
                        results.machine().maxHeapBytes() >> 20));
        double longest = largest(entrant -> entrant.times().wholeSeconds());
        for (Summary entrant : results.entrants()) {
            RunResult.Times times = entrant.times();
            boolean trained = entrant.epochs() > 0;
            double training = times.trainSeconds() + times.validationSeconds();
            add(row(entrant.name(), entrant.description())
                    + cell(
                            (double) entrant.parameters(),
                            entrant.parameters() == 0 ? "–" : format("%,d", entrant.parameters()))
                    + (trained ? number(entrant.epochs(), "%.1f") : number(null, ""))
                    + (trained ? number((double) entrant.patience(), "%.0f") : number(null, ""))
                    + (trained ? cell(entrant.epochSeconds(), Html.seconds(entrant.epochSeconds())) : number(null, ""))
                    + (training > 0 ? cell(training, Html.seconds(training)) : number(null, ""))
                    + bar(times.wholeSeconds(), longest, Html.seconds(times.wholeSeconds()))
                    + number(times.casesPerSecond(), "%,.0f")
                    + cell((double) times.peakHeapBytes(), format("%,d MB", times.peakHeapBytes() >> 20))
                    + "</tr>");
        }
        close();
    }

    private void published() {
        Results.Published published = results.published();
        if (published == null
                || results.entrants().stream()
                        .noneMatch(entrant -> published.figures().containsKey(entrant.name()))) {
            return;
        }
        add("<h2>Beside the published figures</h2>");
        List<String> metrics = List.of("HR@10", "HR@50", "NDCG@10", "NDCG@50");
        open(
                head("Model")
                        + metrics.stream()
                                .map(metric -> head(metric + ", published") + head("here"))
                                .collect(Collectors.joining()),
                escape(published.data() + " " + published.split() + ": " + published.source())
                        + ". Published without seeds or intervals.");
        for (Summary entrant : results.entrants()) {
            Map<String, Double> figures = published.figures().get(entrant.name());
            if (figures == null) {
                continue;
            }
            Function<String, String> cells = metric -> {
                double theirs = Objects.requireNonNull(figures.get(metric));
                double ours = entrant.mean(metric);
                return number(theirs, "%.4f") + cell(ours, format("%.4f (%+.1f %%)", ours, 100 * (ours / theirs - 1)));
            };
            add(row(entrant.name(), entrant.description())
                    + metrics.stream().map(cells).collect(Collectors.joining())
                    + "</tr>");
        }
        close();
    }

    private void provenance() {
        Results.Data data = results.data();
        Results.Machine machine = results.machine();
        RunResult.Origin origin = results.runs().getFirst().origin();
        add("<h2>Protocol and provenance</h2><dl class=\"list\">");
        item("Protocol", data.protocol());
        item(
                "Cases",
                format(
                        "%,d training, %,d validation, %,d test",
                        data.trainingCases(), data.validationCases(), data.testCases()));
        item(
                "Data",
                format("%s: %,d users, %,d items, %,d events", data.file(), data.users(), data.items(), data.events()));
        item("SHA-256", data.sha256());
        item(
                "Steps",
                data.steps().stream()
                        .map(step -> format(
                                "%s: %,d events left%s",
                                step.name(),
                                step.interactions(),
                                step.dropped() > 0 ? format(", %,d dropped", step.dropped()) : ""))
                        .collect(Collectors.joining("; ")));
        item("Software", "ttt4rec " + origin.version() + ", Java " + machine.java() + ", kernels " + machine.kernels());
        item(
                "Machine",
                format(
                        "%s, %d cores, heap at most %,d MB, %d threads",
                        machine.os(), machine.cores(), machine.maxHeapBytes() >> 20, machine.threads()));
        item("Last run", results.runs().getLast().origin().finished());
        add("</dl>");
        add("<details><summary>Models and their settings</summary><dl class=\"list\">");
        for (Summary entrant : results.entrants()) {
            RunResult run = results.runs().stream()
                    .filter(one -> one.key().entrant().equals(entrant.name()))
                    .findFirst()
                    .orElseThrow();
            item(
                    entrant.name(),
                    entrant.description() + ". "
                            + Stream.of("model", "train")
                                    .filter(section -> run.config().get(section) != null
                                            && !(section.equals("train") && entrant.deterministic()))
                                    .map(section -> section + " " + run.config().get(section))
                                    .collect(Collectors.joining("; ")));
        }
        add("</dl></details>");
    }

    private void item(String name, String text) {
        add("<dt>" + escape(name) + "</dt><dd>" + escape(text) + "</dd>");
    }
}
