package io.github.ttt4rec.cli.command;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.serve.store.EventStore;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Deletes a user from a store that no server is using, such as a backup. */
@Command(
        name = "forget",
        description = {
            "Delete a user from a file of events that no server is using, such as a backup.",
            "",
            "Nothing of the user's id and of the ids of the user's events is left in the file when this ends. A running"
                    + " server forgets by DELETE /v1/users/ID.",
            ""
        },
        customSynopsis = "ttt4rec forget --state FILE --user ID",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = "  ttt4rec forget --state /backups/shop-monday.db --user u1")
public final class ForgetCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--state", paramLabel = "FILE", required = true, description = "The file of events, or a backup.")
    private Path state;

    @Option(names = "--user", paramLabel = "ID", required = true, description = "The user's id.")
    private String user;

    /** For picocli. */
    public ForgetCommand() {}

    @Override
    public Integer call() {
        if (!EventStore.forget(state, user)) {
            throw new UserFacingException(state + ": holds no events of this user");
        }
        spec.commandLine().getOut().println(state + ": the user is forgotten");
        return 0;
    }
}
