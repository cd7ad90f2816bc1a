package io.github.ttt4rec.lab.report;

import static io.github.ttt4rec.lab.report.Cells.bar;
import static io.github.ttt4rec.lab.report.Cells.row;
import static io.github.ttt4rec.lab.report.Html.cell;
import static io.github.ttt4rec.lab.report.Html.format;
import static io.github.ttt4rec.lab.report.Html.head;
import static io.github.ttt4rec.lab.report.Html.number;

import io.github.ttt4rec.lab.compare.Results;
import io.github.ttt4rec.lab.compare.Results.Summary;
import io.github.ttt4rec.lab.compare.RunResult;

/** The cost of each method in time and memory. */
final class CostSection {
    private CostSection() {}

    static void write(ReportView view, Page page) {
        Results.Machine machine = view.results().machine();
        page.add("<h2>Time and memory</h2>");
        page.open(
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
                        "Means over seeds, with %d thread%s on %d core%s. Patience: the number of epochs after which training ends without a"
                                + " better validation %s. An epoch: its training steps. Training: with its validations, or"
                                + " counting. Peak heap: including data and garbage, at most %,d MB.",
                        machine.threads(),
                        machine.threads() == 1 ? "" : "s",
                        machine.cores(),
                        machine.cores() == 1 ? "" : "s",
                        Results.HEADLINE,
                        machine.maxHeapBytes() >> 20));
        double longest = view.largest(method -> method.times().wholeSeconds());
        for (Summary method : view.methods()) {
            RunResult.Times times = method.times();
            boolean trained = method.epochs() > 0;
            double training = times.trainSeconds() + times.validationSeconds();
            page.add(row(method.name(), method.description())
                    + cell(
                            (double) method.parameters(),
                            method.parameters() == 0 ? "–" : format("%,d", method.parameters()))
                    + (trained ? number(method.epochs(), "%.1f") : number(null, ""))
                    + (trained ? number((double) method.patience(), "%.0f") : number(null, ""))
                    + (trained ? cell(method.epochSeconds(), Html.seconds(method.epochSeconds())) : number(null, ""))
                    + (training > 0 ? cell(training, Html.seconds(training)) : number(null, ""))
                    + bar(times.wholeSeconds(), longest, Html.seconds(times.wholeSeconds()))
                    + number(times.casesPerSecond(), "%,.0f")
                    + cell((double) times.peakHeapBytes(), format("%,d MB", times.peakHeapBytes() >> 20))
                    + "</tr>");
        }
        page.close();
    }
}
