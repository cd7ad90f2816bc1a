package io.github.ttt4rec.serve.store;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Forgets idle users and removes events beyond the maximum, some users at a time. */
final class Sweep {
    private static final System.Logger LOGGER = System.getLogger(Sweep.class.getName());

    private final Path file;
    private final Retention retention;
    private final Reads reads;
    private final GroupCommit commits;
    private final StoreCounters counters;
    private volatile long heldBack;

    Sweep(Path file, Retention retention, Reads reads, GroupCommit commits, StoreCounters counters) {
        this.file = file;
        this.retention = retention;
        this.reads = reads;
        this.commits = commits;
        this.counters = counters;
    }

    /** See {@link EventStore#sweep}. */
    Swept slice(long after, int count) {
        if (after == 0) {
            commits.run(writer -> {
                writer.expireImpressions();
                return writer;
            });
        }
        if (after == 0 && tooManyIdle()) {
            return new Swept(Long.MAX_VALUE, List.of(), 0);
        }
        List<EventReader.UserSpan> users = reads.run(reader -> reader.users(after, count));
        List<String> idle = users.stream()
                .filter(user -> retention.isIdle(user.activeHour()))
                .map(EventReader.UserSpan::name)
                .toList();
        List<EventReader.UserSpan> tooLong = users.stream()
                .filter(user -> !retention.isIdle(user.activeHour()))
                .filter(user -> user.first() < retention.firstKept(user.last() + 1))
                .toList();
        long last = users.isEmpty() ? Long.MAX_VALUE : users.getLast().id();
        if (idle.isEmpty() && tooLong.isEmpty()) {
            return new Swept(last, List.of(), 0);
        }
        return commits.run(writer -> {
            List<String> forgotten = new ArrayList<>();
            for (String user : idle) {
                if (writer.forgetIdle(user)) {
                    forgotten.add(user);
                }
            }
            long removed = 0;
            for (EventReader.UserSpan user : tooLong) {
                removed += writer.trim(user.id(), retention.firstKept(user.last() + 1));
            }
            return new Swept(last, forgotten, removed);
        });
    }

    /** Returns the number of idle users who are kept because they exceed the number that one round may forget. */
    long heldBack() {
        return heldBack;
    }

    private boolean tooManyIdle() {
        long idle = reads.run(reader -> reader.countIdle(retention.firstActiveHour()));
        long most = retention.maxForgotten(counters.users());
        heldBack = idle > most ? idle : 0;
        if (idle > most) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    file + ": " + idle + " of " + counters.users()
                            + " users are idle by the clock, more than " + most
                            + " that may be forgotten in one round, so none is: is the clock right? If so, allow more"
                            + " (--max-forgotten-percent)");
        }
        return idle > most;
    }
}
