package io.github.ttt4rec.train;

import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.Split.Part;
import io.github.ttt4rec.internal.EventTokens;
import io.github.ttt4rec.random.SplitMix;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The training cases as windows of users' sequences: a window's inputs are at most maxLen items, and each input from
 * {@code firstCase} on predicts the item after it, unless the loss of that event has the weight 0. Every training case is in exactly
 * one window.
 */
final class TrainingWindows {
    private final Dataset data;
    private final int[] user;
    private final int[] start;
    private final int[] length;
    /** The index within the window of the first input that is a case. */
    private final int[] firstCase;
    /** The number of inputs that are cases. */
    private final int[] caseCount;

    /** True if windows draw random numbers independently for inputs that they share. */
    private final boolean independent;

    private final long cases;
    private final long tokens;

    /** The windows that {@code config} asks for. */
    static TrainingWindows of(Split split, TrainConfig config) {
        return switch (config.examples()) {
            case PER_POSITION -> new TrainingWindows(split, config.maxLen(), config.effectiveStride());
            case PER_CASE -> perCase(split, config.maxLen());
        };
    }

    /** Puts all cases of a user in one window if they fit; each further window adds {@code stride} cases. */
    TrainingWindows(Split split, int maxLen, int stride) {
        this(split.data(), shared(split, maxLen, stride), false);
    }

    /** Puts each case in a separate window: the last {@code maxLen} items before its target. */
    static TrainingWindows perCase(Split split, int maxLen) {
        Columns columns = new Columns();
        for (int u = 0; u < split.data().userCount(); u++) {
            int inputs = split.to(Part.TRAIN, u) - split.from(Part.TRAIN, u);
            for (int end = 1; end <= inputs; end++) {
                int from = Math.max(0, end - maxLen);
                columns.add(split.data(), u, from, end - from, end - from - 1);
            }
        }
        return new TrainingWindows(split.data(), columns, true);
    }

    private static Columns shared(Split split, int maxLen, int stride) {
        Columns columns = new Columns();
        for (int u = 0; u < split.data().userCount(); u++) {
            int inputs = split.to(Part.TRAIN, u) - split.from(Part.TRAIN, u);
            int end = Math.min(maxLen, inputs);
            if (inputs > 0) {
                columns.add(split.data(), u, 0, end, 0);
            }
            while (end < inputs) {
                int next = Math.min(end + stride, inputs);
                int from = Math.max(0, next - maxLen);
                columns.add(split.data(), u, from, next - from, end - from);
                end = next;
            }
        }
        return columns;
    }

    private TrainingWindows(Dataset data, Columns columns, boolean independent) {
        this.data = data;
        this.independent = independent;
        user = Arrays.copyOf(columns.user, columns.size);
        start = Arrays.copyOf(columns.start, columns.size);
        length = Arrays.copyOf(columns.length, columns.size);
        firstCase = Arrays.copyOf(columns.firstCase, columns.size);
        caseCount = Arrays.copyOf(columns.caseCount, columns.size);
        long allCases = 0;
        long allTokens = 0;
        for (int w = 0; w < user.length; w++) {
            allCases += cases(w);
            allTokens += length[w];
        }
        cases = allCases;
        tokens = allTokens;
    }

    private static final class Columns {
        private int[] user = new int[1024];
        private int[] start = new int[1024];
        private int[] length = new int[1024];
        private int[] firstCase = new int[1024];
        private int[] caseCount = new int[1024];
        private int size;

        /** Adds a window, if it has a case. */
        void add(Dataset data, int u, int from, int count, int first) {
            int cases = count - first;
            for (int t = first; data.kinds() != null && t < count; t++) {
                cases -= data.lossWeight(u, from + t + 1) > 0 ? 0 : 1;
            }
            if (cases == 0) {
                return;
            }
            if (size == user.length) {
                int larger = size * 2;
                user = Arrays.copyOf(user, larger);
                start = Arrays.copyOf(start, larger);
                length = Arrays.copyOf(length, larger);
                firstCase = Arrays.copyOf(firstCase, larger);
                caseCount = Arrays.copyOf(caseCount, larger);
            }
            user[size] = u;
            start[size] = from;
            length[size] = count;
            firstCase[size] = first;
            caseCount[size] = cases;
            size++;
        }
    }

    int count() {
        return user.length;
    }

    /** The number of training cases. */
    long cases() {
        return cases;
    }

    /** The number of inputs, including those that are only context. */
    long tokens() {
        return tokens;
    }

    int length(int window) {
        return length[window];
    }

    int cases(int window) {
        return caseCount[window];
    }

    int firstCase(int window) {
        return firstCase[window];
    }

    /** Returns whether input {@code t} is a case: it predicts the item after it. */
    boolean isCase(int window, int t) {
        return t >= firstCase[window] && lossWeight(window, t + 1) > 0;
    }

    /** The input of case number {@code number}, from 0, of a window. */
    int caseInput(int window, int number) {
        int t = firstCase[window];
        int left = number;
        while (left > 0 || !isCase(window, t)) {
            left -= isCase(window, t) ? 1 : 0;
            t++;
        }
        return t;
    }

    /**
     * The factor of the loss of predicting the event of input {@code t}; for {@code t = length}, of the target of the last
     * input. 0 if it is not predicted.
     */
    float lossWeight(int window, int t) {
        return data.lossWeight(user[window], start[window] + t);
    }

    /** Returns whether the losses of cases have different factors. */
    boolean weighLosses() {
        EventRoles.Kinds kinds = data.kinds();
        return kinds != null && kinds.weighLosses();
    }

    /** The sum of the factors of the losses of a window's cases. */
    double lossWeights(int window) {
        double sum = 0;
        for (int t = firstCase[window]; t < length[window]; t++) {
            sum += lossWeight(window, t + 1);
        }
        return sum;
    }

    /** The item index of input {@code t}; for {@code t = length}, the target of the last input. */
    int input(int window, int t) {
        return data.item(user[window], start[window] + t);
    }

    /** Input {@code t} with the kind of its event. */
    int token(int window, int t) {
        return EventTokens.of(input(window, t), data.kind(user[window], start[window] + t));
    }

    /** The item index that input {@code t} predicts. */
    int target(int window, int t) {
        return data.item(user[window], start[window] + t + 1);
    }

    /** The random seed of input {@code t} in one epoch, which does not depend on batch or thread. */
    long seed(long epochSeed, int window, int t) {
        long seed = SplitMix.mix(epochSeed + SplitMix.mix(((long) user[window] << 32) + start[window] + t));
        return independent ? SplitMix.mix(seed + start[window] + length[window]) : seed;
    }

    /** The windows in the order of one epoch, shuffled with the epoch's seed. */
    int[] shuffled(long epochSeed) {
        int[] order = new int[count()];
        Arrays.setAll(order, i -> i);
        SplittableRandom random = new SplittableRandom(epochSeed);
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
        return order;
    }

    /**
     * Divides an order into batches of at least {@code batchSize} cases: batch b has windows
     * {@code cut[b] .. cut[b + 1] − 1}.
     */
    int[] cut(int[] order, int batchSize) {
        int[] cuts = new int[order.length + 1];
        int count = 0;
        int inBatch = 0;
        for (int i = 0; i < order.length; i++) {
            inBatch += cases(order[i]);
            if (inBatch >= batchSize || i == order.length - 1) {
                cuts[++count] = i + 1;
                inBatch = 0;
            }
        }
        return Arrays.copyOf(cuts, count + 1);
    }
}
