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
            "Delete a user from an event store that no server is using, such as a backup.",
            "",
            "Afterwards the file contains neither the user's id nor the ids of the user's events. To delete a user from"
                    + " a running server, use DELETE /v1/users/ID.",
            ""
        },
        customSynopsis = "ttt4rec forget --state FILE --user ID",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = "  ttt4rec forget --state /backups/shop-monday.db --user u1")
public final class ForgetCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--state",
            paramLabel = "FILE",
            required = true,
            description = "The event store, or a backup of one.")
    private Path state;

    @Option(names = "--user", paramLabel = "ID", required = true, description = "The user's id.")
    private String user;

    @Override
    public Integer call() {
        if (!EventStore.forget(state, user)) {
            throw new UserFacingException(state + ": holds no events of this user");
        }
        spec.commandLine().getOut().println(state + ": the user is forgotten");
        return 0;
    }
}
