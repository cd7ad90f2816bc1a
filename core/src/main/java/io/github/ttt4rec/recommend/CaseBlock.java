package io.github.ttt4rec.recommend;

import io.github.ttt4rec.data.Dataset;

/**
 * A block of prediction cases. Case {@code i} asks for the item at {@code positions[i]} of user {@code users[i]}, given
 * that user's items before it. The cases of a user are consecutive, in ascending position.
 *
 * @param data the data of the cases
 * @param users the user of each case, numbered from 0
 * @param positions the position of each case's target in its user's sequence, at least 1
 */
public record CaseBlock(Dataset data, int[] users, int[] positions) {
    /** The number of cases. */
    public int size() {
        return users.length;
    }

    /** The target item of case {@code i}. */
    public int target(int i) {
        return data.item(users[i], positions[i]);
    }

    /** The events before case {@code i}'s target; the time of the request is that of the target. */
    public History history(int i) {
        int from = data.start(users[i]);
        int to = from + positions[i];
        return data.hasTimes()
                ? new History(data.events(), data.times(), from, to, data.times()[to])
                : new History(data.events(), new long[0], from, to, 0);
    }
}
