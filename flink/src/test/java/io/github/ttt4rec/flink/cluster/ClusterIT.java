package io.github.ttt4rec.flink.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs after the build of the job's jar. */
class ClusterIT {
    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void everyEventHasOneListAsInOneProcessThroughKillsAndUpgrades(@TempDir Path directory) {
        int exitCode = ClusterRun.run(
                "--short",
                "--small-model",
                "--events",
                "6000",
                "--users",
                "200",
                "--items",
                "40",
                "--jar",
                System.getProperty("ttt4rec.cluster.jar"),
                "--libraries",
                System.getProperty("ttt4rec.cluster.libraries"),
                "--directory",
                directory.resolve("run").toString());
        assertThat(exitCode).isZero();
    }
}
