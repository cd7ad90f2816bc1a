package io.github.ttt4rec.serve.engine;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that models that do not fit are refused with the figures before they are loaded. */
class MemoryPlanTest {
    private static final long MB = 1 << 20;

    @TempDir
    private Path directory;

    /** Creates a sparse file; only its length matters. */
    private Path model(String name, long bytes) throws IOException {
        Path model = Files.createDirectory(directory.resolve(name));
        try (RandomAccessFile file =
                new RandomAccessFile(model.resolve("model.safetensors").toFile(), "rw")) {
            file.setLength(bytes);
        }
        return model;
    }

    @Test
    void modelThatFitsAloneMayNotFitBesideAnother() throws IOException {
        MemoryPlan plan = new MemoryPlan(2048 * MB, 256 * MB);
        Path first = model("first", 200 * MB);
        plan.use(first);
        assertThatCode(() -> plan.requireRoomFor(first)).doesNotThrowAnyException();
        assertThatThrownBy(() -> plan.requireRoomFor(model("second", 400 * MB)))
                .isInstanceOf(UserFacingException.class)
                .hasMessage("the heap of 2048 MB is too small: the model in use 700 MB, this one 1400 MB, users' states"
                        + " (--cache-mb) 282 MB and room to work 256 MB make 2638 MB; give"
                        + " TTT4REC_JAVA_OPTS=-Xmx2968m, or a smaller --cache-mb");
        plan.swapped(model("small", MB));
        assertThatCode(() -> plan.requireRoomFor(directory.resolve("second"))).doesNotThrowAnyException();
    }

    @Test
    void cacheLargerThanTheHeapIsRefusedAtTheStart() throws IOException {
        Path small = model("small", MB);
        assertThatThrownBy(() -> new MemoryPlan(2048 * MB, 4096 * MB).use(small))
                .hasMessageContaining("users' states (--cache-mb) 4506 MB");
        assertThatThrownBy(() -> new MemoryPlan(96 * MB, 64 * MB).use(small)).hasMessageContaining("too small");
        assertThatCode(() -> new MemoryPlan(256 * MB, 64 * MB).use(small)).doesNotThrowAnyException();
    }
}
