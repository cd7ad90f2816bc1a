package io.github.ttt4rec.serve.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the resources of all requests together: the number of concurrent requests, of which one address gets at most
 * three quarters while others are connected, and the memory for bodies and parsed objects.
 */
final class Places {
    /** The maximum ratio of a JSON tree's memory to its text, measured on arrays of empty objects. */
    private static final long TREE_FACTOR = 64;

    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final long maxBytes;
    private final Connections connections;
    /** The requests of each client under way here: other places of one server count their own. */
    private final Map<Connection.Client, Integer> ofClient = new ConcurrentHashMap<>();

    /** Limits bodies and parsed objects of all requests to {@code maxBytes} of memory. */
    Places(Connections connections, long maxBytes) {
        this.connections = connections;
        this.maxBytes = maxBytes;
    }

    /** Limits them to a quarter of the heap. */
    static long usualBytes() {
        return Runtime.getRuntime().maxMemory() / 4;
    }

    /** Takes a place; returns false if none is free. Return it by {@link #leave}. */
    boolean enter(Connection.Client client, int places) {
        client.underWay.incrementAndGet();
        int mine = ofClient.merge(client, 1, Integer::sum);
        int share = connections.addresses() > 1 ? Math.max(1, places * 3 / 4) : places;
        if (mine <= share && taken.incrementAndGet() <= places) {
            return true;
        }
        if (mine <= share) {
            taken.decrementAndGet();
        }
        forget(client);
        return false;
    }

    void leave(Connection.Client client) {
        taken.decrementAndGet();
        forget(client);
    }

    private void forget(Connection.Client client) {
        ofClient.computeIfPresent(client, (_, count) -> count == 1 ? null : count - 1);
        client.underWay.decrementAndGet();
    }

    /** The memory reserved for one request; closing releases it. */
    final class Memory implements AutoCloseable {
        private long mine;

        /**
         * Throws {@link Problem} 503 if too much is reserved already. A request that is alone always gets its memory.
         */
        void take(long amount) {
            long all = bytes.addAndGet(amount);
            mine += amount;
            if (all > maxBytes && all != mine) {
                throw Problem.of(503, "too many large requests at once: try again soon")
                        .withHeader("Retry-After", "1");
            }
        }

        /** Reserves the memory that parsing a body of {@code length} bytes may need. */
        void takeTree(int length) {
            take(TREE_FACTOR * length);
        }

        @Override
        public void close() {
            bytes.addAndGet(-mine);
        }
    }

    /** Creates the reservation of one request. */
    Memory memory() {
        return new Memory();
    }
}
