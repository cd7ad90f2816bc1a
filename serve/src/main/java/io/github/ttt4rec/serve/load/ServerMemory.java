package io.github.ttt4rec.serve.load;

import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * What must not grow while a server runs, from its {@code /metrics}.
 *
 * @param liveHeapBytes heap in use after the last collection that took the old objects too; NaN before the first one
 * @param openFiles files and sockets open
 */
public record ServerMemory(double liveHeapBytes, double openFiles) {
    private static final Pattern LINE_END = Pattern.compile("\\R");

    /** Reads the Prometheus text format; what is not there is NaN. */
    static ServerMemory parse(String metrics) {
        double heap = value(metrics, "jvm_gc_live_data_size_bytes").orElse(Double.NaN);
        return new ServerMemory(
                heap > 0 ? heap : Double.NaN,
                value(metrics, "process_files_open_files").orElse(Double.NaN));
    }

    private static OptionalDouble value(String metrics, String name) {
        return LINE_END.splitAsStream(metrics)
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(
                        line -> Double.parseDouble(line.substring(name.length()).strip()))
                .findFirst();
    }
}
