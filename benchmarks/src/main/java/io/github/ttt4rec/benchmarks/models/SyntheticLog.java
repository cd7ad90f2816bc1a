package io.github.ttt4rec.benchmarks.models;

import io.github.ttt4rec.data.DataSource;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.IdMap;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A synthetic log of any size with patterns to learn. The popularity of items follows Zipf's law, and items belong to
 * topics. A user is in one topic at a time and sometimes changes to another; the next item is mostly a favourite of the
 * topic, and often the one that follows the previous item.
 *
 * @param interactions the total number of events; the last user may have fewer than five
 * @param items V
 * @param seed the seed; the same seed gives the same log
 */
public record SyntheticLog(int interactions, int items, long seed) {
    /** The mean number of events of a user. Each user has at least five, and longer histories are increasingly rare. */
    private static final int MEAN_LENGTH = 10;

    private static final int MIN_LENGTH = 5;
    private static final int ITEMS_OF_A_TOPIC = 50;
    private static final double DRIFT = 0.05;
    private static final double SUCCESSOR = 0.3;
    private static final double ZIPF_EXPONENT = 1.0;

    /** Checks the counts. */
    public SyntheticLog {
        if (interactions < 1 || items < 1) {
            throw new IllegalArgumentException("a log needs an event and an item");
        }
    }

    /** Receives the events of a log one by one. */
    @FunctionalInterface
    public interface Sink {
        /**
         * Receives the next event. Users follow one another, each with events in order of time.
         *
         * @param user from 0
         * @param item from 1
         * @param time in microseconds since 1970
         */
        void event(int user, int item, long time);
    }

    /** Generates the log in memory. */
    public Dataset generate() {
        int[] offsets = new int[interactions / MIN_LENGTH + 2];
        int[] events = new int[interactions];
        long[] times = new long[interactions];
        int[] count = new int[1];
        int users = forEach((user, item, time) -> {
            events[count[0]] = item;
            times[count[0]] = time;
            offsets[user + 1] = ++count[0];
        });
        DataSource source = new DataSource("made-up-" + interactions + "-" + items + "-" + seed, "none", List.of());
        return new Dataset(
                names("u", users), names("i", items), Arrays.copyOf(offsets, users + 1), events, times, true, source);
    }

    /** Generates the log event by event, with memory for the items only; returns the number of users. */
    public int forEach(Sink sink) {
        SplittableRandom random = new SplittableRandom(seed);
        int topics = Math.max(1, items / ITEMS_OF_A_TOPIC);
        double[] cumulative = cumulativeZipf(items);
        int users = 0;
        for (int at = 0; at < interactions; users++) {
            int end = Math.min(interactions, at + length(random));
            int topic = random.nextInt(topics);
            int item = favourite(cumulative, topics, topic, random);
            long time = 1_600_000_000_000_000L + 1000L * random.nextInt(1_000_000_000);
            for (; at < end; at++) {
                sink.event(users, item, time);
                time += 1000L * (1 + random.nextInt(86_400_000));
                if (random.nextDouble() < DRIFT) {
                    topic = random.nextInt(topics);
                }
                item = random.nextDouble() < SUCCESSOR
                        ? successor(item, topics)
                        : favourite(cumulative, topics, topic, random);
            }
        }
        return users;
    }

    private static int length(SplittableRandom random) {
        double tail = -Math.log(1 - random.nextDouble()) * (MEAN_LENGTH - MIN_LENGTH + 0.5);
        return MIN_LENGTH + (int) tail;
    }

    /** Draws an item by popularity, then returns the topic's item of about the same popularity. */
    private int favourite(double[] cumulative, int topics, int topic, SplittableRandom random) {
        int found = Arrays.binarySearch(cumulative, random.nextDouble());
        int rank = Math.min(items - 1, found < 0 ? -found - 1 : found + 1);
        int item = rank / topics * topics + topic;
        return 1 + (item < items ? item : item - topics);
    }

    /** Returns the topic's next item by popularity, or its first after the last. */
    private int successor(int item, int topics) {
        int next = item - 1 + topics;
        return 1 + (next < items ? next : (item - 1) % topics);
    }

    /** Element r is the probability of drawing a rank in {@code 0 .. r}. */
    private static double[] cumulativeZipf(int n) {
        double[] cumulative = new double[n];
        double sum = 0;
        for (int rank = 0; rank < n; rank++) {
            sum += Math.pow(rank + 1, -ZIPF_EXPONENT);
            cumulative[rank] = sum;
        }
        for (int rank = 0; rank < n; rank++) {
            cumulative[rank] /= sum;
        }
        return cumulative;
    }

    private static IdMap names(String prefix, int n) {
        return new IdMap(IntStream.range(0, n).mapToObj(i -> prefix + i).toList());
    }
}
