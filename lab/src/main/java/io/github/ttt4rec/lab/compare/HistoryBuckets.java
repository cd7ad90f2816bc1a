package io.github.ttt4rec.lab.compare;

import io.github.ttt4rec.lab.compare.Results.History;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Groups test cases by the length of their history. */
final class HistoryBuckets {
    /** A bucket with fewer cases is too small for a meaningful mean. */
    static final int FEW = 100;

    private static final int[] STARTS = {1, 3, 5, 10, 20, 50, 100};

    private HistoryBuckets() {}

    /**
     * The buckets by length, one of which starts at the histories longer than max_len. If the last one has too few
     * cases for a meaningful mean, it is merged with the one before.
     */
    static List<History> of(TestCases cases, int maxLen) {
        int[] starts = IntStream.concat(
                        Arrays.stream(STARTS).filter(start -> 2 * start <= maxLen),
                        IntStream.of(maxLen + 1, 2 * maxLen + 1, 4 * maxLen + 1))
                .toArray();
        List<History> histories = new ArrayList<>();
        for (int i = 0; i < starts.length; i++) {
            int from = starts[i];
            int to = i + 1 < starts.length ? starts[i + 1] - 1 : Integer.MAX_VALUE;
            int count = (int) Arrays.stream(cases.positions())
                    .filter(length -> length >= from && length <= to)
                    .count();
            if (count > 0) {
                histories.add(new History(from, to, count));
            }
        }
        while (histories.size() > 1 && histories.getLast().cases() < FEW) {
            History last = histories.removeLast();
            History before = histories.removeLast();
            histories.add(new History(before.from(), last.to(), before.cases() + last.cases()));
        }
        History last = histories.removeLast();
        histories.add(new History(last.from(), Integer.MAX_VALUE, last.cases()));
        return List.copyOf(histories);
    }
}
