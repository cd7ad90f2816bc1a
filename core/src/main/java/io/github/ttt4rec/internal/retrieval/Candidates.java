package io.github.ttt4rec.internal.retrieval;

import io.github.ttt4rec.autograd.OutputLayer;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.kernels.CodeKernels;

/** Scores candidates of one request exactly, in groups, and keeps the best. For one thread. */
final class Candidates {
    private static final int AT_ONCE = 64;

    private final CodeKernels kernels;
    private final OutputLayer output;
    private final Request request;
    private final TopK best;
    private final int[] pending = new int[AT_ONCE];
    private final float[] scores = new float[AT_ONCE];
    private int count;

    Candidates(CodeKernels kernels, OutputLayer output, Request request) {
        this.kernels = kernels;
        this.output = output;
        this.request = request;
        best = new TopK(request.k(), request.floor());
    }

    /** The best candidates scored so far, for reading. */
    TopK best() {
        return best;
    }

    /** Adds an item if it is allowed. */
    void add(int item) {
        if (!request.allowed().get(item)) {
            return;
        }
        if (count == AT_ONCE) {
            score();
        }
        pending[count++] = item;
    }

    /** Scores the candidates that wait. */
    void score() {
        Parameter bias = output.bias();
        for (int i = 0; i < count; i++) {
            scores[i] = bias == null ? 0 : bias.value()[pending[i]];
        }
        int d = output.table().extent(1);
        kernels.rowProducts(count, d, request.hidden(), 0, output.table().value(), pending, scores);
        for (int i = 0; i < count; i++) {
            if (best.admits(scores[i])) {
                best.offer(pending[i], scores[i]);
            }
        }
        count = 0;
    }

    /** The final list. This object must not be used after it. */
    Ranked ranked() {
        score();
        return best.ranked();
    }
}
