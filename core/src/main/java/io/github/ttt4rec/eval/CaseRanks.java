package io.github.ttt4rec.eval;

import io.github.ttt4rec.data.Dataset;

/**
 * The rank of every case's target. A user's cases stand together, in ascending position; users are in the data set's
 * order.
 *
 * @param data the data the cases belong to
 * @param users 0-based user of each case
 * @param positions position of each case's target in its user's sequence
 * @param ranks rank of each case's target, 1 is best
 */
public record CaseRanks(Dataset data, int[] users, int[] positions, int[] ranks) {
    /** The number of cases. */
    public int size() {
        return ranks.length;
    }

    /** One past the last case of the user whose first case is {@code from}. */
    public int endOfUser(int from) {
        int end = from + 1;
        while (end < users.length && users[end] == users[from]) {
            end++;
        }
        return end;
    }
}
