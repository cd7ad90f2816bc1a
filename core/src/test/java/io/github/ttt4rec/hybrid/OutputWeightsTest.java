package io.github.ttt4rec.hybrid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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
        OutputWeights weights = OutputWeights.load(file(ItemFeature.FOLLOWS.column() - 2), NAME);
        assertThat(row(weights, ItemFeature.OWN_SUCCESSION)).containsOnly(0);
        assertThat(row(weights, ItemFeature.OWN_NEXT)).containsOnly(0);
        int before = ItemFeature.VISIT_RECENCY.column() * OutputWeights.GATES;
        assertThat(row(weights, ItemFeature.VISIT_RECENCY)[0]).isEqualTo(1 + before);
        assertThat(row(weights, ItemFeature.COOCCURRENCE)[0]).isEqualTo(1 + before + OutputWeights.GATES);
        assertThat(row(weights, ItemFeature.NEXT_VISIT)[6])
                .isEqualTo((ItemFeature.FOLLOWS.column() - 2) * OutputWeights.GATES);
        assertThat(row(weights, ItemFeature.FOLLOWS)).containsOnly(0);
    }

    @Test
    void fileOfAVersionWithoutFeaturesOfSeenItemsKeepsItsWeights() {
        TensorFile file = file(ItemFeature.FOLLOWS.column());
        OutputWeights weights = OutputWeights.load(file, NAME);
        float[] saved = file.floats(NAME, ItemFeature.FOLLOWS.column(), OutputWeights.GATES);
        assertThat(weights.values()).startsWith(saved);
        assertThat(Arrays.copyOfRange(weights.values(), saved.length, weights.values().length))
                .containsOnly(0);
        assertThat(weights.range()).isSameAs(GateRange.UNLIMITED);
    }

    @Test
    void gatesOutsideOfTheRangeCountAsItsBorder() {
        float[] values = new float[OutputWeights.FEATURES * OutputWeights.GATES];
        values[Gate.ONE.column()] = 5;
        values[Gate.LENGTH.column()] = 1;
        GateRange range = GateRange.of(List.of(caseWithLength(-1), caseWithLength(0.5f)));
        OutputWeights weights = new OutputWeights(values, range);
        assertThat(weightAtLength(weights, 0.25f)).isEqualTo(5.25f);
        assertThat(weightAtLength(weights, 3)).isEqualTo(5.5f);
        assertThat(weightAtLength(weights, -2)).isEqualTo(4);
        assertThat(weightAtLength(weights.within(GateRange.UNLIMITED), 3)).isEqualTo(8);
    }

    private static float[] gates(float length) {
        float[] gates = new float[OutputWeights.GATES];
        gates[Gate.ONE.column()] = 1;
        gates[Gate.LENGTH.column()] = length;
        return gates;
    }

    private static FitCase caseWithLength(float length) {
        return new FitCase(gates(length), new float[1], new int[2], new byte[0], new float[0]);
    }

    private static float weightAtLength(OutputWeights weights, float length) {
        float[] current = new float[OutputWeights.FEATURES];
        weights.at(gates(length), current);
        return current[ItemFeature.NETWORK.column()];
    }

    @Test
    void savedRangeIsReadAgain() {
        GateRange range = GateRange.of(List.of(caseWithLength(0.5f)));
        Map<String, TensorData> tensors =
                range.tensors(NAME).stream().collect(Collectors.toMap(TensorData::name, tensor -> tensor));
        GateRange again = GateRange.load(new TensorFile(Path.of("model"), Map.of(), tensors), NAME);
        assertThat(again.lowest()).isEqualTo(range.lowest());
        assertThat(again.highest()).isEqualTo(range.highest());
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
