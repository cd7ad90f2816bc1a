package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.serve.Ending;
import io.helidon.common.socket.SocketOptions;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Admits connections and closes slow or excess ones. Helidon itself waits for ever for the rest of a request and for a
 * client to receive an answer, and its listener ends permanently at the first error of an accept, such as a lack of
 * descriptors. Therefore:
 *
 * <ul>
 *   <li>Every connection has a deadline from the moment it is accepted, so that this includes the TLS handshake; only
 *       the server's own work on a request has none. A client that is late with a request gets 408.
 *   <li>The number of open connections is limited by the configuration and by the process's descriptors, with a
 *       reserve for the store and the health checks. If a further connection arrives, the server closes the oldest
 *       idle connection of the address that has the most connections; if that address has no idle one, its oldest
 *       unfinished request; if all its requests are being processed, the new connection.
 * </ul>
 */
final class Connections implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Connections.class.getName());
    private static final long SWEEP_MILLIS = 250;
    /** Descriptors are counted only this often, because that reads a directory with an entry for each. */
    private static final int DESCRIPTOR_ROUNDS = 4;

    private static final HeaderName NO_NAME = HeaderNames.create("");

    private final Map<SocketAddress, Connection> open = new ConcurrentHashMap<>();
    private final Map<InetAddress, Connection.Client> clients = new ConcurrentHashMap<>();
    private final AtomicLong cut = new AtomicLong();
    private final AtomicLong shed = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final Descriptors descriptors;
    private final boolean plain;
    private final Ending ending;
    private final Thread sweeper;
    /** The limit of bytes of requests in Helidon's buffers, over all connections. */
    private final long maxBufferedByAll = Runtime.getRuntime().maxMemory() / 8;

    private volatile Limits limits;
    /** The current maximum, which is below the limit while descriptors are short. */
    private volatile int carried = Integer.MAX_VALUE;

    private volatile boolean stopping;
    private volatile boolean closed;

    /** Helidon aborts larger bodies at once; the server reads bodies up to this size so that it can answer. */
    static long maxBody(Limits limits) {
        return Math.max(8L << 20, 2L * limits.bodyBytes());
    }

    /**
     * Creates the watch over connections, with {@code limits}.
     *
     * @param plain whether connections are plain HTTP, so that this class can write to them
     * @param ending ends the process if the watching thread fails for good
     */
    Connections(Limits limits, Descriptors descriptors, boolean plain, Ending ending) {
        this.limits = limits;
        this.descriptors = descriptors;
        this.plain = plain;
        this.ending = ending;
        this.sweeper = Thread.ofPlatform().daemon().name("ttt4rec-connections").unstarted(this::sweep);
    }

    void start() {
        mindDescriptors(); // done before the first connection, because many may arrive at once
        sweeper.start();
    }

    /**
     * Closes idle connections until {@link #close}. Helidon closes each connection only once when it stops, and misses
     * one whose request has just been answered.
     */
    void stop() {
        stopping = true;
    }

    /** Replaces the limits, also for future deadlines. */
    void apply(Limits limits) {
        this.limits = limits;
    }

    /** Returns the connection from an address; one without a channel if its accept was not observed. */
    Connection of(SocketAddress remote) {
        Connection known = open.get(remote);
        return known == null ? connection(null, new Connection.Client()) : known;
    }

    private Connection connection(@Nullable SocketChannel channel, Connection.Client client) {
        return new Connection(channel, client, () -> limits.timeouts());
    }

    /** Returns the number of open connections. */
    int count() {
        return open.size();
    }

    /** Returns the number of connections that may currently be open. */
    int limit() {
        return Math.min(limits.connections(), carried);
    }

    /** Returns the number of recently connected addresses. */
    int addresses() {
        return clients.size();
    }

    /** Returns the number of connections closed because the client was too slow. */
    long cut() {
        return cut.get();
    }

    /** Returns the number of connections closed in favour of others or for lack of descriptors. */
    long shed() {
        return shed.get();
    }

    /** Returns the number of new connections closed because all others were in use. */
    long refused() {
        return refused.get();
    }

    /**
     * Runs on the listener's thread. Throws {@link IllegalStateException} to refuse the connection, which Helidon then
     * closes.
     */
    private void admit(SocketChannel channel) {
        SocketAddress remote;
        try {
            remote = channel.getRemoteAddress();
        } catch (IOException gone) {
            throw new IllegalStateException("the connection was gone before it was looked at", gone);
        }
        if (!(remote instanceof InetSocketAddress address)) {
            throw new IllegalStateException("the connection has no address");
        }
        if (open.size() >= limit()) {
            forgetClosed();
        }
        if (open.size() >= limit() && !shedOne()) {
            refused.incrementAndGet();
            throw new IllegalStateException("all connections are being worked on");
        }
        open.put(
                remote,
                connection(channel, clients.computeIfAbsent(address.getAddress(), any -> new Connection.Client())));
    }

    private void forgetClosed() {
        open.values().removeIf(connection -> !connection.isOpen());
    }

    /** Closes the least important connection; returns false if all are in use. */
    private boolean shedOne() {
        Map<Connection.Client, Integer> counts = new HashMap<>();
        open.values().forEach(each -> counts.merge(each.client(), 1, Integer::sum));
        long now = System.nanoTime();
        Optional<Map.Entry<SocketAddress, Connection>> victim = open.entrySet().stream()
                .filter(each -> each.getValue().isSpare(now))
                .min(Comparator.<Map.Entry<SocketAddress, Connection>>comparingInt(
                                each -> -counts.getOrDefault(each.getValue().client(), 0))
                        .thenComparingInt(each -> each.getValue().isIdle() ? 0 : 1)
                        .thenComparingLong(each -> each.getValue().since() - now));
        victim.ifPresent(each -> {
            shed.incrementAndGet();
            end(each.getKey(), each.getValue());
        });
        return victim.isPresent();
    }

    private void end(SocketAddress remote, Connection connection) {
        open.remove(remote, connection);
        connection.close();
    }

    private void sweep() {
        int round = 0;
        while (!closed) {
            try {
                Thread.sleep(SWEEP_MILLIS);
                long now = System.nanoTime();
                open.forEach((remote, connection) -> look(remote, connection, now));
                mindBuffers();
                if (++round % DESCRIPTOR_ROUNDS == 0) {
                    mindDescriptors();
                    clients.values().removeIf(this::isGone);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "watching connections failed once and continues", e);
            } catch (Error e) {
                ending.end("the thread that watches connections failed: " + e);
            }
        }
    }

    private boolean isGone(Connection.Client client) {
        return client.underWay.get() == 0
                && open.values().stream().noneMatch(connection -> connection.client() == client);
    }

    /** Requests that are small enough each may be too large in total. */
    private void mindBuffers() {
        long all = 0;
        for (Connection connection : open.values()) {
            all += connection.buffered();
        }
        while (all > maxBufferedByAll) {
            Optional<Map.Entry<SocketAddress, Connection>> largest = open.entrySet().stream()
                    .max(Comparator.comparingLong(each -> each.getValue().buffered()));
            if (largest.isEmpty()) {
                return;
            }
            all -= Math.max(1, largest.get().getValue().buffered());
            cut.incrementAndGet();
            end(largest.get().getKey(), largest.get().getValue());
        }
    }

    /** The limit of descriptors can be lowered at any time, and other parts of this process can take descriptors. */
    private void mindDescriptors() {
        carried = descriptors.carry(open.size());
        while (open.size() > carried) {
            forgetClosed();
            if (open.size() <= carried || !shedOne()) {
                return;
            }
        }
    }

    private void look(SocketAddress remote, Connection connection, long now) {
        if (!connection.isOpen()) {
            open.remove(remote, connection);
            return;
        }
        if (stopping && connection.isIdle()) {
            end(remote, connection);
            return;
        }
        if (connection.buffered() > maxBody(limits) + (1 << 20)) {
            cut.incrementAndGet();
            end(remote, connection);
            return;
        }
        if (!connection.isOverdue(now)) {
            return;
        }
        if (!connection.late()) {
            cut.incrementAndGet();
        }
        if (!plain || connection.late() || !connection.isUnfinished()) {
            end(remote, connection);
            return;
        }
        connection.endRequest(now, () -> end(remote, connection));
    }

    @Override
    public void close() {
        closed = true;
        sweeper.interrupt();
    }

    /**
     * Learns of each request whose first line has arrived, and refuses a header without a name, which Helidon accepts.
     */
    Http1ConnectionListener listener() {
        return new Http1ConnectionListener() {
            @Override
            public void prologue(ConnectionContext context, HttpPrologue prologue) {
                Connection connection = of(context.remotePeer().address());
                connection.received();
                connection.reader(context.dataReader());
            }

            @Override
            public void headers(ConnectionContext context, Headers headers) {
                if (headers.contains(NO_NAME)) {
                    throw RequestException.builder()
                            .type(DirectHandler.EventType.BAD_REQUEST)
                            .status(Status.BAD_REQUEST_400)
                            .setKeepAlive(false)
                            .message("a header has no name")
                            .build();
                }
            }
        };
    }

    /** Returns {@code options} that also admit each accepted connection, because Helidon applies the options first. */
    SocketOptions admitting(SocketOptions options) {
        return new AdmittingOptions(options, this::admit);
    }
}
