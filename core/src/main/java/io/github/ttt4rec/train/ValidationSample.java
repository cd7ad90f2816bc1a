package io.github.ttt4rec.train;

import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.Split.Part;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Some of a split's users to validate on, the same for every seed and model, so that runs can be compared. */
final class ValidationSample {
    private static final long SEED = 20;

    private ValidationSample() {}

    /**
     * The split with the validation cases of some users only, so many users that there are at least {@code cases} of them; the
     * split itself where it has no more, or {@code cases} is 0. For validation alone: the other parts are not the split's.
     */
    static Split of(Split split, int cases) {
        if (cases == 0 || split.cases(Part.VALIDATION) <= cases) {
            return split;
        }
        int users = split.data().userCount();
        int[] order = new int[users];
        Arrays.setAll(order, user -> user);
        SplittableRandom random = new SplittableRandom(SEED);
        int[] start = split.testStart().clone();
        int chosen = 0;
        for (int i = 0; chosen < cases; i++) {
            int j = random.nextInt(i, users);
            int user = order[j];
            order[j] = order[i];
            start[user] = split.validStart()[user];
            chosen += split.to(Part.VALIDATION, user) - split.from(Part.VALIDATION, user);
        }
        return new Split(split.protocol(), split.data(), start, split.testStart());
    }
}
