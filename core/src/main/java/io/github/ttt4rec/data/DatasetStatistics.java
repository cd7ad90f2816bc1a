package io.github.ttt4rec.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/**
 * Figures that describe a data set.
 *
 * @param users the number of users
 * @param items the number of items
 * @param events the number of events
 * @param lengths the distribution of the number of events per user
 * @param popularity the distribution of events over items
 * @param firstTime the earliest time
 * @param lastTime the latest time
 * @param tiedEvents events at the same time as the user's previous event, so that only file order orders them
 * @param usersWithOneTime users with several events that all have the same time
 * @param exactDuplicates events with the same user, item and time as an earlier one
 * @param consecutiveRepeats events on the same item as the user's previous event
 * @param repeatedItems events on an item that the user had before
 * @param medianGap the median time from an event to the user's next, in the unit of the data set's times; 0 if there is
 *     none
 * @param largestGap the longest such time
 * @param largestUsers the users with the most events, the largest first
 * @param largestItems the items with the most events, the largest first
 */
public record DatasetStatistics(
        int users,
        int items,
        int events,
        Lengths lengths,
        Popularity popularity,
        long firstTime,
        long lastTime,
        long tiedEvents,
        long usersWithOneTime,
        long exactDuplicates,
        long consecutiveRepeats,
        long repeatedItems,
        long medianGap,
        long largestGap,
        List<Largest> largestUsers,
        List<Largest> largestItems) {

    private static final int MAX_LARGEST = 5;
    private static final int MAX_GAPS = 1_000_000;

    private static final int[] BIN_STARTS = {1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000};

    /**
     * The distribution of the number of events per user.
     *
     * @param histogram the number of users by sequence length, from the shortest to the longest that occurs
     */
    public record Lengths(
            double mean,
            int min,
            int quarter,
            int median,
            int threeQuarters,
            int ninetyPercent,
            int ninetyNinePercent,
            int max,
            List<Bin> histogram) {}

    /** A user or an item, and its number of events. */
    public record Largest(String id, int events) {}

    /** A histogram bin: {@code users} users have between {@code from} and {@code to} events, inclusive. */
    public record Bin(int from, int to, int users) {}

    /**
     * How concentrated the events are on few items.
     *
     * @param topItem the most frequent item
     * @param topItemEvents the number of its events
     * @param topPercentShare share of all events that fall on the most frequent 1 % of the items (at least one)
     * @param topTenPercentShare the same for 10 %
     * @param itemsForHalf the number of most frequent items that together have half of the events
     * @param gini Gini coefficient: 0 if all items are equally frequent, towards 1 if one item has all events
     * @param medianEvents the number of events of the median item
     */
    public record Popularity(
            String topItem,
            int topItemEvents,
            double topPercentShare,
            double topTenPercentShare,
            int itemsForHalf,
            double gini,
            int medianEvents) {}

    /** Computes the statistics of {@code data}. */
    public static DatasetStatistics of(Dataset data) {
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (long time : data.times()) {
            first = Math.min(first, time);
            last = Math.max(last, time);
        }
        long tied = 0;
        long oneTime = 0;
        long duplicates = 0;
        long consecutive = 0;
        long repeated = 0;
        int[] lastUser = new int[data.itemCount() + 1];
        int[] lastRun = new int[data.itemCount() + 1];
        int run = 0;
        for (int user = 0; user < data.userCount(); user++) {
            int start = data.start(user);
            int end = data.offsets()[user + 1];
            for (int at = start; at < end; at++) {
                int item = data.events()[at];
                boolean sameTime = at > start && data.times()[at] == data.times()[at - 1];
                run += sameTime ? 0 : 1;
                tied += sameTime ? 1 : 0;
                duplicates += lastRun[item] == run ? 1 : 0;
                consecutive += at > start && data.events()[at - 1] == item ? 1 : 0;
                repeated += lastUser[item] == user + 1 ? 1 : 0;
                lastRun[item] = run;
                lastUser[item] = user + 1;
            }
            oneTime += end - start > 1 && data.times()[start] == data.times()[end - 1] ? 1 : 0;
        }
        long[] gaps = gaps(data);
        return new DatasetStatistics(
                data.userCount(),
                data.itemCount(),
                data.eventCount(),
                lengths(data),
                popularity(data),
                first,
                last,
                tied,
                oneTime,
                duplicates,
                consecutive,
                repeated,
                gaps.length == 0 ? 0 : gaps[(gaps.length - 1) / 2],
                gaps.length == 0 ? 0 : gaps[gaps.length - 1],
                largestUsers(data),
                largestItems(data));
    }

    /**
     * Times between consecutive events of a user, ascending: of all users, or of an evenly spaced sample of users if
     * there are many events.
     */
    private static long[] gaps(Dataset data) {
        int step = 1 + data.eventCount() / MAX_GAPS;
        long[] gaps = new long[data.eventCount()];
        int count = 0;
        for (int user = 0; user < data.userCount(); user += step) {
            for (int at = data.start(user) + 1; at < data.offsets()[user + 1]; at++) {
                gaps[count++] = data.times()[at] - data.times()[at - 1];
            }
        }
        long[] sorted = Arrays.copyOf(gaps, count);
        Arrays.sort(sorted);
        return sorted;
    }

    private static List<Largest> largestUsers(Dataset data) {
        int[] events = new int[data.userCount()];
        Arrays.setAll(events, data::length);
        return largest(events, data.users());
    }

    private static List<Largest> largestItems(Dataset data) {
        int[] events = new int[data.itemCount()];
        for (int item : data.events()) {
            events[item - 1]++;
        }
        return largest(events, data.items());
    }

    private static List<Largest> largest(int[] events, IdMap ids) {
        return IntStream.range(0, events.length)
                .mapToObj(i -> new int[] {i, events[i]})
                .collect(
                        () -> new PriorityQueue<int[]>(Comparator.comparingInt((int[] entry) -> entry[1])
                                .thenComparing(Comparator.comparingInt((int[] entry) -> entry[0])
                                        .reversed())),
                        (queue, entry) -> {
                            queue.add(entry);
                            if (queue.size() > MAX_LARGEST) {
                                queue.remove();
                            }
                        },
                        PriorityQueue::addAll)
                .stream()
                .sorted(Comparator.comparingInt((int[] entry) -> -entry[1]).thenComparingInt(entry -> entry[0]))
                .map(entry -> new Largest(ids.name(entry[0] + 1), entry[1]))
                .toList();
    }

    private static Lengths lengths(Dataset data) {
        int[] sorted = new int[data.userCount()];
        for (int user = 0; user < sorted.length; user++) {
            sorted[user] = data.length(user);
        }
        Arrays.sort(sorted);
        List<Bin> bins = new ArrayList<>();
        for (int i = 0; i < BIN_STARTS.length; i++) {
            int from = BIN_STARTS[i];
            int to = i + 1 < BIN_STARTS.length ? BIN_STARTS[i + 1] - 1 : Integer.MAX_VALUE;
            int users = (int) Arrays.stream(sorted)
                    .filter(length -> length >= from && length <= to)
                    .count();
            if (sorted[0] <= to && from <= sorted[sorted.length - 1]) {
                bins.add(new Bin(from, Math.min(to, sorted[sorted.length - 1]), users));
            }
        }
        return new Lengths(
                (double) data.eventCount() / data.userCount(),
                sorted[0],
                quantile(sorted, 0.25),
                quantile(sorted, 0.5),
                quantile(sorted, 0.75),
                quantile(sorted, 0.9),
                quantile(sorted, 0.99),
                sorted[sorted.length - 1],
                List.copyOf(bins));
    }

    /** The smallest value such that at least {@code share} of the values do not exceed it. */
    private static int quantile(int[] sorted, double share) {
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }

    private static Popularity popularity(Dataset data) {
        int[] counts = new int[data.itemCount()];
        for (int item : data.events()) {
            counts[item - 1]++;
        }
        int top = 0;
        for (int i = 0; i < counts.length; i++) {
            top = counts[i] > counts[top] ? i : top;
        }
        int topEvents = counts[top];
        Arrays.sort(counts);
        int items = counts.length;
        double weighted = 0;
        long held = 0;
        int forHalf = 0;
        long inTopPercent = 0;
        long inTopTenPercent = 0;
        for (int rank = 0; rank < items; rank++) {
            int events = counts[items - 1 - rank];
            forHalf += 2 * held < data.eventCount() ? 1 : 0;
            held += events;
            inTopPercent += rank < Math.max(1, items / 100) ? events : 0;
            inTopTenPercent += rank < Math.max(1, items / 10) ? events : 0;
            weighted += (double) (items - rank) * events;
        }
        double total = data.eventCount();
        return new Popularity(
                data.items().name(top + 1),
                topEvents,
                inTopPercent / total,
                inTopTenPercent / total,
                forHalf,
                2 * weighted / (items * total) - (items + 1.0) / items,
                quantile(counts, 0.5));
    }
}
