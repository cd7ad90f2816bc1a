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

/** Puts the events of a log into a server's store, so that the server knows its users from the first day. */
@Command(
        name = "import",
        description = {
            "Put the events of a log into a server's store: a new server then knows its users.",
            "",
            "Every event of the log is stored, in the order of time; items that no model knows yet as well. An event that"
                    + " the store has already (same user, item and time) is not stored again, so that an import can be"
                    + " repeated. Events older than what the store has of their user are left out and counted, as the"
                    + " order of a user's events never changes. Stop the server first.",
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

    @Option(names = "--state", paramLabel = "FILE", required = true, description = "The store; made if there is none.")
    private Path state;

    @Mixin
    private final DataOptions data = new DataOptions();

    /** For picocli. */
    public ImportCommand() {}

    @Override
    public Integer call() {
        Dataset log = data.load(ReadOptions.defaults(), data.prepareOptions(PrepareOptions.keepAll()))
                .dataset();
        if (!log.hasTimes()) {
            throw new UserFacingException(data.file()
                    + ": has an order but no times, and a store needs times: name their column by --time-column");
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
            out.println(Text.format("  %,d were there before", known));
        }
        if (late > 0) {
            out.println(Text.format(
                    "  %,d left out: the store has later events of their users, and keeps its order", late));
        }
        return 0;
    }
}
