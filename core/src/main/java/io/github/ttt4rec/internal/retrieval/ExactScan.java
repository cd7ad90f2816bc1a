package io.github.ttt4rec.internal.retrieval;

import io.github.ttt4rec.autograd.OutputLayer;
import io.github.ttt4rec.autograd.PackedMatrix;
import io.github.ttt4rec.kernels.Kernels;
import java.util.BitSet;
import java.util.List;

/**
 * Scores all items, a few panels at a time, and updates the best after each group of panels. There is no array of all
 * scores, and only the k best are sorted.
 */
public final class ExactScan implements Retriever {
    private static final Kernels KERNELS = Kernels.active();
    /**
     * The number of panels scored at once. One request's scores take 4 KB; those of many requests fit L2 together with
     * the panels.
     */
    private static final int PANELS = 16;
    /** The number of requests scored at once, with 128 KB of scores. */
    private static final int REQUESTS = 32;

    private final ItemVectors output;

    /** A scan of all items of an output layer. */
    public ExactScan(OutputLayer output) {
        this(new ItemVectors(output));
    }

    /** The same for vectors with additional columns. */
    public ExactScan(ItemVectors output) {
        this.output = output;
    }

    @Override
    public List<Ranked> top(List<Request> requests) {
        List<TopK> best = requests.stream().map(r -> new TopK(r.k(), r.floor())).toList();
        for (int from = 0; from < requests.size(); from += REQUESTS) {
            int to = Math.min(requests.size(), from + REQUESTS);
            scan(requests.subList(from, to), best.subList(from, to));
        }
        return best.stream().map(TopK::ranked).toList();
    }

    private void scan(List<Request> requests, List<TopK> best) {
        int d = output.size();
        int count = requests.size();
        float[] hidden = new float[count * d];
        for (int r = 0; r < count; r++) {
            System.arraycopy(requests.get(r).hidden(), 0, hidden, r * d, d);
        }
        int panels = (output.rows() + PackedMatrix.PANEL - 1) / PackedMatrix.PANEL;
        int stride = Math.min(PANELS, panels) * PackedMatrix.PANEL;
        float[] scores = new float[count * stride];
        for (int panel = 0; panel < panels; panel += PANELS) {
            int last = Math.min(panels, panel + PANELS);
            output.scorePanels(panel, last, count, hidden, scores, stride);
            int first = panel * PackedMatrix.PANEL;
            int end = Math.min(output.rows(), last * PackedMatrix.PANEL);
            for (int r = 0; r < count; r++) {
                select(scores, r * stride - first, first, end, requests.get(r), best.get(r));
            }
        }
    }

    /** Offers the items of a request among {@code first .. end − 1}; item i's score is {@code scores[offset + i]}. */
    private static void select(float[] scores, int offset, int first, int end, Request request, TopK best) {
        BitSet allowed = request.allowed();
        for (int from = first; from < end; from += PackedMatrix.PANEL) {
            int to = Math.min(end, from + PackedMatrix.PANEL);
            float threshold = best.threshold();
            if (threshold > Float.NEGATIVE_INFINITY
                    && KERNELS.countNotLess(to - from, scores, offset + from, threshold) == 0) {
                continue;
            }
            for (int item = allowed.nextSetBit(Math.max(1, from)); item >= 0 && item < to; ) {
                if (best.admits(scores[offset + item]) && !request.excluded().test(item)) {
                    best.offer(item, scores[offset + item]);
                }
                item = allowed.nextSetBit(item + 1);
            }
        }
    }

    /** The k best items by given scores, of which entry i is item i's, from 1 on. */
    public static Ranked select(float[] scores, BitSet allowed, int k) {
        TopK best = new TopK(k);
        select(scores, 0, 1, scores.length, new Request(new float[0], k, allowed), best);
        return best.ranked();
    }
}
