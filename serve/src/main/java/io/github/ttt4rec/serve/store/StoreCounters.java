package io.github.ttt4rec.serve.store;

import java.util.concurrent.atomic.AtomicLong;

/** Counts the store's contents and the work since it was opened, at each commit. */
final class StoreCounters {
    private final AtomicLong users = new AtomicLong();
    private final AtomicLong events = new AtomicLong();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong duplicates = new AtomicLong();
    private final AtomicLong removed = new AtomicLong();
    private final AtomicLong shown = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong commitNanos = new AtomicLong();

    /** The changes of one transaction. */
    static final class Change {
        long users;
        long events;
        long accepted;
        long duplicates;
        long removed;
        long shown;
        long taken;
    }

    StoreCounters(long users, long events) {
        this.users.set(users);
        this.events.set(events);
    }

    void add(Change change) {
        users.addAndGet(change.users);
        events.addAndGet(change.events);
        accepted.addAndGet(change.accepted);
        duplicates.addAndGet(change.duplicates);
        removed.addAndGet(change.removed);
        shown.addAndGet(change.shown);
        taken.addAndGet(change.taken);
    }

    /** Returns the number of removed users and events. */
    long removed() {
        return removed.get();
    }

    long users() {
        return users.get();
    }

    long accepted() {
        return accepted.get();
    }

    void committed(long nanos) {
        commits.incrementAndGet();
        commitNanos.addAndGet(nanos);
    }

    StoreStatistics statistics(long bytes) {
        return new StoreStatistics(
                users.get(),
                events.get(),
                accepted.get(),
                duplicates.get(),
                commits.get(),
                commitNanos.get(),
                bytes,
                shown.get(),
                taken.get());
    }
}
