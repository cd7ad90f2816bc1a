package io.github.ttt4rec.lab.report;

import static io.github.ttt4rec.lab.report.Html.escape;
import static io.github.ttt4rec.lab.report.Html.format;

import io.github.ttt4rec.eval.Metric;
import io.github.ttt4rec.lab.compare.Methods;
import io.github.ttt4rec.lab.compare.Results;
import io.github.ttt4rec.lab.compare.Results.Difference;
import io.github.ttt4rec.lab.compare.Results.LongHistories;
import io.github.ttt4rec.lab.compare.Results.Summary;
import io.github.ttt4rec.lab.compare.Results.Value;
import io.github.ttt4rec.recommend.HistoryPolicy;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The page's first section: the main figures and a summary. */
final class OverviewSection {
    private static final String FROZEN = "ttt-mlp-frozen";

    private OverviewSection() {}

    static void write(ReportView view, Page page) {
        facts(view, page);
        inShort(view, page);
    }

    private static void facts(ReportView view, Page page) {
        int seeds = view.methods().stream()
                .mapToInt(method -> method.seeds().size())
                .max()
                .orElse(0);
        page.add("<dl class=\"facts\">");
        fact(page, "Best " + Results.HEADLINE, escape(view.results().best()));
        fact(page, "Models", Integer.toString(view.methods().size()));
        fact(page, "Seeds", Integer.toString(seeds));
        fact(page, "Users", format("%,d", view.results().data().users()));
        fact(page, "Items", format("%,d", view.results().data().items()));
        fact(page, "Test cases", format("%,d", view.results().data().testCases()));
        page.add("</dl>");
    }

    private static void fact(Page page, String name, String value) {
        page.add("<div><dt>" + name + "</dt><dd>" + value + "</dd></div>");
    }

    private static void inShort(ReportView view, Page page) {
        page.add("<div class=\"short\">");
        Summary best = view.methods().getFirst();
        Value value = best.value(Results.HEADLINE);
        page.add(format(
                "<p><strong>%s is best</strong> with %s %.4f%s%s.</p>",
                escape(best.name()),
                Results.HEADLINE,
                value.mean(),
                interval(value.interval()),
                best.seeds().size() > 1 ? ", the mean of " + best.seeds().size() + " seeds" : ""));
        if (!best.name().equals(Methods.MAIN)) {
            ReportView.find(view.results().toBest(), Methods.MAIN)
                    .ifPresent(main -> page.add(format(
                            "<p>%s reaches %.4f; the difference to the best is %s.</p>",
                            Methods.MAIN,
                            view.method(Methods.MAIN).orElseThrow().mean(Results.HEADLINE),
                            verdict(main))));
        }
        ReportView.find(view.results().toMain(), FROZEN)
                .ifPresent(frozen -> page.add(format(
                        "<p><strong>What learning while reading brings:</strong> trained and tested without inner updates"
                                + " (%s) the same network reaches %.4f, with them %.4f; the difference is %s.</p>",
                        FROZEN,
                        view.method(FROZEN).orElseThrow().mean(Results.HEADLINE),
                        view.method(Methods.MAIN).orElseThrow().mean(Results.HEADLINE),
                        verdict(frozen))));
        policyInShort(view, page);
        view.methods().stream()
                .filter(Summary::deterministic)
                .findFirst()
                .filter(simple -> !simple.name().equals(best.name()))
                .ifPresent(simple -> page.add(format(
                        "<p>The best method without a network is %s: %.4f, %.0f %% of the best model's.</p>",
                        escape(simple.name()),
                        simple.mean(Results.HEADLINE),
                        100 * simple.mean(Results.HEADLINE) / value.mean())));
        if (!view.severalSeeds()) {
            page.add(
                    "<p class=\"soft\">One seed only: trained models also differ from seed to seed, which the intervals over"
                            + " users do not show. <code>--seeds 3</code> does.</p>");
        }
        List<String> unfinished = view.methods().stream()
                .filter(Summary::stillImproving)
                .map(Summary::name)
                .toList();
        if (!unfinished.isEmpty()) {
            page.add("<p class=\"soft\">Still improving when the limit of epochs ended the training: "
                    + escape(String.join(", ", unfinished)) + ". <code>--set epochs=N</code> gives more.</p>");
        }
        for (Results.Failure failure : view.results().failures()) {
            page.add("<p><strong>" + escape(failure.method()) + " failed</strong> with seed " + failure.seed() + ": "
                    + escape(failure.reason()) + ".</p>");
        }
        if (!view.results().complete() && view.results().failures().isEmpty()) {
            page.add("<p class=\"soft\">Not all runs are finished; the same command continues them.</p>");
        }
        page.add("</div>");
    }

    /** Summarises which history policy is best for the main model. */
    private static void policyInShort(ReportView view, Page page) {
        LongHistories found = view.results().longHistories();
        if (found == null || !found.reference().equals(Methods.MAIN)) {
            return;
        }
        List<Results.PartSummary> policies = found.methods().stream()
                .filter(one -> one.name().startsWith(Methods.MAIN + Methods.POLICY))
                .toList();
        if (policies.isEmpty()) {
            return;
        }
        double window = found.methods().stream()
                .filter(one -> one.name().equals(Methods.MAIN))
                .findFirst()
                .orElseThrow()
                .mean(Results.HEADLINE);
        page.add(format(
                "<p><strong>Long histories:</strong> in the %,d test cases with more than %d items before them %s reaches %.4f"
                        + " reading the %s; %s.</p>",
                found.cases(),
                found.moreThan(),
                Methods.MAIN,
                window,
                HistoryPolicy.WINDOW.describe(found.moreThan()),
                policies.stream()
                        .map(one -> format(
                                "%s %.4f, %s",
                                escape(one.name().substring(Methods.MAIN.length())),
                                one.mean(Results.HEADLINE),
                                verdict(ReportView.find(found.differences(), one.name())
                                        .orElseThrow())))
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

    private static String interval(Metric.@Nullable Interval interval) {
        return interval == null ? "" : " (95 % interval " + Cells.range(interval) + ")";
    }
}
