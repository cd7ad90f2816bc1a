package io.github.ttt4rec.benchmarks.replay;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The weekly figures of a method.
 *
 * @param name the method's name
 * @param weeks the weeks in order; every series of a replay has the same events in a week
 */
record Series(String name, List<Week> weeks) {
    private static final double NORMAL_95 = 1.96;

    /** Returns the mean of the weekly NDCG@10. */
    double mean() {
        return weeks.stream().mapToDouble(Week::ndcg).average().orElse(0);
    }

    /** Returns the mean of the weekly differences to another series. */
    double differenceTo(Series other) {
        return mean() - other.mean();
    }

    /** Returns half of the 95 % interval of {@link #differenceTo}, with weeks as independent units; NaN for one week. */
    double halfWidthTo(Series other) {
        int n = weeks.size();
        double mean = differenceTo(other);
        double squares = 0;
        for (int week = 0; week < n; week++) {
            double deviation = weeks.get(week).ndcg() - other.weeks().get(week).ndcg() - mean;
            squares += deviation * deviation;
        }
        return n < 2 ? Double.NaN : NORMAL_95 * Math.sqrt(squares / (n - 1) / n);
    }

    /** Returns the number of ranked events whose items had no event in the first training. */
    int newItemEvents() {
        return weeks.stream().mapToInt(Week::newItemEvents).sum();
    }

    /** The events of items on their first day; the median of the weeks' median ranks, each as often as it has events. */
    Week.FirstDay firstDays() {
        List<Week.FirstDay> all = weeks.stream()
                .map(Week::firstDay)
                .filter(week -> week.events() > 0)
                .toList();
        int events = all.stream().mapToInt(Week.FirstDay::events).sum();
        int[] ranks = all.stream()
                .flatMapToInt(
                        week -> IntStream.generate(() -> week.medianRank() == 0 ? Integer.MAX_VALUE : week.medianRank())
                                .limit(week.events()))
                .sorted()
                .toArray();
        int median = events == 0 || ranks[events / 2] == Integer.MAX_VALUE ? 0 : ranks[events / 2];
        return new Week.FirstDay(
                events,
                all.stream().mapToDouble(week -> week.known() * week.events()).sum() / Math.max(1, events),
                all.stream().mapToDouble(week -> week.hits() * week.events()).sum() / Math.max(1, events),
                median);
    }

    /** HR@10 of those events. */
    double newItemHitRate() {
        return weeks.stream()
                        .mapToDouble(week -> week.newItemHits() * week.newItemEvents())
                        .sum()
                / Math.max(1, newItemEvents());
    }
}
