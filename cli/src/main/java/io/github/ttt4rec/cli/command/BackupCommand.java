package io.github.ttt4rec.cli.command;

import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreCopy;
import io.github.ttt4rec.terminal.Text;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Copies a server's event store while it is in use. */
@Command(
        name = "backup",
        description = {
            "Copy a server's event store, while the server runs or not.",
            "",
            "The copy holds every event that was acknowledged before the command began. It is checked, and is one file"
                    + " that serve can use. Copying the file by other means misses events that are still in its"
                    + " write-ahead log. An existing FILE is replaced only when the copy is complete.",
            ""
        },
        customSynopsis = "ttt4rec backup --state FILE --out FILE",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ttt4rec backup --state shop.db --out /backups/shop-monday.db",
            "",
            "  ttt4rec serve --model model --state /backups/shop-monday.db"
        })
public final class BackupCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--state", paramLabel = "FILE", required = true, description = "The server's event store.")
    private Path state;

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "File to write the copy to.")
    private Path out;

    @Override
    public Integer call() {
        StoreCopy copy = EventStore.backup(state, out);
        spec.commandLine()
                .getOut()
                .println(Text.format(
                        "%s: %,d events of %,d users, %,d bytes", out, copy.events(), copy.users(), copy.bytes()));
        return 0;
    }
}
