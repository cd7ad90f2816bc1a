package io.github.ttt4rec.kernels;

/** The scalar implementation: plain loops. */
final class ScalarCodeKernels implements CodeKernels {
    @Override
    public int above(int groups, short[] codes, int offset, CodedRequests requests, short[] limits, short[] sums) {
        short[] queries = requests.queries();
        int hits = 0;
        for (int r = 0; r < requests.count(); r++) {
            int to = r * BLOCK;
            for (int i = 0; i < BLOCK; i++) {
                sums[to + i] = requests.starts()[requests.startOffset() + r];
            }
            for (int g = 0; g < groups; g++) {
                int query = requests.offset() + (r * groups + g) * 4;
                int from = offset + g * BLOCK;
                for (int i = 0; i < BLOCK; i++) {
                    int four = codes[from + i];
                    sums[to + i] += (short) (queries[query] * (four & 15)
                            + queries[query + 1] * (four >> 4 & 15)
                            + queries[query + 2] * (four >> 8 & 15)
                            + queries[query + 3] * (four >> 12 & 15));
                }
            }
            for (int i = 0; i < BLOCK; i++) {
                if (sums[to + i] > limits[r]) {
                    hits |= 1 << r;
                }
            }
        }
        return hits;
    }
}
