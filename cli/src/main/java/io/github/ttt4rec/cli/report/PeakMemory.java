package io.github.ttt4rec.cli.report;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;

/** Measures the memory that this process has needed. */
public final class PeakMemory {
    private PeakMemory() {}

    /**
     * Returns the sum of the heap areas' peak sizes in MB, garbage included. This is an upper bound of the memory in
     * use at any one time.
     */
    public static long heapMegabytes() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .mapToLong(pool -> pool.getPeakUsage().getUsed())
                        .sum()
                >> 20;
    }
}
