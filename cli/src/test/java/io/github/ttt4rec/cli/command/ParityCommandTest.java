package io.github.ttt4rec.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.cli.Run;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.io.internal.Safetensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParityCommandTest {
    @TempDir
    private Path directory;

    @Test
    void referenceFileIsReproduced() {
        Path reference = reference();
        Run run = Run.of("parity", reference.toString()).done();
        assertThat(run.out())
                .containsPattern("file +hidden +logits +loss +gradient +state")
                .containsPattern("ttt-linear-transformer +[0-9.e-]+ +[0-9.e-]+")
                .contains("worst state layer0", "1 of 1 files within 0.001");
        // With errors near 1e-7 the order of summation decides which gradient is worst; the next test introduces an
        // error that is clearly the largest.
        Matcher worst = Pattern.compile("worst gradient (\\S+)").matcher(run.out());
        assertThat(worst.find()).as(run.out()).isTrue();
        assertThat(Safetensors.read(reference).tensors()).containsKey("grad." + worst.group(1));
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
    void fileThatIsNoReferenceIsReportedInOneLine() {
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
        return root.resolve("lab/src/test/resources/golden/ttt-linear-transformer.safetensors");
    }
}
