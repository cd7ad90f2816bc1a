package io.github.ttt4rec.kernels;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No vector kernel allocates in steady state, for any vector width. If C2 cannot keep a vector in registers, it becomes
 * an object: the result stays right but is many times slower, and only this test shows it.
 */
class KernelAllocationTest {
    /** The machine's widest vectors, AVX2's 256 bits, and 128 bits; each Java uses what its processor supports. */
    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseParallelGC", "-XX:UseAVX=2", "-XX:MaxVectorSize=16"})
    void kernelsAllocateNothing(String option) throws IOException, InterruptedException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+IgnoreUnrecognizedVMOptions",
                option,
                "-Xbatch",
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                KernelAllocations.class.getName());
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as("exit code of %s", command).isZero();
        assertThat(output.lines()).hasSizeGreaterThan(80).allMatch(line -> line.endsWith(" 0"));
    }

    @Test
    void everyKernelIsMeasured() {
        assertThat(new KernelAllocations(new ScalarKernels()).names())
                .containsAll(Arrays.stream(Kernels.class.getMethods())
                        .map(Method::getName)
                        .filter(name -> !name.equals("name") && !name.equals("active"))
                        .collect(Collectors.toSet()));
    }
}
