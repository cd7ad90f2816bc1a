package io.github.ttt4rec.benchmarks;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** This process's memory. */
final class Memory {
    private static final Path STATUS = Path.of("/proc/self/status");

    private Memory() {}

    /** The most memory that was resident at once since the start, in bytes; Linux alone tells. */
    static long peakResidentBytes() {
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                    .findFirst()
                    .orElseThrow(() -> new UserFacingException(STATUS + " has no line VmHWM: run this on Linux"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(STATUS + " tells the peak of memory, on Linux alone", unreadable);
        }
    }

    /** Bytes of the heap that are in use after a collection. */
    static long usedHeap() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
