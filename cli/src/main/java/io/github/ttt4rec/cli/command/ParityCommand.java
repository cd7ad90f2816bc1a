package io.github.ttt4rec.cli.command;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.lab.parity.Parity;
import io.github.ttt4rec.lab.parity.ParityReport;
import io.github.ttt4rec.lab.parity.ParityReport.TensorError;
import io.github.ttt4rec.terminal.Text;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares the models' computations with reference files. */
@Command(
        name = "parity",
        description = {
            "Compare this code with reference files that another implementation has computed.",
            "",
            "A reference file (safetensors) holds a model's configuration, parameters, inputs and outputs: hidden"
                    + " vectors, logits, loss, every gradient and fast-weight state. This code computes the same"
                    + " outputs in its normal float32 arithmetic. The error of a tensor is its largest difference"
                    + " divided by its largest value.",
            "",
            "Exit code 1 if any error is above 0.001.",
            ""
        },
        customSynopsis = "ttt4rec parity FILE...",
        sortOptions = false,
        footerHeading = "%nExample:%n",
        footer = "  ttt4rec parity golden/ttt-*.safetensors")
public final class ParityCommand implements Callable<Integer> {
    private static final double LIMIT = 1e-3;
    private static final List<String> GROUPS = List.of("hidden", "logits", "loss", "gradient", "state");

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Reference files to compare with.")
    private List<Path> files;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        int failed = 0;
        double worst = 0;
        int width = files.stream().mapToInt(file -> name(file).length()).max().orElse(0);
        out.println(Text.format(
                "%-" + width + "s %9s %9s %9s %9s %9s", "file", "hidden", "logits", "loss", "gradient", "state"));
        for (Path file : files) {
            try {
                ParityReport report = Parity.run(file);
                print(out, width, report);
                worst = Math.max(worst, report.worst());
                failed += report.worst() <= LIMIT ? 0 : 1;
            } catch (UserFacingException unreadable) {
                // A file that cannot be compared does not stop the others.
                out.flush();
                err.println("ttt4rec: " + unreadable.getMessage());
                err.flush();
                failed++;
            }
            out.flush();
        }
        out.println();
        out.println(Text.format(
                "%d of %d files within %s; largest error %.1e", files.size() - failed, files.size(), LIMIT, worst));
        return failed == 0 ? 0 : 1;
    }

    private static void print(PrintWriter out, int width, ParityReport report) {
        StringBuilder row = new StringBuilder();
        row.append(Text.format("%-" + width + "s", name(report.file())));
        for (String group : GROUPS) {
            row.append(
                    report.groups().contains(group)
                            ? Text.format(" %9.1e", report.worst(group).error())
                            : Text.format(" %9s", "-"));
        }
        out.println(row + (report.worst() <= LIMIT ? "" : "  FAILED"));
        for (String group : List.of("gradient", "state")) {
            if (report.groups().contains(group)) {
                TensorError error = report.worst(group);
                out.println("    worst " + group + " " + error.name().replaceFirst("^(grad|state)\\.", ""));
            }
        }
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("\\.safetensors$", "");
    }
}
