package io.github.ttt4rec.data;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Divides each user's events into a training, a validation and a test stretch, in that order, and with them the prediction
 * cases. A case is a position {@code p >= 1} of a user's sequence: predict the item at {@code p} from the items before it. Events
 * that are mere inputs ({@link Dataset#isTarget}) are no cases.
 *
 * <p>Training, of a network's weights as of a table that counts, reads the training stretches and nothing else. Scoring a case
 * reads all of that user's events before it, whatever their stretch. The rule that made the split says what else the training
 * part can tell; see {@link SplitSpec}.
 *
 * @param protocol its name for reports, such as {@code ratio 3:2:5}
 * @param data the data split
 * @param validStart user u's training events are positions {@code 0 .. validStart[u] - 1}; 0 for a user with none
 * @param testStart user u's validation events are positions {@code validStart[u] .. testStart[u] - 1}, the test events
 *     {@code testStart[u] .. length(u) - 1}. In every stretch, each event but the user's very first is a case
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
            case VALIDATION -> Math.max(1, validStart[user]);
            case TEST -> Math.max(1, testStart[user]);
        };
    }

    /** One past the position of user {@code user}'s last case in {@code part}; never less than {@link #from}. */
    public int to(Part part, int user) {
        return switch (part) {
            case TRAIN -> from(Part.VALIDATION, user);
            case VALIDATION -> from(Part.TEST, user);
            case TEST -> Math.max(from(Part.TEST, user), data.length(user));
        };
    }

    /** The split in words, for reports. */
    public String describe() {
        return data.inputs() == null ? protocol : protocol + ", targets of --types only";
    }

    /** Returns whether position {@code position} of user {@code user}, between {@link #from} and {@link #to} of a part, is a case. */
    public boolean isCase(int user, int position) {
        return data.isTarget(user, position);
    }

    /** The number of user {@code user}'s cases in {@code part}. */
    public int cases(Part part, int user) {
        int from = from(part, user);
        int to = to(part, user);
        if (data.inputs() == null) {
            return to - from;
        }
        int count = 0;
        for (int p = from; p < to; p++) {
            count += isCase(user, p) ? 1 : 0;
        }
        return count;
    }

    /** How many of user {@code user}'s events, from the first on, may be trained on; 0 if the user came after the training part. */
    public int trainingLength(int user) {
        return Math.min(data.length(user), validStart[user]);
    }

    /**
     * The split reduced to some cases of one part: all those of users drawn at random until there are at least {@code cases}.
     * Returns the split itself if the part has no more. Use the result for that part only: its other parts differ from the
     * split's.
     *
     * @param part validation or test
     * @param cases at least 1
     * @param seed of the draw; the same seed chooses the same users for every model
     */
    public Split sample(Part part, long cases, long seed) {
        if (part == Part.TRAIN || cases < 1) {
            throw new IllegalArgumentException("a sample of " + cases + " cases of part " + part);
        }
        if (cases(part) <= cases) {
            return this;
        }
        int users = data.userCount();
        int[] order = new int[users];
        Arrays.setAll(order, user -> user);
        // A user who is not drawn keeps no case: the part starts where it ends.
        int[] start = new int[users];
        Arrays.setAll(start, user -> to(part, user));
        SplittableRandom random = new SplittableRandom(seed);
        long chosen = 0;
        for (int i = 0; chosen < cases; i++) {
            int j = random.nextInt(i, users);
            int user = order[j];
            order[j] = order[i];
            start[user] = from(part, user);
            chosen += cases(part, user);
        }
        return part == Part.TEST
                ? new Split(protocol, data, validStart, start)
                : new Split(protocol, data, start, testStart);
    }

    /** The number of cases in {@code part}. */
    public long cases(Part part) {
        long sum = 0;
        for (int u = 0; u < data.userCount(); u++) {
            sum += cases(part, u);
        }
        return sum;
    }
}
