package io.github.ttt4rec.benchmarks.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A short version of {@code benchmarks/run chaos}: some faults, against a server in a process of its own. */
class CampaignTest {
    private static final long SEED = 7;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void nothingIsLostOrDoubledThroughFaults(@TempDir Path directory) throws IOException {
        System.out.println("campaign, seed " + SEED);
        List<String> server = List.of(
                "sh",
                "-c",
                "exec \"$0\" --add-modules jdk.incubator.vector --sun-misc-unsafe-memory-access=allow"
                        + " -XX:TieredStopAtLevel=1 -XX:+ExitOnOutOfMemoryError $TTT4REC_JAVA_OPTS"
                        + " -cp '" + System.getProperty("java.class.path") + "' io.github.ttt4rec.cli.Main \"$@\"",
                Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Campaign.Report report;
        try (Campaign campaign = new Campaign(server, directory, SEED, line -> System.out.println(line))) {
            report = campaign.run(
                    2,
                    List.of(Fault.FULL_DISK, Fault.SLOW_CLIENTS, Fault.FORGET, Fault.DAMAGED_LOG, Fault.FREEZE),
                    100);
        }
        System.out.println(report);
        assertThat(report.wrong()).isEmpty();
        assertThat(report.acknowledged()).isGreaterThan(50);
        assertThat(report.done()).containsEntry(Fault.KILL, 2);
        assertThat(report.fuzzed().get("TLS").values().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isEqualTo(50);
    }

    @Test
    void ledgerSeesLostDoubledAndStrangeEvents() {
        Ledger ledger = new Ledger();
        for (int i = 0; i < 3; i++) {
            ledger.sent("e" + i);
            assertThat(ledger.acknowledge("u", i, new Ledger.Entry("e" + i, "i")))
                    .isEmpty();
        }
        List<Ledger.Stored> stored = List.of(new Ledger.Stored(0, "e0", "i"), new Ledger.Stored(1, "e1", "i"));
        assertThat(ledger.compare("u", stored)).containsExactly("u: e2 was acknowledged at 2 and is lost");
        assertThat(ledger.compare(
                        "u",
                        List.of(
                                stored.get(0),
                                stored.get(1),
                                new Ledger.Stored(2, "e2", "i"),
                                new Ledger.Stored(3, "e1", "i"))))
                .containsExactly("u: e1 is there twice, at 1 and 3");
        assertThat(ledger.compare(
                        "u", List.of(stored.get(0), new Ledger.Stored(1, "e2", "i"), new Ledger.Stored(2, "e1", "i"))))
                .hasSize(2);
        assertThat(ledger.compare(
                        "u",
                        List.of(
                                stored.get(0),
                                stored.get(1),
                                new Ledger.Stored(2, "e2", "i"),
                                new Ledger.Stored(3, "x", "i"))))
                .containsExactly("u: x was never sent");
        assertThat(ledger.acknowledge("u", 1, new Ledger.Entry("e2", "i"))).hasSize(1);
    }
}
