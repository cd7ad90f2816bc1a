package io.github.ttt4rec.internal.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.autograd.OutputLayer;
import io.github.ttt4rec.kernels.CodeKernels;
import io.github.ttt4rec.kernels.CodedRequests;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Checks that the search by codes saves work: the result alone would be right even if the search scored every item. */
class CodedScanTest {
    private static final long SEED = 13;
    private static final int ITEMS = 20_000;
    private static final int BLOCKS = (ITEMS + CodeKernels.BLOCK - 1) / CodeKernels.BLOCK;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final OutputLayer output = Catalogues.clustered(ITEMS, 32, false, random);
    private final Counting kernels = new Counting();
    private final Retriever retriever = new CodedScan(new ItemVectors(output), kernels);

    /** Counts the scanned blocks per request and the exact scores. Not thread-safe. */
    private static final class Counting implements CodeKernels {
        private final CodeKernels counted = CodeKernels.active();
        private long blocks;
        private long scores;

        @Override
        public int above(int groups, short[] codes, int offset, CodedRequests requests, short[] limits, short[] sums) {
            blocks += requests.count();
            return counted.above(groups, codes, offset, requests, limits, sums);
        }

        @Override
        public void rowProducts(int count, int d, float[] x, int xOffset, float[] table, int[] rows, float[] y) {
            scores += count;
            counted.rowProducts(count, d, x, xOffset, table, rows, y);
        }
    }

    @BeforeEach
    void tellSeed() {
        System.out.println("seed " + SEED);
    }

    private Request request(BitSet allowed) {
        return new Request(Catalogues.vector(32, 1, random), 10, allowed);
    }

    @Test
    void readsEachBlockOnceAtMostAndScoresFewItems() {
        retriever.top(request(Catalogues.all(output)));
        assertThat(kernels.blocks).isBetween(1L, (long) BLOCKS);
        assertThat(kernels.scores).isBetween(10L, ITEMS / 10L);
    }

    /**
     * A column has one value for most items and others that are far larger than all of the layer's numbers. Codes that share
     * one scale with it would leave most items open.
     */
    @Test
    void aColumnOfAnotherScaleLeavesCodesFine() {
        float[] column = new float[output.rows()];
        for (int item = 1; item < column.length; item += 50) {
            column[item] = 1000 * random.nextFloat();
        }
        ItemVectors vectors = new ItemVectors(output, column);
        Retriever withColumn = new CodedScan(vectors, kernels);
        for (float factor : new float[] {0.001f, -0.001f, 0}) {
            float[] hidden = Arrays.copyOf(Catalogues.vector(32, 1, random), 33);
            hidden[32] = factor;
            Request request = new Request(hidden, 10, Catalogues.all(output));
            kernels.scores = 0;
            Ranked found = withColumn.top(request);
            assertThat(kernels.scores).isBetween(10L, ITEMS / 10L);
            Ranked expected = new ExactScan(vectors).top(request);
            assertThat(found.items()).isEqualTo(expected.items());
            assertThat(found.scores()).isEqualTo(expected.scores());
        }
    }

    @Test
    void doesNoMoreForEachOfManyRequests() {
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            requests.add(request(Catalogues.all(output)));
        }
        retriever.top(requests);
        assertThat(kernels.blocks).isBetween(32L, 32L * BLOCKS);
        assertThat(kernels.scores).isBetween(320L, 32L * ITEMS / 10);
    }

    @Test
    void fewAllowedItemsAreScoredAlone() {
        BitSet few = Catalogues.some(output, 0.01, random);
        retriever.top(request(few));
        assertThat(kernels.blocks).isZero();
        assertThat(kernels.scores).isEqualTo(few.cardinality());
    }
}
