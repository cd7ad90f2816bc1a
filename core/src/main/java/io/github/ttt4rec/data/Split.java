package io.github.ttt4rec.data;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Divides each user's events, in time order, into a training, a validation and a test segment, and with them the
 * prediction cases. A case is a position {@code p >= 1} of a user's sequence: predict the item at {@code p} from the
 * items before it. Events that are only inputs ({@link Dataset#isTarget}) are not cases.
 *
 * <p>Training, whether it learns weights or counts events, reads only the training segments. Scoring a case reads all
 * of that user's events before it, in any segment. {@link SplitSpec} describes how the rules differ in what the
 * training part may reveal.
 *
 * @param protocol the name of the rule in reports, such as {@code ratio 3:2:5}
 * @param data the data that is split
 * @param validStart user u's training events are positions {@code 0 .. validStart[u] - 1}; 0 for a user without any
 * @param testStart user u's validation events are positions {@code validStart[u] .. testStart[u] - 1}, the test events
 *     {@code testStart[u] .. length(u) - 1}. In every segment, each event except the user's first is a case
 */
public record Split(String protocol, Dataset data, int[] validStart, int[] testStart) {
    public enum Part {
        TRAIN,
        VALIDATION,
        TEST
    }

    /** The protocol name of the split without validation and test cases; see {@link #everything}. */
    public static final String EVERYTHING = "all events";

    /** Makes every case a training case, for the model that will serve once its quality is known. */
    public static Split everything(Dataset data) {
        int[] ends = new int[data.userCount()];
        Arrays.setAll(ends, user -> Math.max(1, data.length(user)));
        return new Split(EVERYTHING, data, ends, ends);
    }

    /** The position of the first case of user {@code user} in {@code part}. */
    public int from(Part part, int user) {
        return switch (part) {
            case TRAIN -> 1;
            case VALIDATION -> Math.max(1, validStart[user]);
            case TEST -> Math.max(1, testStart[user]);
        };
    }

    /** One past the position of the last case of user {@code user} in {@code part}; never less than {@link #from}. */
    public int to(Part part, int user) {
        return switch (part) {
            case TRAIN -> from(Part.VALIDATION, user);
            case VALIDATION -> from(Part.TEST, user);
            case TEST -> Math.max(from(Part.TEST, user), data.length(user));
        };
    }

    /** A description of the split for reports. */
    public String describe() {
        EventRoles.Kinds kinds = data.kinds();
        return kinds == null || !kinds.haveInputs() ? protocol : protocol + ", targets of --types only";
    }

    /**
     * Returns whether {@code position}, which lies between {@link #from} and {@link #to} of a part, is a case of user
     * {@code user}.
     */
    public boolean isCase(int user, int position) {
        return data.isTarget(user, position);
    }

    /** The number of cases of user {@code user} in {@code part}. */
    public int cases(Part part, int user) {
        int from = from(part, user);
        int to = to(part, user);
        if (data.kinds() == null) {
            return to - from;
        }
        int count = 0;
        for (int p = from; p < to; p++) {
            count += isCase(user, p) ? 1 : 0;
        }
        return count;
    }

    /**
     * The number of events, from the first on, of user {@code user} that may be used for training; 0 if the user first
     * appears after the training part.
     */
    public int trainingLength(int user) {
        return Math.min(data.length(user), validStart[user]);
    }

    /**
     * The split reduced to a sample of one part: all cases of users drawn at random until there are at least
     * {@code cases}. Returns the split itself if the part has no more. Use the result for that part only; the other
     * parts are not kept.
     *
     * @param part validation or test
     * @param cases at least 1
     * @param seed the seed of the draw; the same seed draws the same users for every model
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
        // A user who is not drawn keeps no case: the part starts at its end.
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
