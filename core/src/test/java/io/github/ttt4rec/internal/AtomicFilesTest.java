package io.github.ttt4rec.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
    @TempDir
    Path directory;

    @Test
    void replacesAFile() throws IOException {
        Path file = directory.resolve("a.txt");
        AtomicFiles.writeText(file, out -> out.write("old"));
        AtomicFiles.writeText(file, out -> out.write("née"));
        assertThat(file).hasContent("née");
        assertThat(names()).containsExactly("a.txt");
    }

    @Test
    void failedWriteKeepsTheOldContent() throws IOException {
        Path file = Files.writeString(directory.resolve("a.txt"), "old");
        assertThatThrownBy(() -> AtomicFiles.write(file, out -> {
                    out.write(new byte[200_000]);
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(UserFacingException.class)
                .hasMessageStartingWith(file + ": cannot write: No space left on device (")
                .hasMessageContaining("B free there)")
                .hasMessageNotContainingAny("\n");
        assertThatThrownBy(() -> AtomicFiles.write(file, out -> {
                    throw new UncheckedIOException(new IOException("gone"));
                }))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("gone");
        assertThatThrownBy(() -> AtomicFiles.write(file, out -> {
                    out.write(1);
                    throw new IllegalStateException("a bug");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(file).hasContent("old");
        assertThat(names()).containsExactly("a.txt");
    }

    @Test
    void fullDeviceIsReported() {
        Path full = Path.of("/dev/full");
        assumeThat(full).as("a device that is always full").exists();
        assertThatThrownBy(() -> AtomicFiles.write(full, out -> out.write(new byte[100_000])))
                .isInstanceOf(UserFacingException.class)
                .hasMessageStartingWith("/dev/full: cannot write: No space left on device");
        assertThat(full).as("a device is written to, never replaced").exists();
        assertThat(Files.isRegularFile(full)).isFalse();
    }

    @Test
    void linkStaysAndItsTargetIsReplaced() throws IOException {
        Path real = Files.writeString(
                Files.createDirectory(directory.resolve("sub")).resolve("real"), "old");
        Path link = Files.createSymbolicLink(directory.resolve("link"), real);
        AtomicFiles.writeText(link, out -> out.write("new"));
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(real).hasContent("new");
    }

    @Test
    void impossibleTargetsAreNamed() throws IOException {
        Path missing = directory.resolve("none").resolve("a.txt");
        assertThatThrownBy(() -> AtomicFiles.writeText(missing, out -> out.write("x")))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("there is no directory " + directory.resolve("none"));
        assertThatThrownBy(() -> AtomicFiles.writeText(directory, out -> out.write("x")))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("it is a directory");
        Path file = Files.writeString(directory.resolve("file"), "x");
        assertThatThrownBy(() -> AtomicFiles.createDirectories(file))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("a file of that name exists");
        assertThatThrownBy(() -> AtomicFiles.createDirectories(file.resolve("below")))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("cannot make this directory");
    }

    private Stream<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList().stream();
        }
    }
}
