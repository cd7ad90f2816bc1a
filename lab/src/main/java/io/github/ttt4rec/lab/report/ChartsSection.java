package io.github.ttt4rec.lab.report;

import static io.github.ttt4rec.lab.report.Cells.row;
import static io.github.ttt4rec.lab.report.Html.escape;
import static io.github.ttt4rec.lab.report.Html.format;
import static io.github.ttt4rec.lab.report.Html.head;
import static io.github.ttt4rec.lab.report.Html.number;

import io.github.ttt4rec.lab.compare.Results;
import io.github.ttt4rec.lab.compare.Results.Summary;
import io.github.ttt4rec.lab.compare.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Charts of the quality by epoch, by length of the history, by the time since the user's last event, and by share of
 * the training users.
 */
final class ChartsSection {
    private ChartsSection() {}

    static void write(ReportView view, Page page) {
        page.add("<h2>Quality by epoch, history, elapsed time and training users</h2><div class=\"grid\">");
        trainingCurves(view, page);
        byHistory(view, page);
        byGap(view, page);
        byFraction(view, page);
        page.add("</div>");
    }

    private static void trainingCurves(ReportView view, Page page) {
        List<Charts.Series> series = new ArrayList<>();
        int last = 1;
        for (Summary method : view.methods()) {
            RunResult run = view.results().runs().stream()
                    .filter(one -> one.key().method().equals(method.name())
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
                series.add(new Charts.Series(method.name(), view.colour(method.name()), points));
            }
        }
        if (!series.isEmpty()) {
            figure(
                    page,
                    "curves",
                    "Training: validation " + Results.HEADLINE + " after each epoch",
                    "epoch",
                    Charts.counts(last),
                    series,
                    "First seed. Training stops when it no longer rises, and the best epoch is tested.");
        }
    }

    private static void byHistory(ReportView view, Page page) {
        List<Charts.Tick> ticks = new ArrayList<>();
        for (int i = 0; i < view.results().histories().size(); i++) {
            Results.History history = view.results().histories().get(i);
            ticks.add(new Charts.Tick(
                    i,
                    history.to() == Integer.MAX_VALUE
                            ? history.from() + "+"
                            : history.from() == history.to()
                                    ? Integer.toString(history.from())
                                    : history.from() + "–" + history.to()));
        }
        figure(
                page,
                "history",
                Results.HEADLINE + " by length of the history",
                "items before the one to predict",
                ticks,
                series(view, Summary::byHistory),
                counts(view.results().histories().stream().mapToInt(Results.History::cases)));
    }

    private static void byGap(ReportView view, Page page) {
        List<Results.Gap> gaps = view.results().gaps();
        if (gaps.size() < 2) {
            return;
        }
        List<Charts.Tick> ticks = new ArrayList<>();
        for (int i = 0; i < gaps.size(); i++) {
            ticks.add(new Charts.Tick(i, label(gaps.get(i))));
        }
        figure(
                page,
                "gap",
                Results.HEADLINE + " by elapsed time",
                "time since the user's last event",
                ticks,
                series(view, Summary::byGap),
                counts(gaps.stream().mapToInt(Results.Gap::cases)));
    }

    /** Returns each method's quality in the buckets of test cases; a null value gives no point. */
    private static List<Charts.Series> series(
            ReportView view, Function<Summary, List<? extends @Nullable Double>> buckets) {
        return view.methods().stream()
                .map(method -> {
                    List<? extends @Nullable Double> values = buckets.apply(method);
                    List<Charts.Point> points = new ArrayList<>();
                    for (int i = 0; i < values.size(); i++) {
                        Double value = values.get(i);
                        if (value != null) {
                            points.add(new Charts.Point(i, value));
                        }
                    }
                    return new Charts.Series(method.name(), view.colour(method.name()), points);
                })
                .toList();
    }

    private static String counts(IntStream cases) {
        return "Test cases in each: "
                + cases.mapToObj(count -> format("%,d", count)).collect(Collectors.joining(", ")) + ".";
    }

    private static String label(Results.Gap gap) {
        return gap.to() == Long.MAX_VALUE ? duration(gap.from()) + "+" : "up to " + duration(gap.to());
    }

    private static String duration(long seconds) {
        return seconds < 86_400 ? seconds / 60 + " min" : seconds / 86_400 + " d";
    }

    private static void byFraction(ReportView view, Page page) {
        List<Double> fractions = view.methods().stream()
                .flatMap(method -> method.byFraction().keySet().stream())
                .distinct()
                .sorted()
                .toList();
        if (fractions.size() < 2) {
            return;
        }
        figure(
                page,
                "fraction",
                Results.HEADLINE + " by share of the training users",
                "share of the users trained on",
                fractions.stream()
                        .map(f -> new Charts.Tick(f, format("%.0f %%", 100 * f)))
                        .toList(),
                view.methods().stream()
                        .map(method -> new Charts.Series(
                                method.name(),
                                view.colour(method.name()),
                                method.byFraction().entrySet().stream()
                                        .map(entry -> new Charts.Point(entry.getKey(), entry.getValue()))
                                        .toList()))
                        .toList(),
                "Trained and validated on fewer users, tested on the same cases of all users.");
    }

    private static void figure(
            Page page,
            String id,
            String title,
            String xLabel,
            List<Charts.Tick> ticks,
            List<Charts.Series> series,
            String caption) {
        page.add("<figure><h3>" + title + "</h3>"
                + Charts.lines(
                        id,
                        title,
                        "A line for each model; the figures are in the table below.",
                        xLabel,
                        ticks,
                        series));
        page.add("<ul class=\"legend\">");
        for (Charts.Series one : series) {
            page.add("<li class=\"" + one.colour() + "\"><button type=\"button\" aria-pressed=\"false\" data-name=\""
                    + escape(one.name()) + "\"><i></i>" + escape(one.name()) + "</button></li>");
        }
        page.add("</ul><figcaption>" + caption + "</figcaption>");
        page.add(
                "<details><summary>Figures of this chart</summary><div class=\"scroll\" tabindex=\"0\"><table><caption>"
                        + title + "</caption><thead><tr>" + head("Model"));
        List<Double> columns = series.stream()
                .flatMap(one -> one.points().stream())
                .map(Charts.Point::x)
                .distinct()
                .sorted()
                .toList();
        Map<Double, String> labels = ticks.stream().collect(Collectors.toMap(Charts.Tick::x, Charts.Tick::label));
        columns.forEach(x -> page.add(head(escape(labels.getOrDefault(x, format("%.0f", x))))));
        page.add("</tr></thead><tbody>");
        for (Charts.Series one : series) {
            Map<Double, Double> values =
                    one.points().stream().collect(Collectors.toMap(Charts.Point::x, Charts.Point::y));
            page.add(row(one.name(), "")
                    + columns.stream().map(x -> number(values.get(x), "%.4f")).collect(Collectors.joining())
                    + "</tr>");
        }
        page.add("</tbody></table></div></details></figure>");
    }
}
