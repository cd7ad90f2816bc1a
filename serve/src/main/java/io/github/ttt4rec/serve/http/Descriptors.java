package io.github.ttt4rec.serve.http;

import com.sun.management.UnixOperatingSystemMXBean;
import io.github.ttt4rec.UserFacingException;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/**
 * Computes how many connections the process's limit of open files allows. Each connection takes a descriptor. The
 * remaining ones are for the store (each reader opens the file, its log and its index), for loading a model, for the
 * health checks and for files that the JVM opens; an accept without a free descriptor would end the listener.
 *
 * @param limit the maximum number of descriptors of the process; 0 or less if the system has no limit
 * @param open the number of open descriptors
 */
record Descriptors(LongSupplier limit, LongSupplier open) {
    /** The number of descriptors reserved for everything except connections. */
    static final int RESERVE = 96;
    /** The minimum number of connections for a useful server. */
    private static final int MIN_CONNECTIONS = 16;

    /** Returns the descriptors of this process. */
    static Descriptors ofProcess() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? new Descriptors(unix::getMaxFileDescriptorCount, unix::getOpenFileDescriptorCount)
                : new Descriptors(() -> 0, () -> 0);
    }

    /** Returns how many connections are allowed if {@code now} of them are open. */
    int carry(int now) {
        long most = limit.getAsLong();
        if (most <= 0) {
            return Integer.MAX_VALUE;
        }
        long others = Math.max(0, open.getAsLong() - now);
        return Math.clamp(most - others - RESERVE, 1, Integer.MAX_VALUE);
    }

    /** Throws {@link UserFacingException} with the figures if the limit is too low to serve. */
    void require() {
        if (carry(0) < MIN_CONNECTIONS) {
            throw new UserFacingException("the limit of open files, " + limit.getAsLong()
                    + ", is too low: " + open.getAsLong() + " are open already, " + RESERVE
                    + " are kept for the store and the health checks, and at least " + MIN_CONNECTIONS
                    + " are needed for connections; raise it (ulimit -n 4096, LimitNOFILE= in a systemd unit)");
        }
    }
}
