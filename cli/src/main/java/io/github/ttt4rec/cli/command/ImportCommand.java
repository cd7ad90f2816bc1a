package io.github.ttt4rec.cli.command;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.cli.option.DataOptions;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreConfig;
import io.github.ttt4rec.serve.store.StoredEvent;
import io.github.ttt4rec.serve.store.Twins;
import io.github.ttt4rec.terminal.Text;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Imports the events of a log into a server's store, so that the server knows its users from the first day. */
@Command(
        name = "import",
        description = {
            "Import the events of a log into a server's store, so that a new server knows its users.",
            "",
            "Stores every event of the log, in order of time, also events of items that no model knows yet. An event"
                    + " that is already in the store (same user, item and time) is not stored again, so an import"
                    + " can be repeated. Events older than the latest stored event of their user are skipped and"
                    + " counted, because the order of a user's events never changes. Stop the server first.",
            ""
        },
        customSynopsis = "ttt4rec import --data FILE --state FILE [OPTIONS]",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {"  ttt4rec import --data events.csv --state shop.db", "  ttt4rec serve --model model --state shop.db"
        })
public final class ImportCommand implements Callable<Integer> {
    private static final int BATCH = 1_000;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--state",
            paramLabel = "FILE",
            required = true,
            description = "The server's event store; created if it does not exist.")
    private Path state;

    @Mixin
    private final DataOptions data = new DataOptions();

    /** Called by picocli. */
    public ImportCommand() {}

    @Override
    public Integer call() {
        Dataset log = data.load(ReadOptions.defaults(), data.prepareOptions(PrepareOptions.keepAll()))
                .dataset();
        if (!log.hasTimes()) {
            throw new UserFacingException(data.file()
                    + ": has an order but no times, and a store needs times: name the column of times by"
                    + " --time-column");
        }
        long stored = 0;
        long known = 0;
        long late = 0;
        try (EventStore store = EventStore.open(state, StoreConfig.defaults())) {
            List<Event> batch = new ArrayList<>();
            for (int user = 0; user < log.userCount(); user++) {
                String id = log.users().name(user + 1);
                List<StoredEvent> before = store.events(id);
                Twins twins = new Twins();
                before.forEach(event -> twins.add(id, event.item(), event.timeMicros()));
                long last =
                        before.stream().mapToLong(StoredEvent::timeMicros).max().orElse(Long.MIN_VALUE);
                for (int position = 0; position < log.length(user); position++) {
                    String item = log.items().name(log.item(user, position));
                    long time = log.times()[log.start(user) + position];
                    if (twins.take(id, item, time)) {
                        known++;
                    } else if (time < last) {
                        late++;
                    } else {
                        batch.add(new Event(id, item, time, null));
                        stored++;
                    }
                    if (batch.size() == BATCH) {
                        store.append(batch);
                        batch.clear();
                    }
                }
            }
            if (!batch.isEmpty()) {
                store.append(batch);
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(Text.format("%s: %,d events of %s stored", state, stored, data.file()));
        if (known > 0) {
            out.println(Text.format("    %,d were already in the store", known));
        }
        if (late > 0) {
            out.println(Text.format(
                    "    %,d skipped: the store has later events of their users, whose order must not change", late));
        }
        return 0;
    }
}
