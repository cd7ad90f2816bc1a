package io.github.ttt4rec.benchmarks.load;

import org.jspecify.annotations.Nullable;

/**
 * A server's memory and files, from its {@code /metrics}. Missing values are null.
 *
 * @param liveHeapBytes the heap in use after the last collection of old objects; null before the first one
 * @param openFiles the number of open files and sockets
 * @param users the number of users with stored events
 */
public record ServerMemory(
        @Nullable Long liveHeapBytes,
        @Nullable Long openFiles,
        @Nullable Long users) {
    /** Reads the Prometheus text format. */
    static ServerMemory parse(String metrics) {
        Long heap = value(metrics, "jvm_gc_live_data_size_bytes");
        return new ServerMemory(
                heap != null && heap == 0 ? null : heap,
                value(metrics, "process_files_open_files"),
                value(metrics, "ttt4rec_users"));
    }

    private static @Nullable Long value(String metrics, String name) {
        // A tenant's metrics have labels: name{tenant="shoes"} value.
        return metrics.lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .findFirst()
                .map(line -> (long)
                        Double.parseDouble(line.substring(line.lastIndexOf(' ')).strip()))
                .orElse(null);
    }
}
