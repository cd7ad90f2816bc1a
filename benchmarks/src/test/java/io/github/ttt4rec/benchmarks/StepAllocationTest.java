package io.github.ttt4rec.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that, with every vector width of this machine, a training pass of a block, the loss, and a live event allocate
 * nothing in steady state.
 */
class StepAllocationTest {
    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseParallelGC", "-XX:UseAVX=2", "-XX:MaxVectorSize=16"})
    void stepsAllocateNothing(String option) throws IOException, InterruptedException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+IgnoreUnrecognizedVMOptions",
                option,
                "-Xbatch",
                "-Dttt4rec.kernels=vector",
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                StepAllocations.class.getName());
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as("exit code of %s", command).isZero();
        Map<String, Long> bytes = output.lines()
                .map(line -> line.split(" "))
                .collect(Collectors.toMap(words -> words[0], words -> Long.valueOf(words[1])));
        assertThat(bytes).isEqualTo(Map.of("block", 0L, "loss", 0L, "append", 0L));
    }
}
