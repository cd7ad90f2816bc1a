package io.github.ttt4rec.serve.http;

import io.helidon.common.buffers.DataReader;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A connection: the phase that it is in, and the time at which the phase must end. Thread-safe. */
final class Connection {
    private static final System.Logger LOG = System.getLogger(Connection.class.getName());
    /**
     * An unfinished request younger than this is not closed for a new connection; legitimate requests arrive sooner.
     */
    private static final long YOUNG_REQUEST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** The same for an answer that the client is receiving. */
    private static final long YOUNG_ANSWER_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** The time to send 408 before the connection ends. */
    private static final long LAST_WORD_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final byte[] LATE = """
            HTTP/1.1 408 Request Timeout\r
            Content-Type: application/problem+json\r
            Content-Length: 107\r
            Connection: close\r
            \r
            {"type":"about:blank","title":"Request Timeout","status":408,"detail":"the request did not arrive in time"}""".getBytes(StandardCharsets.US_ASCII);

    private final @Nullable SocketChannel channel;
    private final Client client;
    private final Supplier<Timeouts> timeouts;
    private volatile Phase phase = Phase.NEW;
    /** The time at which the phase began. */
    private volatile long since;
    /** 0 if there is none. */
    private volatile long deadline;

    private volatile boolean late;
    private volatile @Nullable DataReader reader;

    /** An address and its connections. */
    static final class Client {
        /** The number of requests of this address that are being processed. */
        final AtomicInteger underWay = new AtomicInteger();
    }

    private enum Phase {
        /** No byte of the first request has arrived. */
        NEW,
        /** No byte of the next request has arrived. */
        IDLE,
        /** Part of a request's first line and headers has arrived. */
        HEAD,
        /** The dispatcher reads the body, and answers if it is late. */
        BODY,
        /** The server processes the request. */
        WORK,
        /** The client receives the answer. */
        ANSWER
    }

    /**
     * Creates a connection in the phase {@code NEW}.
     *
     * @param channel null if its accept was not observed
     * @param timeouts the timeouts of the phases that begin later, too
     */
    Connection(@Nullable SocketChannel channel, Client client, Supplier<Timeouts> timeouts) {
        this.channel = channel;
        this.client = client;
        this.timeouts = timeouts;
        enter(Phase.NEW, timeouts.get().request());
    }

    private void enter(Phase next, Duration atMost) {
        since = System.nanoTime();
        deadline = (since + atMost.toNanos()) | 1;
        phase = next;
    }

    /** Records that bytes have arrived. */
    void received() {
        if (isIdle()) {
            enter(Phase.HEAD, timeouts.get().request());
        }
    }

    /** Records that the dispatcher has the request and will read its body. The deadline of the whole request stays. */
    void body() {
        phase = Phase.BODY;
    }

    /** Records that the request is complete and the server processes it. */
    void work() {
        phase = Phase.WORK;
        deadline = 0;
    }

    /** Records that the client receives the answer. */
    void answer() {
        enter(Phase.ANSWER, timeouts.get().request());
    }

    /** Records that the connection waits for the next request. */
    void idle() {
        enter(Phase.IDLE, timeouts.get().idle());
    }

    /** Returns whether reading was ended because the request did not arrive in time. */
    boolean late() {
        return late;
    }

    Client client() {
        return client;
    }

    /** Returns the time at which the phase began, by {@link System#nanoTime}. */
    long since() {
        return since;
    }

    /** Sets the buffer from which Helidon reads the requests. */
    void reader(DataReader buffer) {
        reader = buffer;
    }

    /** Returns the number of bytes that have arrived and were not read. */
    long buffered() {
        DataReader current = reader;
        return current == null ? 0 : current.available();
    }

    boolean isOpen() {
        return channel != null && channel.isOpen();
    }

    /** Returns whether no byte of a request has arrived. */
    boolean isIdle() {
        return phase == Phase.IDLE || phase == Phase.NEW;
    }

    /** Returns whether a part of a request has arrived. */
    boolean isUnfinished() {
        return phase == Phase.HEAD || phase == Phase.BODY;
    }

    /** Returns whether the connection may be closed in favour of another one. */
    boolean isSpare(long now) {
        return switch (phase) {
            case NEW, IDLE -> true;
            case HEAD, BODY -> now - since > YOUNG_REQUEST_NANOS;
            case ANSWER -> now - since > YOUNG_ANSWER_NANOS;
            case WORK -> false;
        };
    }

    /** Returns whether the phase should have ended. */
    boolean isOverdue(long now) {
        long until = deadline;
        return until != 0 && until - now < 0;
    }

    /**
     * Ends an unfinished request that is late, with 408. The dispatcher answers if it is reading the body; then the
     * connection gets a new deadline.
     *
     * @param end ends the connection after an answer from here
     */
    void endRequest(long now, Runnable end) {
        late = true;
        deadline = (now + LAST_WORD_NANOS) | 1;
        if (phase == Phase.BODY) {
            endInput(); // The dispatcher sees the end of the input and answers.
        } else {
            Thread.startVirtualThread(() -> tellLate(end));
        }
    }

    private void endInput() {
        try {
            if (channel != null) {
                channel.shutdownInput();
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a connection was gone before its request was ended", e);
        }
    }

    /** No other code writes to a connection that waits for a request's headers. */
    private void tellLate(Runnable end) {
        try {
            if (channel != null) {
                channel.write(ByteBuffer.wrap(LATE));
                channel.shutdownOutput();
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a client that is late did not take the answer", e);
        } finally {
            end.run();
        }
    }

    /** Closes the channel. */
    void close() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a connection could not be closed", e);
        }
    }
}
