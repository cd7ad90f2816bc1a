package io.github.ttt4rec.serve.http;

import com.sun.management.UnixOperatingSystemMXBean;
import io.github.ttt4rec.UserFacingException;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/**
 * How many connections the process's limit of open files carries. Each connection takes a descriptor. The rest must do for
 * the store (its readers open the file, its log and its index each), for loading a model, for the health checks and for
 * what the JVM opens at any time; an accept without a descriptor would end the listener.
 *
 * @param limit the most descriptors that the process may have; 0 or less if the system has no such limit
 * @param open the number of descriptors it has
 */
record Descriptors(LongSupplier limit, LongSupplier open) {
    /** Kept for everything that is not a connection. */
    static final int RESERVE = 96;
    /** A server that carries fewer connections than this is of no use. */
    private static final int MIN_CONNECTIONS = 16;

    /** Those of this process. */
    static Descriptors ofProcess() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? new Descriptors(unix::getMaxFileDescriptorCount, unix::getOpenFileDescriptorCount)
                : new Descriptors(() -> 0, () -> 0);
    }

    /** How many connections there may be, {@code now} of which are open. */
    int carry(int now) {
        long most = limit.getAsLong();
        if (most <= 0) {
            return Integer.MAX_VALUE;
        }
        long others = Math.max(0, open.getAsLong() - now);
        return Math.clamp(most - others - RESERVE, 1, Integer.MAX_VALUE);
    }

    /** Throws {@link UserFacingException} with the figures if the process cannot serve within its limit. */
    void require() {
        if (carry(0) < MIN_CONNECTIONS) {
            throw new UserFacingException("the limit of open files, " + limit.getAsLong()
                    + ", is too low: " + open.getAsLong() + " are open already, " + RESERVE
                    + " are kept for the store and the health checks, and at least " + MIN_CONNECTIONS
                    + " are needed for connections; raise it (ulimit -n 4096, LimitNOFILE= in a systemd unit)");
        }
    }
}
