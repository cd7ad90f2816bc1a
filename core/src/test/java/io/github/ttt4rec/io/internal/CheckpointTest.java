package io.github.ttt4rec.io.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    @TempDir
    Path directory;

    @Test
    void checkpointIsReadBackAndReplaced() {
        Path file = directory.resolve("new").resolve("checkpoint.safetensors");
        TensorData moments = new TensorData.Floats("adam.m.a", new int[] {1, 2}, new float[] {1e-30f, 3});
        Checkpoint.save(file, Map.of("epoch", "1"), List.of(moments));
        Checkpoint.save(
                file, Map.of("epoch", "2"), List.of(moments, new TensorData.Longs("step", new int[] {1}, new long[] {9
                })));
        TensorFile read = Checkpoint.load(file);
        assertThat(read.metadataNumber("epoch")).isEqualTo(2);
        assertThat(read.floats("adam.m.a", 1, 2)).containsExactly(1e-30f, 3);
        assertThat(read.longs("step", 1)).containsExactly(9);
    }

    @Test
    void keysThatOlderVersionsWroteInCamelCaseAreRead() {
        Path file = directory.resolve("c");
        Safetensors.write(
                file,
                Map.of("format", "ttt4rec checkpoint", "formatVersion", "1", "casesDone", "7", "lossSumBits", "8"),
                List.of());
        TensorFile read = Checkpoint.load(file);
        assertThat(read.metadataNumber("cases_done")).isEqualTo(7);
        assertThat(read.metadataNumber("loss_sum_bits")).isEqualTo(8);
        Checkpoint.save(file, Map.of("cases_done", "9"), List.of());
        assertThat(Safetensors.read(file).metadata()).containsOnlyKeys("format", "format_version", "cases_done");
    }

    @Test
    void fileThatIsNoCheckpointIsNamed() throws IOException {
        Path file = directory.resolve("c");
        assertThatThrownBy(() -> Checkpoint.load(file)).hasMessageContaining("there is no such checkpoint");
        Files.writeString(file, "hello, I am a text file");
        assertThatThrownBy(() -> Checkpoint.load(file))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("not a safetensors file");
        Safetensors.write(file, Map.of("format", "pt"), List.of());
        assertThatThrownBy(() -> Checkpoint.load(file)).hasMessageContaining("not a ttt4rec checkpoint");
        Safetensors.write(file, Map.of("format", "ttt4rec checkpoint", "formatVersion", "99"), List.of());
        assertThatThrownBy(() -> Checkpoint.load(file))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("written by a newer ttt4rec (checkpoint format 99");
        assertThatThrownBy(() -> Checkpoint.save(file, Map.of("format", "x"), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
