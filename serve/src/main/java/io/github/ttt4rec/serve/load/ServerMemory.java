package io.github.ttt4rec.serve.load;

import org.jspecify.annotations.Nullable;

/**
 * What must not grow while a server runs, from its {@code /metrics}.
 *
 * @param liveHeapBytes heap in use after the last collection that took old objects too; null before the first one
 * @param openFiles files and sockets open; null where the server does not say
 */
public record ServerMemory(
        @Nullable Long liveHeapBytes, @Nullable Long openFiles) {
    /** Reads the Prometheus text format. */
    static ServerMemory parse(String metrics) {
        Long heap = value(metrics, "jvm_gc_live_data_size_bytes");
        return new ServerMemory(heap != null && heap == 0 ? null : heap, value(metrics, "process_files_open_files"));
    }

    private static @Nullable Long value(String metrics, String name) {
        String start = name + " ";
        for (String line : metrics.lines().toList()) {
            if (line.startsWith(start)) {
                return (long) Double.parseDouble(line.substring(start.length()).strip());
            }
        }
        return null;
    }
}
