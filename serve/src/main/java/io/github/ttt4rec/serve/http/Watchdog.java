package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.serve.Ending;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks the server as a client would. Every few seconds it requests a list over a new connection and writes to the
 * store. If nothing listens, it reopens the port. If that fails, or if the server does not answer several times in a
 * row, it logs the reason and the stacks of all threads and ends the process, so that the supervisor starts a new one.
 */
final class Watchdog implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Watchdog.class.getName());
    private static final int MAX_STACK_DEPTH = 24;

    /**
     * The intervals and limits of the checks.
     *
     * @param every the time between two checks
     * @param patience the time limit of one answer
     * @param failures the number of failures in a row that ends the process
     * @param storeSilence the time without a response of the store that ends the process
     */
    record Times(Duration every, Duration patience, int failures, Duration storeSilence) {
        static Times usual() {
            return new Times(Duration.ofSeconds(5), Duration.ofSeconds(10), 4, Duration.ofMinutes(2));
        }
    }

    /**
     * The actions of the watchdog.
     *
     * @param reopen reopens the port, or throws {@link RuntimeException}
     * @param certificates checks whether the certificate has changed
     * @param alive is called after each check that found the server answering
     */
    record Acts(Runnable reopen, Runnable certificates, Runnable alive) {}

    private final SelfClient client;
    private final Acts acts;
    private final StoreProbe store;
    private final ServerState state;
    private final Ending ending;
    private final Times times;
    private final Thread thread;
    private volatile boolean closed;
    private int failures;
    private boolean storeFailing;

    /**
     * @param client sends requests to the server
     * @param store writes to the store
     */
    Watchdog(SelfClient client, Acts acts, StoreProbe store, ServerState state, Ending ending, Times times) {
        this.client = client;
        this.acts = acts;
        this.store = store;
        this.state = state;
        this.ending = ending;
        this.times = times;
        this.thread = Thread.ofPlatform().daemon().name("ttt4rec-watchdog").unstarted(this::watch);
    }

    void start() {
        thread.start();
    }

    private void watch() {
        while (!closed) {
            try {
                Thread.sleep(times.every);
                look();
                lookAtStore();
                acts.certificates.run();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "the watchdog failed once and continues", e);
            } catch (Error e) {
                ending.end("the watchdog failed: " + e);
            }
        }
    }

    /** Checks once. */
    void look() {
        String trouble = ask();
        if (closed) {
            return;
        }
        state.found(ServerState.Part.HTTP, trouble);
        if (trouble == null) {
            failures = 0;
            acts.alive.run();
            return;
        }
        failures++;
        LOG.log(Level.WARNING, "the watchdog got no answer, " + failures + " in a row: " + trouble);
        if (failures >= times.failures) {
            ending.end("the watchdog got no answer " + failures + " times in a row: " + trouble + "\n" + stacks());
        }
    }

    /**
     * Checks the store. A failing store, such as on a full disk, makes the server unready, but reads still work. A
     * store that does not respond ends the process.
     */
    void lookAtStore() throws InterruptedException {
        StoreProbe.Finding finding = store.look(times.patience);
        if (closed) {
            return;
        }
        state.found(ServerState.Part.STORE, finding.trouble());
        if (finding.trouble() != null && !storeFailing) {
            LOG.log(Level.WARNING, finding.trouble() + ": " + finding.reason());
        } else if (finding.trouble() == null && storeFailing) {
            LOG.log(Level.WARNING, "the event store works again");
        }
        storeFailing = finding.trouble() != null;
        if (finding.lost()) {
            ending.end("the event store is lost: " + finding.reason());
        }
        if (finding.silent().compareTo(times.storeSilence) > 0) {
            ending.end(finding.trouble() + "\n" + stacks());
        }
    }

    /** Checks the listener. Any answer is enough, even one that refuses the request because there are too many. */
    private @Nullable String ask() {
        try {
            client.ask(times.patience);
            return null;
        } catch (ConnectException e) {
            return closed ? null : openAgain(e);
        } catch (IOException e) {
            return "no answer: " + e.getMessage();
        }
    }

    private @Nullable String openAgain(ConnectException refusal) {
        try {
            acts.reopen.run();
            LOG.log(Level.WARNING, "nothing listened any more (" + refusal.getMessage() + "): the port is open again");
            return null;
        } catch (RuntimeException e) {
            return "nothing listens, and the port cannot be opened again: " + e.getMessage();
        }
    }

    private static String stacks() {
        return Arrays.stream(ManagementFactory.getThreadMXBean().dumpAllThreads(false, false, MAX_STACK_DEPTH))
                .map(ThreadInfo::toString)
                .collect(Collectors.joining());
    }

    @Override
    public void close() {
        closed = true;
        store.close();
        thread.interrupt();
    }
}
