package io.github.ttt4rec.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RooflineTest {
    private static Roofline of(String kernels, double factor) {
        return new Roofline(
                kernels,
                500 / factor,
                50,
                List.of(
                        new Roofline.Row("scan", 10, 0.25, 0.02 * factor, 0.1),
                        new Roofline.Row("all else", 0, 0, 0, 0.05),
                        new Roofline.Row("together", 10, 0.25, 0.02 * factor, 0.15)));
    }

    @Test
    void fileKeepsEveryFigure(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("roofline.tsv");
        Roofline written = of("vector 512 bit", 1.1);
        written.write(file);
        assertThat(Roofline.read(file)).isEqualTo(written);
    }

    @Test
    void tableHasTheWidthsSideBySide() {
        String table = MarkdownTable.of(Roofline.table(List.of(of("vector 512 bit", 1), of("vector 256 bit", 2))));
        assertThat(table.lines().toList().getFirst())
                .contains("stage", "GFLOP", "vector 512 bit: at the limit", "vector 256 bit: at the limit");
        assertThat(table.replaceAll(" +", " "))
                .contains("| scan | 10.0 | 0.25 | 0.020 s | 0.100 s | 20 % | 0.040 s | 0.100 s | 40 % |")
                .contains("| all else | | | | 0.050 s | | | 0.050 s | |");
    }
}
