package io.github.ttt4rec.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.cli.Run;
import io.github.ttt4rec.cli.report.ItemNames;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the demo on a small synthetic shop, because the real data takes a minute. */
class DemoCommandTest {
    private static final int AISLES = 40;
    private static final int SHELF = 12;

    @TempDir
    private Path directory;

    @Test
    void tellsItsStoryOn80Columns() throws IOException {
        writeShop(directory);
        Run run = Run.of("demo", "--files", directory.toString(), "--threads", "2")
                .done();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("What will the customers of a gift shop buy next?", "CC BY 4.0")
                .containsPattern("(?m)^ {4}3 ")
                .containsPattern("ttt4rec +0\\.[0-9]{3}")
                .containsPattern("most popular +0\\.[0-9]{3}")
                .contains("come back in December", "Last bought: Product of aisle")
                .containsPattern("(?m)^   1 [ *] ?.* (new|=|[\u2191\u2193][1-9])")
                .contains("train     --data events.csv --out model", "The demo took")
                .endsWith("  ttt4rec demo --serve\n");
        assertThat(run.out()).doesNotContain("\u001B");
        assertThat(run.out().lines())
                .filteredOn(line -> !line.contains(directory.toString()))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void missingDataIsReportedInOneLine() {
        Run.of("demo", "--files", directory.toString()).failedSaying("products.csv.gz", "no such file");
    }

    @Test
    void realDataIsInTheRepository() {
        Path root = Path.of("").toAbsolutePath();
        root = Files.exists(root.resolve("mvnw")) ? root : root.getParent();
        assertThat(ItemNames.read(root.resolve("demo/products.csv.gz")).of("85123A"))
                .isEqualTo("WHITE HANGING HEART T-LIGHT HOLDER");
        assertThat(root.resolve("demo/online-retail.csv.gz")).exists();
    }

    /** Makes customers who buy from one aisle, six products at a time. */
    static void writeShop(Path directory) throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        String[] dates = {"2011-03-01", "2011-06-01", "2011-09-01", "2011-11-28", "2011-12-05"};
        try (Writer log = gzip(directory.resolve("online-retail.csv.gz"));
                Writer names = gzip(directory.resolve("products.csv.gz"))) {
            log.write("customer,item,time,invoice\n");
            for (int customer = 0; customer < 120; customer++) {
                int aisle = customer % AISLES;
                for (String date : dates) {
                    int start = random.nextInt(SHELF);
                    for (int i = 0; i < 6; i++) {
                        log.write("c" + customer + ",p" + (aisle * SHELF + (start + i) % SHELF) + ","
                                + LocalDate.parse(date) + "T10:00," + customer + "-" + date + "\n");
                    }
                }
            }
            names.write("item,name\n");
            for (int product = 0; product < AISLES * SHELF; product++) {
                names.write(
                        "p" + product + ",PRODUCT OF AISLE " + product / SHELF + " NUMBER " + product % SHELF + "\n");
            }
        }
    }

    private static Writer gzip(Path file) throws IOException {
        return new OutputStreamWriter(new GZIPOutputStream(Files.newOutputStream(file)), StandardCharsets.UTF_8);
    }
}
