package io.github.ttt4rec.benchmarks.load;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Retries a request, on a new connection each time, until it is answered or its time limit is over. */
final class PatientClient implements AutoCloseable {
    private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

    private final HttpConnection connection;
    private final long timeoutNanos;
    private final BooleanSupplier stopped;
    private final Runnable retried;

    /**
     * @param timeout the time limit of an answer, retries included
     * @param stopped returns whether to stop retrying
     * @param retried called before each retry
     */
    PatientClient(LoadTarget target, Duration timeout, BooleanSupplier stopped, Runnable retried) {
        this.connection = new HttpConnection(target);
        this.timeoutNanos = timeout.toNanos();
        this.stopped = stopped;
        this.retried = retried;
    }

    /** Returns the answer; throws the last failure's exception if there was none in time. */
    HttpReply send(byte[] request) throws IOException {
        long deadline = System.nanoTime() + timeoutNanos;
        while (true) {
            try {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                return connection.exchange(request, (int) Math.max(1, left));
            } catch (IOException e) {
                if (stopped.getAsBoolean() || deadline - System.nanoTime() <= PAUSE_NANOS) {
                    throw e;
                }
                retried.run();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
