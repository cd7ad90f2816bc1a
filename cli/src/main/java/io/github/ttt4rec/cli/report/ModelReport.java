package io.github.ttt4rec.cli.report;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.io.Provenance;
import io.github.ttt4rec.terminal.Text;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.stream.IntStream;

/** Prints how a model was made: its training and test, and the events that the saved weights were fitted on. */
public final class ModelReport {
    private ModelReport() {}

    /** Prints the report, at most 80 columns wide. */
    public static void print(PrintWriter out, Path directory, TrainedModel model) {
        Provenance provenance = model.provenance();
        DataReport.section(
                out,
                "Model",
                Text.format(
                        "%s: %s, %,d items, version %s",
                        directory,
                        model.config().model().describe(),
                        model.items().size(),
                        model.version()));
        DataReport.section(
                out,
                "Data",
                provenance.data().file() + ", sha256 " + provenance.data().sha256());
        if (model.encodesAttributes()) {
            long unseen = IntStream.rangeClosed(1, model.items().size())
                    .filter(item -> !model.isTrained(item))
                    .count();
            DataReport.section(
                    out,
                    "Items",
                    "trained with attributes; " + Text.count(unseen, "item") + " had no events in training");
        }
        DataReport.section(
                out,
                "Run",
                Text.format(
                        "seed %d, %s, kernels %s, ttt4rec %s, Java %s",
                        provenance.seed(),
                        Text.count(provenance.threads(), "thread"),
                        provenance.kernels(),
                        provenance.projectVersion(),
                        provenance.javaVersion()));
        out.println();
        DataReport.section(
                out,
                "Tested",
                Text.format(
                        "on split %s%s, finished %s",
                        provenance.split(),
                        provenance.epochs() == 0
                                ? ""
                                : Text.format(", best epoch %d of %d", provenance.bestEpoch(), provenance.epochs()),
                        provenance.finished().truncatedTo(ChronoUnit.SECONDS)));
        provenance.metrics().forEach((name, value) -> out.println(Text.format("        %-24s %.4f", name, value)));
        out.println();
        Provenance.Fitted fitted = provenance.fitted();
        if (fitted == null) {
            DataReport.section(out, "Fitted", "on the training part only: these weights were tested");
        } else {
            DataReport.section(
                    out,
                    "Fitted",
                    Text.format(
                            "on all %,d events%s%s, finished %s; these weights cannot be tested on the same events",
                            fitted.events(),
                            fitted.lastTime() == null ? "" : " until " + fitted.lastTime(),
                            fitted.epochs() == 0 ? "" : training(fitted),
                            fitted.finished().truncatedTo(ChronoUnit.SECONDS)));
            if (!Double.isNaN(fitted.trainingLoss())) {
                out.println(Text.format("        %-24s %.4f", "training loss", fitted.trainingLoss()));
            }
        }
        out.flush();
    }

    private static String training(Provenance.Fitted fitted) {
        return ", " + Text.count(fitted.epochs(), "epoch") + " from "
                + (fitted.from() == null ? "scratch" : "version " + fitted.from());
    }
}
