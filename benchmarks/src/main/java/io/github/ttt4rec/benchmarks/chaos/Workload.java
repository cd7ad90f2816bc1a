package io.github.ttt4rec.benchmarks.chaos;

import io.github.ttt4rec.benchmarks.chaos.ServerProcess.Way;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The clients of a campaign: they send events, know which of them were acknowledged, and compare the server's state with
 * those.
 */
final class Workload {
    private static final int USERS = 24;
    /** The number of items that the events have; both models know them. */
    static final int ITEMS = 200;

    private static final int WRITERS = 4;

    private final SplittableRandom random;
    private final ServerProcess server;
    private final Client client;
    private final Findings findings;
    private final Ledger ledger = new Ledger();
    private final List<Event> unanswered = new ArrayList<>();
    private int sent;
    private int repeated;
    private int generation;

    /** An event without an acknowledgement: the server may or may not have stored it. */
    private record Event(String user, String item, String id) {}

    Workload(SplittableRandom random, ServerProcess server, Client client, Findings findings) {
        this.random = random;
        this.server = server;
        this.client = client;
        this.findings = findings;
    }

    Ledger ledger() {
        return ledger;
    }

    /** Returns the number of events sent again after a fault. */
    int repeated() {
        return repeated;
    }

    /** Sends unacknowledged events again, as clients should. Each event must then be stored exactly once. */
    void repeat() {
        List<Event> all;
        synchronized (unanswered) {
            all = List.copyOf(unanswered);
            unanswered.clear();
        }
        for (Event event : all) {
            repeated++;
            append(event.user, event.item, event.id);
        }
        synchronized (unanswered) {
            if (!unanswered.isEmpty()) {
                findings.wrong(unanswered.size() + " events have no answer after the fault");
            }
        }
    }

    /** Sends events from several threads during a fault. */
    void load(int eventsEach, Runnable fault) {
        List<Thread> threads = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            int first = sent;
            sent += eventsEach;
            SplittableRandom own = random.split();
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < eventsEach; i++) {
                    append(user(own.nextInt(USERS)), "i" + own.nextInt(ITEMS), "event-" + (first + i) + "-x");
                }
            }));
        }
        pause(random.nextInt(60));
        fault.run();
        for (Thread thread : threads) {
            try {
                thread.join(Duration.ofSeconds(40));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (thread.isAlive()) {
                findings.wrong("a client waited longer than 40 s");
            }
        }
    }

    /** Sends one event and records whether it was acknowledged. */
    void append(String user, String item, String id) {
        ledger.sent(id);
        long begun = System.nanoTime();
        Optional<Long> position = client.append(user, item, id);
        findings.noteTime(begun);
        if (position.isPresent()) {
            ledger.acknowledge(user, position.get(), new Ledger.Entry(id, item)).forEach(findings::wrong);
        } else {
            synchronized (unanswered) {
                unanswered.add(new Event(user, item, id));
            }
        }
    }

    /** Waits until the server is ready, and compares each user's stored events with those acknowledged. */
    void compare() {
        for (int i = 0; i < 100 && !client.isReady(); i++) {
            pause(100);
        }
        if (!client.isReady()) {
            findings.wrong(
                    "alive and not ready after 10 s: " + client.get("/health").body() + " " + server.lastWords());
            server.kill();
            server.start(client, Way.USUAL, findings::wrong);
        }
        for (String user : ledger.users()) {
            Optional<List<Ledger.Stored>> stored = client.history(user);
            if (stored.isEmpty()) {
                findings.wrong("no history of " + user + ": " + client.get("/v1/users/" + user));
            } else {
                ledger.compare(user, stored.get()).forEach(findings::wrong);
            }
        }
        if (client.get("/v1/users/nobody/recommendations?k=3").status() != 200) {
            findings.wrong("no list");
        }
    }

    /** Returns the id of a user of the current generation. No id is a prefix of another. */
    String user(int number) {
        return "g" + generation + "u" + number + "-";
    }

    /** Returns the users with acknowledged events who belong to an earlier generation than the current one. */
    List<String> usersBefore() {
        return ledger.users().stream()
                .filter(user -> !user.startsWith("g" + generation + "u"))
                .toList();
    }

    /** Starts the next generation of users. Events of the earlier one without an acknowledgement are not sent again. */
    void nextGeneration() {
        generation++;
        synchronized (unanswered) {
            unanswered.clear();
        }
    }

    /** Waits; returns at once if the thread is interrupted. */
    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
