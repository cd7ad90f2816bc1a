package io.github.ttt4rec.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ttt4rec.io.Safetensors;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParityCommandTest {
    @TempDir
    private Path directory;

    @Test
    void aReferenceFileIsReproduced() {
        Run run = Run.of("parity", reference().toString()).done();
        assertThat(run.out())
                .containsPattern("file +hidden +logits +loss +gradient +state")
                .containsPattern("ttt-linear-transformer +[0-9.e-]+ +[0-9.e-]+")
                .contains("worst gradient ttt_layers", "worst state layer0", "1 of 1 files within 0.001");
    }

    @Test
    void oneWrongTensorIsFoundAndFails() {
        Path reference = reference();
        TensorFile file = Safetensors.read(reference);
        String name = file.tensors().keySet().stream()
                .filter(tensor -> tensor.startsWith("grad."))
                .findFirst()
                .orElseThrow();
        List<TensorData> tensors = new ArrayList<>();
        file.tensors().forEach((tensor, data) -> {
            if (tensor.equals(name)) {
                float[] values = file.floats(tensor, data.shape()).clone();
                for (int i = 0; i < values.length; i++) {
                    values[i] *= 1.01f;
                }
                tensors.add(new TensorData.Floats(tensor, data.shape(), values));
            } else {
                tensors.add(data);
            }
        });
        Path wrong = directory.resolve("wrong.safetensors");
        Safetensors.write(wrong, file.metadata(), tensors);
        Run run = Run.of("parity", wrong.toString(), reference.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("FAILED", "worst gradient " + name.substring("grad.".length()), "1 of 2 files");
    }

    @Test
    void whatIsNoReferenceFileIsOneLine() {
        Run.of("parity", directory.resolve("none.safetensors").toString()).failedSaying("none.safetensors");
        Run.of(
                        "parity",
                        Run.write(directory.resolve("text.safetensors"), "text").toString())
                .failedSaying("text.safetensors");
        Run.of("parity").wrongUsageSaying("FILE");
    }

    private static Path reference() {
        Path root = Path.of("").toAbsolutePath();
        root = Files.exists(root.resolve("mvnw")) ? root : root.getParent();
        Path shared = Path.of(System.getProperty(
                "ttt4rec.sharedData",
                root.resolveSibling("shared").resolve("data").toString()));
        Path reference = shared.resolveSibling("golden").resolve("ttt-linear-transformer.safetensors");
        assumeTrue(Files.exists(reference), "no reference files beside the repository");
        return reference;
    }
}
