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
        PriorityQueue<Scored> worstFirst = new PriorityQueue<>(Math.max(1, Math.min(k, 1024)), BEST_FIRST.reversed());
        for (int item = allowed.nextSetBit(1); item >= 0; item = allowed.nextSetBit(item + 1)) {
            if (worstFirst.size() < k) {
                worstFirst.add(new Scored(item, scores[item]));
            } else if (k > 0 && !(scores[item] <= worstFirst.element().score)) {
                Scored candidate = new Scored(item, scores[item]);
                if (BEST_FIRST.compare(candidate, worstFirst.element()) < 0) {
                    worstFirst.remove();
                    worstFirst.add(candidate);
                }
            }
        }
        Stream<Scored> best = worstFirst.stream().sorted(BEST_FIRST);
        return best.map(s -> new Recommendation(items.name(s.item), s.score)).toList();
    }
}
