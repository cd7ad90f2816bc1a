package io.github.ttt4rec.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.data.read.Datasets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetStatisticsTest {
    private static final long NOW = 1_700_000_000_000_000L;

    @TempDir
    private Path directory;

    @Test
    void countsWhatIsThere() throws IOException {
        LoadedData loaded = load(List.of(
                new Event("a", "x", 1),
                new Event("a", "x", 1),
                new Event("a", "y", 1),
                new Event("a", "x", 1),
                new Event("a", "x", 2),
                new Event("b", "y", 5),
                new Event("b", "z", 5),
                new Event("c", "x", 9)));
        DatasetStatistics statistics = DatasetStatistics.of(loaded.dataset());
        assertThat(statistics.users()).isEqualTo(3);
        assertThat(statistics.items()).isEqualTo(3);
        assertThat(statistics.events()).isEqualTo(8);
        assertThat(statistics.firstTime()).isEqualTo(1);
        assertThat(statistics.lastTime()).isEqualTo(9);
        assertThat(statistics.tiedEvents()).isEqualTo(4);
        assertThat(statistics.usersWithOneTime()).isEqualTo(1);
        assertThat(statistics.exactDuplicates()).isEqualTo(2);
        assertThat(statistics.consecutiveRepeats()).isEqualTo(2);
        assertThat(statistics.repeatedItems()).isEqualTo(3);
        assertThat(statistics.lengths())
                .isEqualTo(new DatasetStatistics.Lengths(
                        8 / 3.0,
                        1,
                        1,
                        2,
                        5,
                        5,
                        5,
                        5,
                        List.of(
                                new DatasetStatistics.Bin(1, 1, 1),
                                new DatasetStatistics.Bin(2, 2, 1),
                                new DatasetStatistics.Bin(3, 4, 0),
                                new DatasetStatistics.Bin(5, 5, 1))));
        DatasetStatistics.Popularity popularity = statistics.popularity();
        assertThat(popularity.topItem()).isEqualTo("x");
        assertThat(popularity.topItemEvents()).isEqualTo(5);
        assertThat(popularity.topPercentShare()).isEqualTo(5 / 8.0);
        assertThat(popularity.itemsForHalf()).isEqualTo(1);
        assertThat(popularity.medianEvents()).isEqualTo(2);
        // The mean absolute difference of all pairs over twice the mean: (2 (4 + 3 + 1)) / 9 / (2 * 8 / 3).
        assertThat(popularity.gini()).isCloseTo(16 / 9.0 / (16 / 3.0), within(1e-12));
    }

    @Test
    void warnsOfWhatHurtsAndOnlyOfThat() throws IOException {
        List<String> bad = warnings(List.of(
                new Event("1.0", "x", 1),
                new Event("1.0", "x", 1),
                new Event("1.0", "x", 1),
                new Event("2.0", "y", 1),
                new Event("2.0", "x", 1),
                new Event("3.0", "x", 1)));
        assertThat(bad).anySatisfy(line -> assertThat(line).contains("written as \"1.0\""));
        assertThat(bad).anySatisfy(line -> assertThat(line).contains("only 3 users"));
        assertThat(bad).anySatisfy(line -> assertThat(line).contains("only 2 items"));
        assertThat(bad).anySatisfy(line -> assertThat(line).contains("test cases"));
        assertThat(bad).anySatisfy(line -> assertThat(line).contains("1 users have a single event"));
        assertThat(bad).anySatisfy(line -> assertThat(line).contains("have the same time as"));
        assertThat(bad).anySatisfy(line -> assertThat(line).contains("order numbers"));
        assertThat(bad).anySatisfy(line -> assertThat(line).contains("--deduplicate exact"));
        assertThat(bad).anySatisfy(line -> assertThat(line).contains("\"x\" alone"));

        List<Event> good = new ArrayList<>();
        for (int user = 0; user < 1500; user++) {
            for (int k = 0; k < 12; k++) {
                good.add(new Event("u" + user, "i" + (user * 7 + k * 13) % 500, 1_300_000_000_000L + user + 1000L * k));
            }
        }
        assertThat(warnings(good)).isEmpty();
        List<Event> future = good.stream()
                .map(event -> new Event(event.user(), event.item(), event.time() + 2_000_000_000_000L))
                .toList();
        assertThat(warnings(future)).singleElement().asString().contains("future");
    }

    private List<String> warnings(List<Event> rows) throws IOException {
        LoadedData loaded = load(rows);
        Split split = SplitSpec.parse("3:2:5").apply(loaded.dataset());
        return DataWarnings.find(loaded, split, DatasetStatistics.of(loaded.dataset()), 50, NOW);
    }

    private LoadedData load(List<Event> rows) throws IOException {
        Path file = directory.resolve("rows.csv");
        Files.writeString(file, Event.csv(rows));
        return Datasets.load(file, ReadOptions.defaults(), PrepareOptions.keepAll());
    }
}
