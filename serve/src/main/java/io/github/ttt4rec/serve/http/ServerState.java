package io.github.ttt4rec.serve.http;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** How the server is, in words: what the dispatcher and the watchdog find out. */
final class ServerState {
    private final AtomicInteger underWay = new AtomicInteger();
    private final Map<Part, String> troubles = new ConcurrentSkipListMap<>();
    private volatile boolean stopping;

    /** The parts of the server that can be in trouble; all of them make the server unready. */
    enum Part {
        /** Requests are answered. */
        HTTP,
        /** The event store takes and gives. */
        STORE
    }

    void begin() {
        underWay.incrementAndGet();
    }

    void end() {
        underWay.decrementAndGet();
    }

    /** Requests under way. */
    int underWay() {
        return underWay.get();
    }

    void stop() {
        stopping = true;
    }

    boolean stopping() {
        return stopping;
    }

    /** A request has met a failure of the store; the watchdog looks whether it lasts. */
    void storeFailed() {
        troubles.putIfAbsent(Part.STORE, "the event store has just failed");
    }

    /** A part's trouble in one line for operators, without names of files or users; null if it is well. */
    void found(Part part, @Nullable String trouble) {
        if (trouble == null) {
            troubles.remove(part);
        } else {
            troubles.put(part, trouble);
        }
    }

    /** Why no more requests should come, a line each; empty if they may. */
    List<String> unready() {
        return stopping ? List.of("this server is stopping") : List.copyOf(troubles.values());
    }
}
