package io.github.ttt4rec.benchmarks;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Measures this process's memory. */
final class Memory {
    private static final Path STATUS = Path.of("/proc/self/status");

    private Memory() {}

    /** Returns the peak resident memory since the start, in bytes. Works on Linux only. */
    static long peakResidentBytes() {
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                    .findFirst()
                    .orElseThrow(() -> new UserFacingException(STATUS + " has no line VmHWM: run this on Linux"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(
                    STATUS + " is needed for the peak memory and exists on Linux only", unreadable);
        }
    }

    /** Returns the bytes of heap in use after a garbage collection. */
    static long usedHeap() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
