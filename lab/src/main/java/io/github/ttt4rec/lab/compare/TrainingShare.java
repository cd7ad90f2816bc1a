package io.github.ttt4rec.lab.compare;

import io.github.ttt4rec.data.DataSource;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Reduces the training data to the training and validation cases of a fraction of the users, drawn with a fixed seed. A
 * smaller fraction is a subset of a larger one. Users and items keep their indices, so that the trained model can be
 * tested on all test cases.
 */
final class TrainingShare {
    private static final long SEED = 20_240_919;

    private TrainingShare() {}

    static Split of(Split split, double fraction) {
        if (fraction == 1) {
            return split;
        }
        Dataset data = split.data();
        int users = data.userCount();
        int[] order = new int[users];
        Arrays.setAll(order, i -> i);
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = users - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
        BitSet kept = new BitSet(users);
        int count = Math.max(1, (int) Math.round(fraction * users));
        Arrays.stream(order, 0, count).forEach(kept::set);

        int[] offsets = new int[users + 1];
        int[] validStart = new int[users];
        int[] testStart = new int[users];
        int[] events = new int[data.eventCount()];
        long[] times = new long[data.eventCount()];
        EventRoles.Kinds kinds = data.kinds();
        byte[] keptKinds = new byte[kinds == null ? 0 : data.eventCount()];
        for (int user = 0; user < users; user++) {
            int length = kept.get(user) ? Math.min(data.length(user), split.testStart()[user]) : 0;
            System.arraycopy(data.events(), data.start(user), events, offsets[user], length);
            System.arraycopy(data.times(), data.start(user), times, offsets[user], length);
            if (kinds != null) {
                System.arraycopy(kinds.ofEvent(), data.start(user), keptKinds, offsets[user], length);
            }
            offsets[user + 1] = offsets[user] + length;
            validStart[user] = kept.get(user) ? split.validStart()[user] : 1;
            testStart[user] = kept.get(user) ? split.testStart()[user] : 1;
        }
        int left = offsets[users];
        List<DataSource.Step> steps = new ArrayList<>(data.source().steps());
        steps.add(new DataSource.Step(
                "training users of " + fraction, count, data.itemCount(), left, (long) data.eventCount() - left));
        Dataset less = new Dataset(
                data.users(),
                data.items(),
                offsets,
                Arrays.copyOf(events, left),
                Arrays.copyOf(times, left),
                data.hasTimes(),
                kinds == null ? null : new EventRoles.Kinds(kinds.roles(), Arrays.copyOf(keptKinds, left)),
                new DataSource(data.source().file(), data.source().sha256(), List.copyOf(steps)));
        return new Split(split.protocol(), less, validStart, testStart);
    }
}
