package io.github.ttt4rec.cli.command;

import io.github.ttt4rec.serve.store.StoreCheck;
import io.github.ttt4rec.terminal.Text;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks for damage in a store that no server is using, and saves the intact records. */
@Command(
        name = "check",
        description = {
            "Look for damage in an event store that no server is using, and save the intact records.",
            "",
            "Verifies the structure of the file, the checksum of every record, and that no event is missing between"
                    + " others. Exits with 1 if it finds damage. With --save, writes all intact records to a new"
                    + " file, each user's events in their order; the damaged file is not changed.",
            ""
        },
        customSynopsis = "ttt4rec check --state FILE [--save FILE]",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ttt4rec check --state shop.db",
            "  ttt4rec check --state shop.db --save shop-repaired.db",
        })
public final class CheckCommand implements Callable<Integer> {
    private static final int SHOWN = 20;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--state",
            paramLabel = "FILE",
            required = true,
            description = "The event store, or a backup of one.")
    private Path state;

    @Option(names = "--save", paramLabel = "FILE", description = "A new file for all intact records.")
    private @Nullable Path target;

    @Override
    public Integer call() {
        StoreCheck check = StoreCheck.of(state);
        StoreCheck.Report report = check.check();
        PrintWriter out = spec.commandLine().getOut();
        report.findings().stream().limit(SHOWN).forEach(out::println);
        if (report.findings().size() > SHOWN) {
            out.println(Text.format("and %,d more", report.findings().size() - SHOWN));
        }
        out.println(
                report.isSound()
                        ? Text.format("%s: sound, %,d events of %,d users", state, report.events(), report.users())
                        : state + ": is damaged");
        if (target != null) {
            StoreCheck.Repaired saved = check.saveTo(target);
            out.println(Text.format(
                    "%s: %,d events of %,d users saved; %,d events and %,d users were damaged%s",
                    target,
                    saved.events(),
                    saved.users(),
                    saved.lostEvents(),
                    saved.lostUsers(),
                    saved.catalogue() ? "" : ", nor was the list of denied, unavailable and added items"));
        }
        return report.isSound() ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}
