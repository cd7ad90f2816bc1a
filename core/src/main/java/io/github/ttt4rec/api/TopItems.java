package io.github.ttt4rec.api;

import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.internal.retrieval.ExactScan;
import io.github.ttt4rec.internal.retrieval.Ranked;
import io.github.ttt4rec.recommend.Recommendation;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/** Selects the highest-scored items and names them. */
final class TopItems {
    private TopItems() {}

    /** The k best of the allowed items, best first. */
    static List<Recommendation> select(float[] scores, BitSet allowed, int k, IdMap items) {
        Arguments.requireCount(k);
        return named(ExactScan.select(scores, allowed, k), items);
    }

    /** Replaces item indices by ids. */
    static List<Recommendation> named(Ranked best, IdMap items) {
        return IntStream.range(0, best.size())
                .mapToObj(i -> new Recommendation(items.name(best.items()[i]), best.scores()[i]))
                .toList();
    }
}
