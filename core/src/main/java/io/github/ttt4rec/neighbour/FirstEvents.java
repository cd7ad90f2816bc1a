package io.github.ttt4rec.neighbour;

import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.neighbour.LinearItems.Sums;
import java.util.BitSet;

/** The first event of each user with each item, that is, the ones in the matrix X of users by items. */
final class FirstEvents {
    private final Dataset data;
    private final BitSet first;

    FirstEvents(Split split) {
        data = split.data();
        first = new BitSet(data.eventCount());
        int[] lastUser = new int[data.itemCount() + 1];
        for (int user = 0; user < data.userCount(); user++) {
            for (int p = 0; p < split.trainingLength(user); p++) {
                int item = data.item(user, p);
                first.set(data.offsets()[user] + p, lastUser[item] != user + 1);
                lastUser[item] = user + 1;
            }
        }
    }

    /**
     * If event {@code p} is the user's first event with its item, adds {@code weight} for each of the user's other
     * items.
     */
    void addPairs(int user, int length, int p, double weight, Sums sums) {
        int start = data.offsets()[user];
        if (first.get(start + p)) {
            for (int q = first.nextSetBit(start); q >= 0 && q < start + length; q = first.nextSetBit(q + 1)) {
                sums.add(data.events()[q], weight);
            }
        }
    }
}
