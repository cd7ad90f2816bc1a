package io.github.ttt4rec.serve.http;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The state of the server in words, as the dispatcher and the watchdog observe it. */
final class ServerState {
    private final AtomicInteger underWay = new AtomicInteger();
    private final Map<Part, String> troubles = new ConcurrentSkipListMap<>();
    private volatile boolean stopping;

    /** The parts of the server that can fail; any failed part makes the server unready. */
    enum Part {
        /** The listener: requests are answered. */
        HTTP,
        /** The event store can be read and written. */
        STORE
    }

    void begin() {
        underWay.incrementAndGet();
    }

    void end() {
        underWay.decrementAndGet();
    }

    /** The number of requests in progress. */
    int underWay() {
        return underWay.get();
    }

    void stop() {
        stopping = true;
    }

    boolean stopping() {
        return stopping;
    }

    /** Records that the store failed during a request; the watchdog checks whether the failure lasts. */
    void storeFailed() {
        troubles.putIfAbsent(Part.STORE, "the event store has just failed");
    }

    /** Sets a part's error, one line for operators without names of files or users; null if it works. */
    void found(Part part, @Nullable String trouble) {
        if (trouble == null) {
            troubles.remove(part);
        } else {
            troubles.put(part, trouble);
        }
    }

    /** Returns the reasons why the server is not ready, one line each; empty if it is ready. */
    List<String> unready() {
        return stopping ? List.of("this server is stopping") : List.copyOf(troubles.values());
    }
}
