package io.github.ttt4rec.hybrid;

import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import java.util.Arrays;

/**
 * The events that tables count: the first {@code lengths[u]} events of each user u.
 *
 * @param data the log
 * @param lengths the number of events of each user
 */
record TrainingEvents(Dataset data, int[] lengths) {
    /** The events of the training part of a split. */
    static TrainingEvents of(Split split) {
        int[] lengths = new int[split.data().userCount()];
        Arrays.setAll(lengths, split::trainingLength);
        return new TrainingEvents(split.data(), lengths);
    }

    /** All events grouped by item. */
    Occurrences occurrences() {
        int[] offsets = new int[data.itemCount() + 2];
        for (int user = 0; user < lengths.length; user++) {
            for (int p = 0; p < lengths[user]; p++) {
                offsets[data.item(user, p) + 1]++;
            }
        }
        Arrays.parallelPrefix(offsets, Integer::sum);
        int[] next = offsets.clone();
        int[] users = new int[offsets[offsets.length - 1]];
        int[] positions = new int[users.length];
        for (int user = 0; user < lengths.length; user++) {
            for (int p = 0; p < lengths[user]; p++) {
                int at = next[data.item(user, p)]++;
                users[at] = user;
                positions[at] = p;
            }
        }
        return new Occurrences(offsets, users, positions);
    }

    /**
     * The events of each item. Those of item v are at {@code offsets[v] .. offsets[v + 1] - 1}.
     *
     * @param users the user of each event
     * @param positions the position of each event in the user's history
     */
    record Occurrences(int[] offsets, int[] users, int[] positions) {
        int count(int item) {
            return offsets[item + 1] - offsets[item];
        }
    }
}
