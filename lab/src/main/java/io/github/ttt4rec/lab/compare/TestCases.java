package io.github.ttt4rec.lab.compare;

import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.Split.Part;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The test cases in the order of an evaluation's ranks: users in the data set's order, and the cases of a user in
 * ascending position.
 *
 * @param data the data of the cases
 * @param users the user of each case, numbered from 0
 * @param positions the position of each case's target, which is the length of its history
 */
record TestCases(Dataset data, int[] users, int[] positions) {
    static TestCases of(Split split) {
        return of(split, Part.TEST);
    }

    /** The cases of a part in the same order. */
    static TestCases of(Split split, Part part) {
        int count = Math.toIntExact(split.cases(part));
        int[] users = new int[count];
        int[] positions = new int[count];
        int filled = 0;
        for (int user = 0; user < split.data().userCount(); user++) {
            for (int p = split.from(part, user); p < split.to(part, user); p++) {
                if (split.isCase(user, p)) {
                    users[filled] = user;
                    positions[filled++] = p;
                }
            }
        }
        return new TestCases(split.data(), users, positions);
    }

    int size() {
        return users.length;
    }

    /** Returns whether the target of case {@code index} is new to the user. */
    boolean isNew(int index) {
        int target = data.item(users[index], positions[index]);
        for (int p = 0; p < positions[index]; p++) {
            if (data.item(users[index], p) == target) {
                return false;
            }
        }
        return true;
    }

    /** At most {@code count} of the cases, in order, drawn without replacement with a fixed seed. */
    TestCases sample(int count, long seed) {
        if (size() <= count) {
            return this;
        }
        int[] all = new int[size()];
        Arrays.setAll(all, i -> i);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i, all.length);
            int swap = all[i];
            all[i] = all[j];
            all[j] = swap;
        }
        int[] chosen = Arrays.copyOf(all, count);
        Arrays.sort(chosen);
        return new TestCases(
                data,
                Arrays.stream(chosen).map(i -> users[i]).toArray(),
                Arrays.stream(chosen).map(i -> positions[i]).toArray());
    }
}
