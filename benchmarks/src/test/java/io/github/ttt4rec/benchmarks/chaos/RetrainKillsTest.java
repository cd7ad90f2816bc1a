package io.github.ttt4rec.benchmarks.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code benchmarks/run retrain-kills}, on a small log. */
class RetrainKillsTest {
    private static final long SEED = 3;
    private static final int KILLS = 4;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void killedRetrainingsLeaveAWholeModelAndAllEvents(@TempDir Path directory)
            throws IOException, InterruptedException {
        System.out.println("kills of retrainings, seed " + SEED);
        List<String> launcher = List.of(
                "sh",
                "-c",
                "exec \"$0\" --add-modules jdk.incubator.vector --sun-misc-unsafe-memory-access=allow"
                        + " -XX:TieredStopAtLevel=1 -Dttt4rec.kernels=scalar $TTT4REC_JAVA_OPTS"
                        + " -cp '" + System.getProperty("java.class.path") + "' io.github.ttt4rec.cli.Main \"$@\"",
                Path.of(System.getProperty("java.home"), "bin", "java").toString());
        RetrainKills.Log log = new RetrainKills.Log(
                log(directory.resolve("events.csv")),
                "2020-01-25",
                "2020-02-10",
                "i0",
                List.of("--set", "epochs=1", "--set", "hidden_size=16", "--set", "batch_size=64"));
        RetrainKills kills = new RetrainKills(launcher, log, directory.resolve("out"), System.out::println);
        int unfinished = kills.run(KILLS, SEED);
        assertThat(unfinished).as("seed %d", SEED).isPositive();
        assertThat(kills.models()).isBetween(1L, 3L);
    }

    /** 60 users who go through 20 items in a circle, an event a day for 40 days. */
    private static Path log(Path file) throws IOException {
        StringBuilder rows = new StringBuilder("user,item,time\n");
        LocalDate start = LocalDate.of(2020, 1, 1);
        for (int day = 0; day < 40; day++) {
            for (int user = 0; user < 60; user++) {
                rows.append("u")
                        .append(user)
                        .append(",i")
                        .append((user + day) % 20)
                        .append(',');
                rows.append(start.plusDays(day)).append("T12:00:00Z\n");
            }
        }
        return Files.writeString(file, rows);
    }
}
