package io.github.ttt4rec.hybrid;

import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Tables about the items, counted on training events.
 *
 * @param cooccurrence {@code s(h, v) = |U(h) ∩ U(v)| / (√(|U(h)| |U(v)|) + 10)}, where U(v) is the set of users with v
 *     (Deshpande and Karypis 2004, shrunk as by Ferrari Dacrema et al. 2019)
 * @param transitions the sum of 1/distance over the occurrences of v up to 10 events after h, divided by the count of h
 *     plus 5
 * @param successions the number of times that v directly follows h, divided by the count of h plus 5
 * @param nextVisits the sum of 1/distance in visits over the occurrences of v up to 3 visits after h, divided by the
 *     count of h plus 5; empty without times
 * @param popularity the logarithm of 1 + the number of events of each item, by index
 * @param freshPopularity the logarithm of 0.3 + the sum of each item's events weighted by age; zeros without times
 * @param repeats the logarithm of each item's repeat rate divided by that of all items
 * @param repeatShare the share of all events on an item that the user had before
 */
record ItemTables(
        ItemLists cooccurrence,
        ItemLists transitions,
        ItemLists successions,
        ItemLists nextVisits,
        float[] popularity,
        float[] freshPopularity,
        float[] repeats,
        double repeatShare) {
    static final double SHRINKAGE = 10;
    static final double TRANSITION_SHRINKAGE = 5;
    private static final int TRANSITION_WINDOW = 10;
    private static final int VISITS = 3;
    /**
     * The number of last items of a user that are related to each other. The limit keeps a single long history from
     * taking hours.
     */
    private static final int MAX_ROW = 500;

    private static final double REPEAT_PRIOR = 10;
    static final double FRESH_FLOOR = 0.3;
    private static final double DAY = 86_400e6;

    /** Returns whether they were counted on a log with times. */
    boolean areTimed() {
        return IntStream.range(0, freshPopularity.length).anyMatch(item -> freshPopularity[item] != 0);
    }

    /** Counts the tables. */
    static ItemTables count(TrainingEvents events, HybridConfig config) {
        TrainingEvents.Occurrences occurrences = events.occurrences();
        boolean times = events.data().hasTimes() && config.useTimes();
        int items = events.data().itemCount();
        double[] fresh = new double[items + 1];
        double[] repeated = new double[items + 1];
        long total = occurrences.users().length;
        // Rounded to float, so that a table equals its saved copy.
        double repeatShare = (float) (countRepeats(events, repeated) / (double) Math.max(1, total));
        if (times) {
            countFresh(events, config.freshDays() * DAY, fresh);
        }
        float[] popularity = new float[items + 1];
        float[] freshPopularity = new float[items + 1];
        float[] repeats = new float[items + 1];
        for (int v = 1; v <= items; v++) {
            popularity[v] = (float) Math.log1p(occurrences.count(v));
            freshPopularity[v] = times ? (float) Math.log(FRESH_FLOOR + fresh[v]) : 0;
            double rate = (repeated[v] + REPEAT_PRIOR * repeatShare + 1e-3)
                    / (occurrences.count(v) + REPEAT_PRIOR)
                    / (repeatShare + 1e-4);
            repeats[v] = (float) Math.log(rate);
        }
        return new ItemTables(
                cooccurrence(events, config.neighbours()),
                transitions(events, occurrences, config.neighbours(), TRANSITION_WINDOW),
                transitions(events, occurrences, config.neighbours(), 1),
                times
                        ? nextVisits(events, occurrences, config.neighbours(), config.visitGapMicros())
                        : ItemLists.empty(items),
                popularity,
                freshPopularity,
                repeats,
                repeatShare);
    }

    /**
     * Counts the repeated events of each item, that is, all but each user's first event on it; returns their number.
     */
    private static long countRepeats(TrainingEvents events, double[] repeated) {
        int[] lastUser = new int[repeated.length];
        long all = 0;
        for (int user = 0; user < events.lengths().length; user++) {
            for (int p = 0; p < events.lengths()[user]; p++) {
                int item = events.data().item(user, p);
                if (lastUser[item] == user + 1) {
                    repeated[item]++;
                    all++;
                }
                lastUser[item] = user + 1;
            }
        }
        return all;
    }

    private static void countFresh(TrainingEvents events, double scale, double[] fresh) {
        Dataset data = events.data();
        long end = Long.MIN_VALUE;
        for (int user = 0; user < events.lengths().length; user++) {
            for (int p = 0; p < events.lengths()[user]; p++) {
                end = Math.max(end, data.times()[data.start(user) + p]);
            }
        }
        for (int user = 0; user < events.lengths().length; user++) {
            for (int p = 0; p < events.lengths()[user]; p++) {
                fresh[data.item(user, p)] += Math.exp((data.times()[data.start(user) + p] - (double) end) / scale);
            }
        }
    }

    private static ItemLists cooccurrence(TrainingEvents events, int top) {
        Dataset data = events.data();
        int items = data.itemCount();
        int[][] rows = new int[events.lengths().length][];
        int[] lastRow = new int[items + 1];
        int[] counts = new int[items + 1];
        int[] row = new int[MAX_ROW];
        for (int user = 0; user < rows.length; user++) {
            int filled = 0;
            for (int p = events.lengths()[user] - 1; p >= 0 && filled < MAX_ROW; p--) {
                int item = data.item(user, p);
                if (lastRow[item] != user + 1) {
                    lastRow[item] = user + 1;
                    counts[item]++;
                    row[filled++] = item;
                }
            }
            rows[user] = Arrays.copyOf(row, filled);
        }
        int[][] columns = new int[items + 1][];
        for (int v = 1; v <= items; v++) {
            columns[v] = new int[counts[v]];
        }
        int[] filled = new int[items + 1];
        for (int user = 0; user < rows.length; user++) {
            for (int item : rows[user]) {
                columns[item][filled[item]++] = user;
            }
        }
        ItemLists.Builder builder = new ItemLists.Builder(items, top);
        for (int v = 1; v <= items; v++) {
            for (int user : columns[v]) {
                for (int other : rows[user]) {
                    if (other != v) {
                        builder.add(other, 1 / (Math.sqrt((double) counts[v] * counts[other]) + SHRINKAGE));
                    }
                }
            }
            builder.finish(1);
        }
        return builder.build();
    }

    private static ItemLists transitions(
            TrainingEvents events, TrainingEvents.Occurrences occurrences, int top, int window) {
        Dataset data = events.data();
        ItemLists.Builder builder = new ItemLists.Builder(data.itemCount(), top);
        for (int v = 1; v <= data.itemCount(); v++) {
            for (int i = occurrences.offsets()[v]; i < occurrences.offsets()[v + 1]; i++) {
                int user = occurrences.users()[i];
                int from = occurrences.positions()[i];
                int to = Math.min(events.lengths()[user] - 1, from + window);
                for (int p = from + 1; p <= to; p++) {
                    builder.add(data.item(user, p), 1.0 / (p - from));
                }
            }
            builder.finish(1 / (occurrences.count(v) + TRANSITION_SHRINKAGE));
        }
        return builder.build();
    }

    private static ItemLists nextVisits(
            TrainingEvents events, TrainingEvents.Occurrences occurrences, int top, long visitGap) {
        Dataset data = events.data();
        ItemLists.Builder builder = new ItemLists.Builder(data.itemCount(), top);
        for (int v = 1; v <= data.itemCount(); v++) {
            for (int i = occurrences.offsets()[v]; i < occurrences.offsets()[v + 1]; i++) {
                int user = occurrences.users()[i];
                int from = occurrences.positions()[i];
                int start = data.start(user);
                int visits = 0;
                int to = Math.min(events.lengths()[user], from + MAX_ROW);
                for (int p = from + 1; p < to && visits <= VISITS; p++) {
                    if (data.times()[start + p] - data.times()[start + p - 1] > visitGap) {
                        visits++;
                    }
                    if (visits > 0 && visits <= VISITS) {
                        builder.add(data.item(user, p), 1.0 / visits);
                    }
                }
            }
            builder.finish(1 / (occurrences.count(v) + TRANSITION_SHRINKAGE));
        }
        return builder.build();
    }

    /** These tables for a catalogue with more items at its end, about which they have no counts. */
    ItemTables withItems(int more, float[] largerPopularity, float[] largerFresh) {
        return new ItemTables(
                cooccurrence.withItems(more),
                transitions.withItems(more),
                successions.withItems(more),
                nextVisits.withItems(more),
                largerPopularity,
                largerFresh,
                Arrays.copyOf(repeats, repeats.length + more),
                repeatShare);
    }

    /** These tables with the mean popularities of the other items for some items. */
    ItemTables withMeanPopularity(BitSet items) {
        return new ItemTables(
                cooccurrence,
                transitions,
                successions,
                nextVisits,
                withMean(popularity, items),
                withMean(freshPopularity, items),
                repeats,
                repeatShare);
    }

    private static float[] withMean(float[] values, BitSet items) {
        double sum = 0;
        int count = 0;
        for (int item = 1; item < values.length; item++) {
            if (!items.get(item)) {
                sum += values[item];
                count++;
            }
        }
        float[] changed = values.clone();
        float mean = (float) (sum / Math.max(1, count));
        items.stream().forEach(item -> changed[item] = mean);
        return changed;
    }

    List<TensorData> tensors() {
        List<TensorData> tensors = new ArrayList<>();
        tensors.addAll(cooccurrence.tensors(HybridRecommender.PREFIX + "cooccurrence"));
        tensors.addAll(transitions.tensors(HybridRecommender.PREFIX + "transitions"));
        tensors.addAll(successions.tensors(HybridRecommender.PREFIX + "successions"));
        tensors.addAll(nextVisits.tensors(HybridRecommender.PREFIX + "next_visits"));
        int[] shape = {popularity.length};
        tensors.add(new TensorData.Floats(HybridRecommender.PREFIX + "item.popularity", shape, popularity));
        tensors.add(new TensorData.Floats(HybridRecommender.PREFIX + "item.fresh_popularity", shape, freshPopularity));
        tensors.add(new TensorData.Floats(HybridRecommender.PREFIX + "item.repeats", shape, repeats));
        tensors.add(new TensorData.Floats(
                HybridRecommender.PREFIX + "repeat_share", new int[] {1}, new float[] {(float) repeatShare}));
        return tensors;
    }

    /** Restores tables from their {@link #tensors}. */
    static ItemTables load(TensorFile file, int itemCount) {
        return new ItemTables(
                ItemLists.load(file, HybridRecommender.PREFIX + "cooccurrence", itemCount),
                ItemLists.load(file, HybridRecommender.PREFIX + "transitions", itemCount),
                ItemLists.load(file, HybridRecommender.PREFIX + "successions", itemCount),
                ItemLists.load(file, HybridRecommender.PREFIX + "next_visits", itemCount),
                file.floats(HybridRecommender.PREFIX + "item.popularity", itemCount + 1),
                file.floats(HybridRecommender.PREFIX + "item.fresh_popularity", itemCount + 1),
                file.floats(HybridRecommender.PREFIX + "item.repeats", itemCount + 1),
                file.floats(HybridRecommender.PREFIX + "repeat_share", 1)[0]);
    }
}
