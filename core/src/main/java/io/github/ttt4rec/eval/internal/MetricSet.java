package io.github.ttt4rec.eval.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * The metrics of an evaluation, in a fixed order: HR@k for each k, NDCG@k for each k, MRR@k for each k, MRR. Because a
 * case has one relevant item, HR@k equals Recall@k, and the ideal DCG is 1.
 */
public final class MetricSet {
    private static final double LOG_2 = Math.log(2);

    private final int[] ks;
    private final List<String> names;

    /** HR, NDCG and MRR at each of {@code ks}, and MRR. */
    public MetricSet(List<Integer> ks) {
        this.ks = ks.stream().mapToInt(Integer::intValue).toArray();
        this.names = new ArrayList<>();
        for (String metric : List.of("HR", "NDCG", "MRR")) {
            for (int k : ks) {
                names.add(metric + "@" + k);
            }
        }
        names.add("MRR");
    }

    /** The number of metrics. */
    public int size() {
        return names.size();
    }

    /** The name of the metric at an index, such as {@code NDCG@10}. */
    public String name(int metric) {
        return names.get(metric);
    }

    /** The names of all metrics, in order. */
    public List<String> names() {
        return List.copyOf(names);
    }

    /** Adds the metrics of a case whose target has {@code rank} to {@code sums[offset ..]}. */
    public void add(int rank, double[] sums, int offset) {
        double discounted = LOG_2 / Math.log(rank + 1.0);
        double reciprocal = 1.0 / rank;
        for (int i = 0; i < ks.length; i++) {
            if (rank <= ks[i]) {
                sums[offset + i] += 1;
                sums[offset + ks.length + i] += discounted;
                sums[offset + 2 * ks.length + i] += reciprocal;
            }
        }
        sums[offset + 3 * ks.length] += reciprocal;
    }
}
