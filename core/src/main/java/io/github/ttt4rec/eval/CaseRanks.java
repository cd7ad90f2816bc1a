package io.github.ttt4rec.eval;

import io.github.ttt4rec.data.Dataset;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The rank of every case's target. The cases of a user are consecutive, in ascending position; users are in the data
 * set's order.
 *
 * @param data the data of the cases
 * @param users the user of each case, numbered from 0
 * @param positions the position of each case's target in its user's sequence
 * @param ranks the rank of each case's target; 1 is best
 */
public record CaseRanks(Dataset data, int[] users, int[] positions, int[] ranks) {
    /** The number of cases. */
    public int size() {
        return ranks.length;
    }

    /** Returns whether the target of case {@code index} is in the user's history before it. */
    public boolean isRepeated(int index) {
        int target = data.item(users[index], positions[index]);
        for (int p = positions[index] - 1; p >= 0; p--) {
            if (data.item(users[index], p) == target) {
                return true;
            }
        }
        return false;
    }

    /** The cases with a true entry in {@code chosen}, in the same order. */
    CaseRanks only(BitSet chosen) {
        int[] cases = chosen.stream().toArray();
        return new CaseRanks(
                data,
                Arrays.stream(cases).map(i -> users[i]).toArray(),
                Arrays.stream(cases).map(i -> positions[i]).toArray(),
                Arrays.stream(cases).map(i -> ranks[i]).toArray());
    }

    /** The number of users with at least one case. */
    int userCount() {
        int count = 0;
        for (int from = 0; from < size(); from = endOfUser(from)) {
            count++;
        }
        return count;
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
