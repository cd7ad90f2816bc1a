package io.github.ttt4rec.train;

import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.Split.Part;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Chooses the users to validate on, the same for every seed and model, so that runs can be compared. */
final class ValidationSample {
    private static final long SEED = 20;

    private ValidationSample() {}

    /**
     * The split reduced to the validation cases of a sample of users, large enough for at least {@code cases} cases. Returns
     * the split itself if it has no more cases or {@code cases} is 0. Use the result for validation only: its other parts
     * differ from the split's.
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
