package io.github.ttt4rec.internal.retrieval;

import io.github.ttt4rec.kernels.CodeKernels;

/** Scores candidates of one request exactly, in groups, and keeps the best. Not thread-safe. */
final class Candidates {
    private static final int AT_ONCE = 64;

    private final CodeKernels kernels;
    private final ItemVectors output;
    private final Request request;
    private final TopK best;
    private final int[] pending = new int[AT_ONCE];
    private final float[] scores = new float[AT_ONCE];
    private int count;

    Candidates(CodeKernels kernels, ItemVectors output, Request request) {
        this.kernels = kernels;
        this.output = output;
        this.request = request;
        best = new TopK(request.k(), request.floor());
    }

    /** The best candidates so far. Callers must not modify it. */
    TopK best() {
        return best;
    }

    /** Adds an item if the request allows it. The search tests the exclusion later, if the item's score suffices. */
    void add(int item) {
        if (!request.allowed().get(item)) {
            return;
        }
        if (count == AT_ONCE) {
            score();
        }
        pending[count++] = item;
    }

    /** Scores the pending candidates. */
    void score() {
        output.score(kernels, request.hidden(), pending, count, scores);
        for (int i = 0; i < count; i++) {
            if (best.admits(scores[i]) && !request.excluded().test(pending[i])) {
                best.offer(pending[i], scores[i]);
            }
        }
        count = 0;
    }

    /** The final ranking. This object must not be used afterwards. */
    Ranked ranked() {
        score();
        return best.ranked();
    }
}
