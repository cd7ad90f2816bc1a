package io.github.ttt4rec.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ttt4rec.data.read.Datasets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Counts on real files: the paper's data if it is present, and the demo's data, which is always there. */
class RealDataTest {
    /** Tests run in the module's directory, one below the repository's root. */
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void amazonVideoGamesHasTheCasesOfThePaper() {
        String shared = System.getProperty("ttt4rec.sharedData");
        Path directory = shared == null ? ROOT.resolve("../shared/data") : Path.of(shared);
        Path file = directory.resolve("amazon-video-games.csv.gz");
        assumeTrue(Files.exists(file), () -> "no " + file + ", which may not be redistributed");
        LoadedData loaded = Datasets.load(file, ReadOptions.defaults(), PrepareOptions.defaults());
        Dataset data = loaded.dataset();
        assertThat(data.userCount()).isEqualTo(24_303);
        assertThat(data.itemCount()).isEqualTo(10_672);
        assertThat(data.eventCount()).isEqualTo(231_780);
        assertThat(loaded.report().ordinalTimes()).isTrue();
        assertThat(cases(data, "3:2:5")).containsExactly(70_497, 38_221, 98_759);
        assertThat(cases(data, "6:2:2")).containsExactly(131_035, 38_221, 38_221);
        assertThat(cases(data, "leave-one-out")).containsExactly(158_871, 24_303, 24_303);
    }

    @Test
    void demoDataIsWhatItsReadmeSays() throws IOException {
        Path demo = ROOT.resolve("demo");
        Path file = demo.resolve("online-retail.csv.gz");
        Dataset all = Datasets.read(file, ReadOptions.defaults(), PrepareOptions.keepAll());
        assertThat(all.eventCount()).isEqualTo(386_354);
        assertThat(all.userCount()).isEqualTo(4_335);
        assertThat(all.itemCount()).isEqualTo(3_659);
        Dataset core = Datasets.read(file, ReadOptions.defaults(), PrepareOptions.defaults());
        assertThat(core.eventCount()).isEqualTo(384_776);
        assertThat(core.userCount()).isEqualTo(4_104);
        assertThat(core.itemCount()).isEqualTo(3_179);

        Set<String> named = new HashSet<>();
        for (String line : lines(demo.resolve("products.csv.gz"))) {
            assertThat(line).matches("[0-9]{5}[A-Z]*,.+");
            named.add(line.substring(0, line.indexOf(',')));
        }
        assertThat(named).containsExactlyInAnyOrderElementsOf(all.items().names());

        Set<String> itemsOfBaskets = new HashSet<>();
        for (String line : lines(file)) {
            String[] fields = line.split(",", -1);
            assertThat(fields[3]).matches("[0-9]{6}");
            assertThat(itemsOfBaskets.add(fields[3] + " " + fields[1])).as(line).isTrue();
        }
        assertThat(Files.size(file) + Files.size(demo.resolve("products.csv.gz")))
                .isLessThan(3_000_000);
    }

    private static List<String> lines(Path gzip) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(gzip))) {
            List<String> lines = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return lines.subList(1, lines.size());
        }
    }

    private static List<Integer> cases(Dataset data, String spec) {
        Split split = SplitSpec.parse(spec).apply(data);
        return java.util.Arrays.stream(Split.Part.values())
                .map(part -> (int) split.cases(part))
                .toList();
    }
}
