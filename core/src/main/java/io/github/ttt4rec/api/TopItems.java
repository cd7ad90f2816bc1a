package io.github.ttt4rec.api;

import io.github.ttt4rec.data.IdMap;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.Stream;

/** The best of the catalogue. */
final class TopItems {
    private TopItems() {}

    private record Scored(int item, float score) {}

    /** Best first: by score, the smaller index first where scores are equal, NaN last. */
    private static final Comparator<Scored> BEST_FIRST = (a, b) -> {
        if (Float.isNaN(a.score) || Float.isNaN(b.score)) {
            return Boolean.compare(Float.isNaN(a.score), Float.isNaN(b.score));
        }
        return a.score == b.score ? Integer.compare(a.item, b.item) : Float.compare(b.score, a.score);
    };

    /** The k best of the allowed items, best first. */
    static List<Recommendation> select(float[] scores, BitSet allowed, int k, IdMap items) {
        if (k <= 0) {
            return List.of();
        }
        PriorityQueue<Scored> worstFirst = new PriorityQueue<>(Math.min(k, 1024), BEST_FIRST.reversed());
        // Not a number as long as there is room: no score is at most that.
        float worst = Float.NaN;
        // Mostly everything is allowed but a few: runs of items, so that nearly all cost one comparison.
        for (int from = allowed.nextSetBit(1); from >= 0; ) {
            int to = allowed.nextClearBit(from);
            for (int item = from; item < to; item++) {
                if (!(scores[item] <= worst)) {
                    worst = offer(worstFirst, new Scored(item, scores[item]), k);
                }
            }
            from = allowed.nextSetBit(to);
        }
        Stream<Scored> best = worstFirst.stream().sorted(BEST_FIRST);
        return best.map(s -> new Recommendation(items.name(s.item), s.score)).toList();
    }

    /** Keeps the k best; returns the score of the worst of them, NaN as long as there are fewer. */
    private static float offer(PriorityQueue<Scored> worstFirst, Scored candidate, int k) {
        if (worstFirst.size() < k) {
            worstFirst.add(candidate);
        } else if (BEST_FIRST.compare(candidate, worstFirst.element()) < 0) {
            worstFirst.remove();
            worstFirst.add(candidate);
        }
        return worstFirst.size() < k ? Float.NaN : worstFirst.element().score;
    }
}
