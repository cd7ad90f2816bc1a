package io.github.ttt4rec.lab.report;

import static io.github.ttt4rec.lab.report.Html.escape;
import static io.github.ttt4rec.lab.report.Html.format;

import io.github.ttt4rec.lab.compare.Results;
import io.github.ttt4rec.lab.compare.Results.Summary;
import io.github.ttt4rec.lab.compare.RunResult;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The data, the software and the settings behind the results. */
final class ProvenanceSection {
    private ProvenanceSection() {}

    static void write(ReportView view, Page page) {
        Results.Data data = view.results().data();
        Results.Machine machine = view.results().machine();
        RunResult.Origin origin = view.results().runs().getFirst().origin();
        page.add("<h2>Protocol and provenance</h2><dl class=\"list\">");
        item(page, "Protocol", data.protocol());
        item(
                page,
                "Cases",
                format(
                        "%,d training, %,d validation, %,d test",
                        data.trainingCases(), data.validationCases(), data.testCases()));
        item(
                page,
                "Data",
                format("%s: %,d users, %,d items, %,d events", data.file(), data.users(), data.items(), data.events()));
        item(page, "SHA-256", data.sha256());
        item(
                page,
                "Steps",
                data.steps().stream()
                        .map(step -> format(
                                "%s: %,d events left%s",
                                step.name(),
                                step.interactions(),
                                step.dropped() > 0 ? format(", %,d dropped", step.dropped()) : ""))
                        .collect(Collectors.joining("; ")));
        item(
                page,
                "Software",
                "ttt4rec " + origin.version() + ", Java " + machine.java() + ", kernels " + machine.kernels());
        item(
                page,
                "Machine",
                format(
                        "%s, %d cores, heap at most %,d MB, %d threads",
                        machine.os(), machine.cores(), machine.maxHeapBytes() >> 20, machine.threads()));
        item(page, "Last run", view.results().runs().getLast().origin().finished());
        page.add("</dl>");
        page.add("<details><summary>Models and their settings</summary><dl class=\"list\">");
        for (Summary method : view.methods()) {
            RunResult run = view.results().runs().stream()
                    .filter(one -> one.key().method().equals(method.name()))
                    .findFirst()
                    .orElseThrow();
            item(
                    page,
                    method.name(),
                    method.description() + ". "
                            + Stream.of("model", "train")
                                    .filter(section -> run.config().get(section) != null
                                            && !(section.equals("train") && method.deterministic()))
                                    .map(section -> section + " " + run.config().get(section))
                                    .collect(Collectors.joining("; ")));
        }
        page.add("</dl></details>");
    }

    private static void item(Page page, String name, String text) {
        page.add("<dt>" + escape(name) + "</dt><dd>" + escape(text) + "</dd>");
    }
}
