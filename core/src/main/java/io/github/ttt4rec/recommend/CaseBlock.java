package io.github.ttt4rec.recommend;

import io.github.ttt4rec.data.Dataset;

/**
 * Some prediction cases: case {@code i} is to predict the item at {@code positions[i]} of user {@code users[i]} from that
 * user's items before it. A user's cases stand together, in ascending position.
 *
 * @param data the data they belong to
 * @param users 0-based user of each case
 * @param positions position of each case's target in its user's sequence, at least 1
 */
public record CaseBlock(Dataset data, int[] users, int[] positions) {
    /** The number of cases. */
    public int size() {
        return users.length;
    }

    /** The item index to predict in case {@code i}. */
    public int target(int i) {
        return data.item(users[i], positions[i]);
    }

    /** The events before case {@code i}'s target; the request's time is the target's. */
    public History history(int i) {
        int from = data.start(users[i]);
        int to = from + positions[i];
        return data.hasTimes()
                ? new History(data.events(), data.times(), from, to, data.times()[to])
                : new History(data.events(), new long[0], from, to, 0);
    }
}
