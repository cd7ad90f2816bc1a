package io.github.ttt4rec.internal.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.autograd.OutputLayer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RetrieverTest {
    private static final int MANY = Retriever.CODED_FROM + 1;

    private static OutputLayer layer(int items, float first) {
        float[] table = new float[(items + 1) * 2];
        table[2] = first;
        return Catalogues.layer(items, 2, table, false, new SplittableRandom(1));
    }

    @Test
    void scansSmallCataloguesExactlyAndLargeOnesByCodes() {
        assertThat(Retriever.of(layer(100, 1))).isInstanceOf(ExactScan.class);
        assertThat(Retriever.of(layer(MANY, 1))).isInstanceOf(CodedScan.class);
    }

    @Test
    void weightsThatAreNoNumbersAreScannedExactly() {
        assertThat(Retriever.of(layer(MANY, Float.NaN))).isInstanceOf(ExactScan.class);
        assertThat(Retriever.of(layer(MANY, Float.POSITIVE_INFINITY))).isInstanceOf(ExactScan.class);
    }
}
