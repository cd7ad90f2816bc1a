package io.github.ttt4rec.neighbour;

import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.neighbour.LinearItems.Sums;
import io.github.ttt4rec.recommend.MemoryBasedConfig;

/**
 * EASE (Steck 2019, arXiv 1905.03375): each item is predicted by the other items of the same user,
 * {@code min ‖X − X·B‖² + λ‖B‖²} with a zero diagonal; X has a 1 for each item of a user's training part. The order of
 * events has no influence.
 *
 * @param neighbours the number of source items per target; see {@link LinearItems}
 * @param lambda the weight of the penalty, above 0
 * @param maxLen the number of last events of a history that are read
 */
public record Ease(int neighbours, double lambda, int maxLen) implements MemoryBasedConfig {
    public Ease {
        LinearItems.check(neighbours, lambda, maxLen);
    }

    /** 100 neighbours, λ 200, the last 50 events. */
    public static Ease defaults() {
        return new Ease(100, 200, 50);
    }

    @Override
    public String type() {
        return "ease";
    }

    @Override
    public LinearItems create(Split split) {
        return LinearItems.fit(split, new Pairs(new FirstEvents(split)), neighbours, lambda, maxLen, 1);
    }

    @Override
    public LinearItems load(TensorFile tables, int itemCount) {
        return LinearItems.load(tables, itemCount, maxLen, 1);
    }

    /** XᵀX, the number of users who have both items. */
    private record Pairs(FirstEvents first) implements LinearItems.Regression {
        @Override
        public boolean excludesItself() {
            return true;
        }

        @Override
        public void addSource(Dataset data, int user, int length, int p, Sums row) {
            first.addPairs(user, length, p, 1, row);
        }

        @Override
        public void addTarget(Dataset data, int user, int length, int q, Sums column) {
            first.addPairs(user, length, q, 1, column);
        }
    }
}
