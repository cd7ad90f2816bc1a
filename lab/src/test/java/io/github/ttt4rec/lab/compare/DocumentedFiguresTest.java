package io.github.ttt4rec.lab.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Checks that the tables in the documentation contain the figures of {@code docs/results}, which {@code compare} wrote.
 */
class DocumentedFiguresTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final int PROTOCOL = 1;
    private static final int METRIC = 2;
    private static final int MEAN = 3;
    private static final int LOW = 4;
    private static final int HIGH = 5;

    /** One method's figures under one protocol, as the documentation writes them. */
    private record Figures(String both, String interval) {}

    /** The figures of a file of means by method and protocol, such as {@code hybrid all}. */
    private static Map<String, Figures> figures(String file) throws IOException {
        List<String> lines = Files.readAllLines(DOCS.resolve("results").resolve(file));
        assertThat(lines.getFirst()).isEqualTo("model,protocol,metric,mean,low,high,sd");
        Map<String, String> hitRates = new LinkedHashMap<>();
        Map<String, Figures> figures = new LinkedHashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            String key = cells[0] + " " + cells[PROTOCOL];
            if (cells[METRIC].equals("HR@10")) {
                hitRates.put(key, rounded(cells[MEAN]));
            } else if (cells[METRIC].equals("NDCG@10")) {
                // The hit rate precedes it.
                figures.put(
                        key,
                        new Figures(
                                hitRates.get(key) + " / " + rounded(cells[MEAN]),
                                rounded(cells[LOW]) + " – " + rounded(cells[HIGH])));
            }
        }
        assertThat(figures).as(file).isNotEmpty();
        return figures;
    }

    /** A number as the documentation writes it: four decimals, without the 0 before the point. */
    private static String rounded(String number) {
        return String.format(Locale.ROOT, "%.4f", Double.parseDouble(number)).substring(1);
    }

    private static String section(String page, String from, String to) {
        int start = page.indexOf(from);
        int end = page.indexOf(to, start);
        assertThat(start).as(from).isNotNegative();
        assertThat(end).as(to).isGreaterThan(start);
        return page.substring(start, end);
    }

    /** Checks both protocols and intervals, or protocol {@code all} without intervals. */
    private static void check(String section, String file, boolean everything) throws IOException {
        figures(file).forEach((method, figures) -> {
            boolean all = method.endsWith(" all");
            if (everything || all) {
                assertThat(section)
                        .as("%s of docs/results/%s: change docs/beyond.md", method, file)
                        .contains(figures.both());
            }
            if (everything && all) {
                assertThat(section)
                        .as("interval of %s of docs/results/%s: change docs/beyond.md", method, file)
                        .contains(figures.interval());
            }
        });
    }

    @Test
    void tablesOfTheDefaultModelAreThoseOfTheResults() throws IOException {
        String page = Files.readString(DOCS.resolve("beyond.md"));
        String amazon = section(page, "**Amazon Video Games, 3:2:5**", "**The bundled shop, temporal**");
        check(amazon, "default-amazon-325.csv", true);
        check(amazon, "linear-dropout-amazon-325.csv", true);
        check(section(page, "**The bundled shop, temporal**", "In both tables"), "default-shop-temporal.csv", true);
        check(
                section(
                        page,
                        "**Tuned opponents and a blend of them, Amazon",
                        "**Tuned opponents and a blend of them, the shop"),
                "tuned-amazon-325.csv",
                true);
        check(
                section(page, "**Tuned opponents and a blend of them, the shop", "**Amazon Video Games, 6:2:2**"),
                "tuned-shop-temporal.csv",
                true);
        check(section(page, "**Amazon Video Games, 6:2:2**", "**Gowalla"), "default-amazon-622.csv", false);
    }

    @Test
    void tableOfTheAblationIsThatOfTheResults() throws IOException {
        String page = Files.readString(DOCS.resolve("beyond.md"));
        String parts = section(page, "## What each part brings", "## Attempts without benefit");
        for (String file : List.of("ablation-amazon-325.csv", "ablation-shop-temporal.csv")) {
            figures(file)
                    .forEach((method, figures) -> assertThat(parts)
                            .as("%s of docs/results/%s: change docs/beyond.md", method, file)
                            .contains(figures.both()));
        }
    }

    @Test
    void readmeHasTheFiguresOfTheDefaultModel() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        for (String file : List.of("default-amazon-325.csv", "default-shop-temporal.csv")) {
            Map<String, Figures> figures = figures(file);
            for (String key : List.of("hybrid all", "hybrid unseen")) {
                assertThat(readme)
                        .as("%s of docs/results/%s: change README.md", key, file)
                        .contains(Objects.requireNonNull(figures.get(key)).both());
            }
        }
    }
}
