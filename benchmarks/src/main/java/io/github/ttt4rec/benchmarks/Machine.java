package io.github.ttt4rec.benchmarks;

import io.github.ttt4rec.kernels.Kernels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Describes the machine and the JVM, which must accompany every figure. */
public final class Machine {
    private static final Path CPU = Path.of("/proc/cpuinfo");

    private Machine() {}

    /** Returns one line with processor, cores, Java version and vector width. */
    public static String describe() {
        return processor() + ", " + Runtime.getRuntime().availableProcessors() + " cores; Java " + Runtime.version()
                + "; " + Kernels.active().name() + " kernels";
    }

    /**
     * Returns the processor's name and, because a hypervisor may hide the model in the name, its family and model
     * numbers.
     */
    private static String processor() {
        if (!Files.isReadable(CPU)) {
            return System.getProperty("os.arch") + " processor";
        }
        Map<String, String> first = new TreeMap<>();
        try {
            for (String line : Files.readAllLines(CPU)) {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    first.putIfAbsent(
                            line.substring(0, colon).strip(),
                            line.substring(colon + 1).strip());
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return first.getOrDefault("model name", System.getProperty("os.arch") + " processor")
                + (first.containsKey("cpu family")
                        ? " (family " + first.get("cpu family") + ", model " + first.get("model") + ")"
                        : "");
    }
}
