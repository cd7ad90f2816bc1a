package io.github.ttt4rec.benchmarks.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {
    private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");

    @TempDir
    private Path directory;

    private static Series series(String name, double... ndcg) {
        return new Series(
                name,
                IntStream.range(0, ndcg.length)
                        .mapToObj(i -> new Week(
                                100, ndcg[i], 0.01, 10 * (i + 1), 0.1 * i, new Week.FirstDay(10, 0.5, 0.1 * i, i)))
                        .toList());
    }

    @Test
    void differenceOfTwoSeriesHasTheWeeksAsItsUnits() {
        Series first = series("a", 0.1, 0.2, 0.3);
        Series second = series("b", 0.2, 0.2, 0.5);
        assertThat(second.differenceTo(first)).isCloseTo(0.1, within(1e-12));
        // Weekly differences 0.1, 0, 0.2: standard deviation 0.1.
        assertThat(second.halfWidthTo(first)).isCloseTo(1.96 * 0.1 / Math.sqrt(3), within(1e-12));
    }

    @Test
    void hitRateOfNewItemsWeighsWeeksByTheirEvents() {
        // Events 10, 20, 30 with hit rates 0, 0.1, 0.2.
        assertThat(series("a", 0, 0, 0).newItemHitRate()).isCloseTo((2 + 6) / 60.0, within(1e-12));
    }

    @Test
    void weeksHaveTheEventsFromTheStartOnInTheOrderOfTime() throws IOException {
        Path log = Files.writeString(directory.resolve("log.csv"), """
                user,item,time
                ann,early,2023-12-31T23:59:59Z
                bob,b,2024-01-01T10:00:00Z
                ann,a,2024-01-01T09:00:00Z
                ann,c,2024-01-07T23:00:00Z
                bob,d,2024-01-09T00:00:00Z
                """);
        List<LogWeeks.WeekOfEvents> weeks = LogWeeks.read(log, START, 0);
        assertThat(weeks).as("the second week is not whole").hasSize(1);
        assertThat(weeks.getFirst().days().getFirst())
                .extracting(LogWeeks.Event::item)
                .containsExactly("a", "b");
        assertThat(weeks.getFirst().events()).isEqualTo(3);
        assertThatThrownBy(() -> LogWeeks.read(log, Instant.parse("2024-01-08T00:00:00Z"), 0))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("no complete week");
    }

    @Test
    void chartHasALineForEachSeriesAndAnIntervalForEachWeek() {
        String svg = Chart.svg(List.of(series("popularity", 0.1, 0.2), series("adaptive", 0.3, 0.4)));
        assertThat(svg.split("<polyline ")).hasSize(3);
        assertThat(svg.split("stroke-opacity")).hasSize(5);
        assertThat(svg).contains(">popularity</text>", ">adaptive</text>", "</svg>");
    }

    @Test
    void singleWeekHasNoIntervalButAPointInTheChart() {
        Series one = series("popularity", 0.1);
        assertThat(series("adaptive", 0.3).halfWidthTo(one)).isNaN();
        String svg = Chart.svg(List.of(
                new Series("one user", List.of(new Week(4, 0.2, Double.NaN, 0, 0, new Week.FirstDay(0, 0, 0, 0))))));
        assertThat(svg).contains("<circle ").doesNotContain("NaN");
    }
}
