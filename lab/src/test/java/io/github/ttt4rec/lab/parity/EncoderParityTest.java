package io.github.ttt4rec.lab.parity;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.io.internal.Safetensors;
import io.github.ttt4rec.lab.parity.ParityReport.TensorError;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares SASRec, BERT4Rec and Mamba4Rec with independent implementations in float64. */
class EncoderParityTest {
    private static final double TOLERANCE = 1e-4;

    @ParameterizedTest
    @ValueSource(strings = {"sasrec", "bert4rec", "mamba4rec"})
    void agreesWithTheReference(String name) throws URISyntaxException {
        Path path = Path.of(Objects.requireNonNull(getClass().getResource("/golden/" + name + ".safetensors"))
                .toURI());
        ParityReport report = Parity.run(path);
        assertThat(report.groups()).containsExactly("hidden", "logits", "loss", "gradient");
        assertThat(report.errors())
                .allSatisfy(e -> assertThat(e.error()).as(e.name()).isLessThan(TOLERANCE));
        assertThat(report.worst()).isLessThan(TOLERANCE);

        TensorFile file = Safetensors.read(path);
        List<String> gradients = file.tensors().keySet().stream()
                .filter(tensor -> tensor.startsWith("grad."))
                .toList();
        assertThat(report.errors()).extracting(TensorError::name).containsAll(gradients);
    }
}
