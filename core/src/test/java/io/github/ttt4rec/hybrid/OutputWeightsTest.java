package io.github.ttt4rec.hybrid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutputWeightsTest {
    private static final String NAME = "weights";

    private static TensorFile file(int rows) {
        float[] values = new float[rows * OutputWeights.GATES];
        IntStream.range(0, values.length).forEach(i -> values[i] = 1 + i);
        int[] shape = {rows, OutputWeights.GATES};
        return new TensorFile(Path.of("model"), Map.of(), Map.of(NAME, new TensorData.Floats(NAME, shape, values)));
    }

    private static float[] row(OutputWeights weights, ItemFeature feature) {
        float[] row = new float[OutputWeights.GATES];
        System.arraycopy(weights.values(), feature.column() * OutputWeights.GATES, row, 0, row.length);
        return row;
    }

    @Test
    void fileOfAVersionWithoutOwnSuccessionsKeepsItsWeights() {
        OutputWeights weights = OutputWeights.load(file(OutputWeights.FEATURES - 2), NAME);
        assertThat(row(weights, ItemFeature.OWN_SUCCESSION)).containsOnly(0);
        assertThat(row(weights, ItemFeature.OWN_NEXT)).containsOnly(0);
        int before = ItemFeature.VISIT_RECENCY.column() * OutputWeights.GATES;
        assertThat(row(weights, ItemFeature.VISIT_RECENCY)[0]).isEqualTo(1 + before);
        assertThat(row(weights, ItemFeature.COOCCURRENCE)[0]).isEqualTo(1 + before + OutputWeights.GATES);
        assertThat(row(weights, ItemFeature.NEXT_VISIT)[6])
                .isEqualTo((OutputWeights.FEATURES - 2) * OutputWeights.GATES);
    }

    @Test
    void fileOfThisVersionIsReadAsItIs() {
        TensorFile file = file(OutputWeights.FEATURES);
        assertThat(OutputWeights.load(file, NAME).values())
                .isEqualTo(file.floats(NAME, OutputWeights.FEATURES, OutputWeights.GATES));
    }

    @Test
    void fileOfAnotherShapeIsRefusedByName() {
        assertThatThrownBy(() -> OutputWeights.load(file(OutputWeights.FEATURES - 1), NAME))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining(NAME);
    }
}
