package io.github.ttt4rec.cli.report;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;

/** How much memory this process has needed. */
public final class PeakMemory {
    private PeakMemory() {}

    /** The sum of the heap areas' largest sizes so far, garbage included, in MB; at least what was ever in use at once. */
    public static long heapMegabytes() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .mapToLong(pool -> pool.getPeakUsage().getUsed())
                        .sum()
                >> 20;
    }
}
