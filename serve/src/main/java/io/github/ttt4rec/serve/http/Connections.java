package io.github.ttt4rec.serve.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.socket.SocketOptions;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Cuts connections whose client is too slow: Helidon itself waits for ever for the rest of a request, and for an answer to
 * be taken. Every connection has a deadline at all times but while its request is worked on, from the moment it is accepted
 * (so that a TLS handshake has one too).
 */
final class Connections implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Connections.class.getName());
    private static final long SWEEP_MILLIS = 250;

    private final Map<SocketAddress, Connection> open = new ConcurrentHashMap<>();
    private final AtomicLong cut = new AtomicLong();
    private final long requestNanos;
    private final long idleNanos;
    private final long mostBuffered;
    private final Thread sweeper;
    private volatile boolean closed;

    /** What is known of one connection. */
    final class Connection {
        private final @Nullable SocketChannel channel;
        private volatile long deadline;
        private volatile @Nullable DataReader reader;

        private Connection(@Nullable SocketChannel channel) {
            this.channel = channel;
            await(requestNanos);
        }

        private void await(long nanos) {
            // 0 stands for none.
            deadline = (System.nanoTime() + nanos) | 1;
        }

        /** The rest of a request is awaited, or its answer's way to the client. */
        void client() {
            await(requestNanos);
        }

        /** The client has done its part: this server works. */
        void server() {
            deadline = 0;
        }

        /** The next request is awaited. */
        void idle() {
            await(idleNanos);
        }
    }

    /**
     * @param requestTime for a request to arrive, and for its answer to be taken
     * @param idleTime between requests
     * @param mostBuffered bytes of a request in memory, beyond which a connection is cut: Helidon reads the line with a
     *     chunk's size however long it is
     */
    Connections(Duration requestTime, Duration idleTime, long mostBuffered) {
        this.requestNanos = requestTime.toNanos();
        this.idleNanos = idleTime.toNanos();
        this.mostBuffered = mostBuffered;
        this.sweeper = Thread.ofPlatform().daemon().name("ttt4rec-connections").unstarted(this::sweep);
    }

    void start() {
        sweeper.start();
    }

    /** The connection from an address; one without a channel where none was seen accepted. */
    Connection of(SocketAddress remote) {
        Connection known = open.get(remote);
        return known == null ? new Connection(null) : known;
    }

    /** How many are open. */
    int count() {
        return open.size();
    }

    /** How many were cut. */
    long cut() {
        return cut.get();
    }

    private void accepted(SocketChannel channel) {
        try {
            SocketAddress remote = channel.getRemoteAddress();
            if (remote != null) {
                open.put(remote, new Connection(channel));
            }
        } catch (IOException goneAlready) {
            LOG.log(Level.DEBUG, "a connection was gone before it was looked at", goneAlready);
        }
    }

    private void sweep() {
        while (!closed) {
            try {
                Thread.sleep(SWEEP_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
            long now = System.nanoTime();
            open.forEach((remote, connection) -> look(remote, connection, now));
        }
    }

    private void look(SocketAddress remote, Connection connection, long now) {
        SocketChannel channel = connection.channel;
        if (channel == null || !channel.isOpen()) {
            open.remove(remote, connection);
            return;
        }
        long deadline = connection.deadline;
        DataReader reader = connection.reader;
        if ((deadline != 0 && deadline - now < 0) || (reader != null && reader.available() > mostBuffered)) {
            cut.incrementAndGet();
            open.remove(remote, connection);
            try {
                channel.close();
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "a connection could not be cut", e);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        sweeper.interrupt();
    }

    /** Tells of each request whose first line has arrived. */
    Http1ConnectionListener listener() {
        return new Http1ConnectionListener() {
            @Override
            public void prologue(ConnectionContext context, HttpPrologue prologue) {
                Connection connection = of(context.remotePeer().address());
                connection.client();
                connection.reader = context.dataReader();
            }
        };
    }

    /** {@code options} that tell of each connection that is accepted, which is when Helidon applies them to it. */
    SocketOptions watching(SocketOptions options) {
        return new SocketOptions() {
            @Override
            public void configureSocket(SocketChannel channel) {
                options.configureSocket(channel);
                accepted(channel);
            }

            @Override
            public Map<SocketOption<?>, Object> socketOptions() {
                return options.socketOptions();
            }

            @Override
            public Duration connectTimeout() {
                return options.connectTimeout();
            }

            @Override
            public Duration readTimeout() {
                return options.readTimeout();
            }

            @Override
            public Optional<Integer> socketReceiveBufferSize() {
                return options.socketReceiveBufferSize();
            }

            @Override
            public Optional<Integer> socketSendBufferSize() {
                return options.socketSendBufferSize();
            }

            @Override
            public boolean socketReuseAddress() {
                return options.socketReuseAddress();
            }

            @Override
            public boolean socketKeepAlive() {
                return options.socketKeepAlive();
            }

            @Override
            public boolean tcpNoDelay() {
                return options.tcpNoDelay();
            }
        };
    }
}
