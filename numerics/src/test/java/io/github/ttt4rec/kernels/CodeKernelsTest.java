package io.github.ttt4rec.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.testing.Numbers;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares both implementations, for equality, with plain loops in int. */
@Tag("kernels")
@ParameterizedClass
@MethodSource("implementations")
class CodeKernelsTest {
    private static final long SEED = 41;
    private static final int BLOCK = CodeKernels.BLOCK;
    private static final short UNTOUCHED = 12345;

    private final CodeKernels kernels;
    private final Random random = new Random(SEED);

    CodeKernelsTest(CodeKernels kernels) {
        this.kernels = kernels;
    }

    static Stream<CodeKernels> implementations() {
        return Stream.of(new ScalarCodeKernels(), new VectorCodeKernels());
    }

    private short[] shorts(int n, int bound) {
        short[] values = new short[n];
        for (int i = 0; i < n; i++) {
            values[i] = (short) random.nextInt(-bound, bound);
        }
        return values;
    }

    @Test
    void sumsAndHits() {
        for (int groups : new int[] {1, 2, 3, 16, 17}) {
            for (int requests = 1; requests <= CodeKernels.REQUESTS; requests++) {
                for (int bound : new int[] {3, 40, 32768}) {
                    check(groups, requests, bound);
                }
            }
        }
    }

    private void check(int groups, int requests, int bound) {
        int offset = random.nextInt(3) * BLOCK;
        int queryOffset = random.nextInt(5);
        int startOffset = random.nextInt(5);
        short[] codes = shorts(offset + groups * BLOCK, 32768);
        short[] queries = shorts(queryOffset + requests * groups * 4, bound);
        short[] starts = shorts(startOffset + requests, bound);
        short[] expected = new short[CodeKernels.REQUESTS * BLOCK];
        Arrays.fill(expected, UNTOUCHED);
        short[] limits = new short[CodeKernels.REQUESTS];
        int expectedHits = 0;
        for (int r = 0; r < requests; r++) {
            short largest = Short.MIN_VALUE;
            for (int i = 0; i < BLOCK; i++) {
                int sum = starts[startOffset + r];
                for (int p = 0; p < 4 * groups; p++) {
                    int code = codes[offset + p / 4 * BLOCK + i] >> (4 * (p % 4)) & 15;
                    sum += queries[queryOffset + r * groups * 4 + p] * code;
                }
                expected[r * BLOCK + i] = (short) sum;
                largest = (short) Math.max(largest, expected[r * BLOCK + i]);
            }
            // The largest sum is either just above the limit or just not above it.
            boolean hit = random.nextBoolean() && largest > Short.MIN_VALUE;
            limits[r] = (short) (hit ? largest - 1 : largest);
            expectedHits |= hit ? 1 << r : 0;
        }
        short[] sums = new short[CodeKernels.REQUESTS * BLOCK];
        Arrays.fill(sums, UNTOUCHED);
        int hits = kernels.above(
                groups,
                codes,
                offset,
                new CodedRequests(requests, queries, queryOffset, starts, startOffset),
                limits,
                sums);
        String what = groups + " groups, " + requests + " requests, bound " + bound + ", seed " + SEED;
        assertThat(sums).as(what).isEqualTo(expected);
        assertThat(hits).as(what).isEqualTo(expectedHits);
    }

    @Test
    void rowProductsHaveTheBitsOfTheMatrixProduct() {
        for (Kernels reference : new Kernels[] {new ScalarKernels(), new VectorKernels()}) {
            for (int d : new int[] {1, 3, 16, 63, 64, 65}) {
                for (int count : new int[] {0, 1, 7, 8, 9, 64}) {
                    rowProducts(reference, d, count);
                }
            }
        }
    }

    private void rowProducts(Kernels reference, int d, int count) {
        float[] table = Numbers.uniform(random, 100 * d, 1f);
        float[] x = Numbers.uniform(random, d + 2, 1f);
        int[] rows = random.ints(count + 3L, 0, 100).toArray();
        float[] y = Numbers.uniform(random, count + 3, 1f);
        float[] expected = y.clone();
        float[] columns = new float[d * Math.max(1, count)];
        for (int p = 0; p < d; p++) {
            for (int i = 0; i < count; i++) {
                columns[p * count + i] = table[rows[i] * d + p];
            }
        }
        reference.gemm(
                1, count, d, Matrix.of(x, 2, d), Matrix.of(columns, 0, count), Matrix.of(expected, 0, count), true);
        kernels.rowProducts(count, d, x, 2, table, rows, y);
        assertThat(y).as(d + " numbers, " + count + " rows, seed " + SEED).isEqualTo(expected);
    }
}
