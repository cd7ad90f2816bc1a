package io.github.ttt4rec.eval;

import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.recommend.MemoryBasedRecommender;
import java.util.List;

/** A recommender with a given scorer of cases. */
final class FixedScorer extends MemoryBasedRecommender {
    private final Scorer scorer;

    FixedScorer(int itemCount, Scorer scorer) {
        super(itemCount, 0);
        this.scorer = scorer;
    }

    @Override
    public Scorer newScorer() {
        return scorer;
    }

    @Override
    protected HistoryScorer newHistoryScorer() {
        throw new UnsupportedOperationException("it scores cases only");
    }

    @Override
    public List<TensorData> tensors() {
        return List.of();
    }
}
