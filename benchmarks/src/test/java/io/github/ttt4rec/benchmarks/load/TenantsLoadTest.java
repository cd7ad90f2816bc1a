package io.github.ttt4rec.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.benchmarks.models.SyntheticShop;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A short version of {@code benchmarks/run shop}, against a server in a process of its own. */
class TenantsLoadTest {
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void tenantsAnswerListsWithFiltersAndRules(@TempDir Path directory) throws InterruptedException {
        List<String> server = List.of(
                "sh",
                "-c",
                "exec \"$0\" --add-modules jdk.incubator.vector --sun-misc-unsafe-memory-access=allow"
                        + " -XX:TieredStopAtLevel=1 $TTT4REC_JAVA_OPTS"
                        + " -cp '" + System.getProperty("java.class.path") + "' io.github.ttt4rec.cli.Main \"$@\"",
                Path.of(System.getProperty("java.home"), "bin", "java").toString());
        SyntheticShop shop = new SyntheticShop(directory, 20_000);
        shop.write();
        TenantsLoad.Result result =
                new TenantsLoad(server, shop, 2, 40, 10, 20, Duration.ZERO, Duration.ofSeconds(2)).run();
        assertThat(result.tenants()).hasSize(2).allSatisfy(tenant -> {
            assertThat(tenant.failures()).isEmpty();
            assertThat(tenant.recommendations().count()).isGreaterThan(20);
            assertThat(tenant.events().count()).isPositive();
            assertThat(tenant.cold()).isZero();
        });
        assertThat(result.serverCores()).isPositive();
    }
}
