package io.github.ttt4rec.flink.job;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.TaskManagerOptions;

/** Settings for Flink embedded in this process; a cluster has its own. */
public final class Embedded {
    private static final MemorySize MANAGED = MemorySize.ofMebiBytes(128);
    private static final MemorySize NETWORK = MemorySize.ofMebiBytes(64);

    private Embedded() {}

    /** Returns a new, modifiable configuration. */
    public static Configuration configuration() {
        Configuration configuration = new Configuration();
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MANAGED);
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, NETWORK);
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, NETWORK);
        strict(configuration);
        return configuration;
    }

    /** Forbids Kryo: a later version might not be able to read its format. */
    public static void strict(Configuration configuration) {
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
    }
}
