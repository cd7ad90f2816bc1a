package io.github.ttt4rec.hybrid;

import io.github.ttt4rec.data.DataSource;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.recommend.History;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Makes small logs for tests. */
final class Logs {
    static final long MINUTE = 60_000_000L;
    static final long DAY = 24 * 60 * MINUTE;

    private Logs() {}

    /** A log of the users' items with one event per day; without times if {@code times} is false. */
    static Dataset of(int itemCount, boolean times, int[]... users) {
        int[] offsets = new int[users.length + 1];
        for (int u = 0; u < users.length; u++) {
            offsets[u + 1] = offsets[u] + users[u].length;
        }
        int[] events = Arrays.stream(users).flatMapToInt(Arrays::stream).toArray();
        long[] at = new long[events.length];
        for (int u = 0; u < users.length; u++) {
            for (int i = offsets[u]; i < offsets[u + 1]; i++) {
                at[i] = times ? (i - offsets[u]) * DAY : i - offsets[u];
            }
        }
        return new Dataset(
                new IdMap(
                        IntStream.range(0, users.length).mapToObj(u -> "u" + u).toList()),
                new IdMap(IntStream.rangeClosed(1, itemCount)
                        .mapToObj(v -> "i" + v)
                        .toList()),
                offsets,
                events,
                at,
                times,
                new DataSource("test", "", List.of()));
    }

    /** Splits a log so that the last event of each user is for test and the one before it for validation. */
    static Split leaveOneOut(Dataset data) {
        int[] validStart = new int[data.userCount()];
        int[] testStart = new int[data.userCount()];
        for (int u = 0; u < validStart.length; u++) {
            validStart[u] = data.length(u) - 2;
            testStart[u] = data.length(u) - 1;
        }
        return new Split("leave-one-out", data, validStart, testStart);
    }

    /** Random histories in which the next item in a circle follows in two of three cases. */
    static int[][] circles(int users, int length, int items, SplittableRandom random) {
        int[][] all = new int[users][length];
        for (int[] user : all) {
            user[0] = random.nextInt(1, items + 1);
            for (int i = 1; i < length; i++) {
                user[i] = random.nextInt(3) > 0 ? user[i - 1] % items + 1 : random.nextInt(1, items + 1);
            }
        }
        return all;
    }

    /** A random history of up to {@code longest} events, whose times are sometimes out of order. */
    static History history(int items, int longest, SplittableRandom random) {
        int n = random.nextInt(1, longest + 1);
        int[] events = random.ints(n, 1, items + 1).toArray();
        if (random.nextInt(4) == 0) {
            return History.of(events);
        }
        long[] times = random.longs(n, 0, 100 * DAY).toArray();
        if (random.nextInt(4) > 0) {
            Arrays.sort(times);
        }
        return new History(events, times, 0, n, random.nextLong(0, 120 * DAY));
    }
}
