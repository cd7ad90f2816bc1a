package io.github.ttt4rec.data;

import java.util.Arrays;

/**
 * Which prediction cases are for training, validation and test. A case is a position {@code p >= 1} of a user's
 * sequence: predict the item at {@code p} from the items before it. In every protocol the parts are contiguous in time
 * for each user, so two boundaries a user describe any split.
 *
 * @param protocol its name for reports, such as {@code ratio 3:2:5}
 * @param data the data split
 * @param validStart user u's training cases are positions {@code 1 .. validStart[u] - 1}; at least 1 where u has events
 * @param testStart its validation cases are {@code validStart[u] .. testStart[u] - 1}, its test cases
 *     {@code testStart[u] .. length(u) - 1}
 */
public record Split(String protocol, Dataset data, int[] validStart, int[] testStart) {
    /** A part of the cases. */
    public enum Part {
        TRAIN,
        VALIDATION,
        TEST
    }

    /** The name of the split without validation and test cases; see {@link #everything}. */
    public static final String EVERYTHING = "all events";

    /** Makes every case a training case: for the model that serves, once its quality is known. */
    public static Split everything(Dataset data) {
        int[] ends = new int[data.userCount()];
        Arrays.setAll(ends, user -> Math.max(1, data.length(user)));
        return new Split(EVERYTHING, data, ends, ends);
    }

    /** The position of user {@code user}'s first case in {@code part}. */
    public int from(Part part, int user) {
        return switch (part) {
            case TRAIN -> 1;
            case VALIDATION -> validStart[user];
            case TEST -> testStart[user];
        };
    }

    /** One past the position of user {@code user}'s last case in {@code part}; never less than {@link #from}. */
    public int to(Part part, int user) {
        return switch (part) {
            case TRAIN -> Math.max(1, validStart[user]);
            case VALIDATION -> testStart[user];
            case TEST -> Math.max(testStart[user], data.length(user));
        };
    }

    /** How many of user {@code user}'s events belong to the training part, the first included, which is no case. */
    public int trainingLength(int user) {
        return Math.min(data.length(user), to(Part.TRAIN, user));
    }

    /** The number of cases in {@code part}. */
    public long cases(Part part) {
        long sum = 0;
        for (int u = 0; u < data.userCount(); u++) {
            sum += to(part, u) - from(part, u);
        }
        return sum;
    }
}
