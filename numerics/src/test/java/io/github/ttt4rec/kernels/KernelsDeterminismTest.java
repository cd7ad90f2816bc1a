package io.github.ttt4rec.kernels;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The same input gives the same bits whether Java interprets a kernel or has compiled it; otherwise training would not
 * be reproducible, because the time of compilation varies.
 */
@Tag("kernels")
class KernelsDeterminismTest {
    private static final int CALLS = 20_000;

    @Test
    void firstCallAndTheTwentyThousandthGiveTheSameBits() {
        for (Kernels kernels : List.of(new ScalarKernels(), new VectorKernels())) {
            KernelsTranscript transcript = new KernelsTranscript(kernels);
            long first = transcript.digest();
            for (int call = 1; call < CALLS; call++) {
                long digest = transcript.digest();
                if (digest != first) {
                    throw new AssertionError(
                            "call " + call + " of " + kernels.name() + " gave other bits than the first");
                }
            }
        }
    }

    /**
     * In the test above, earlier tests may already have caused compilation; here the first call is certainly
     * interpreted.
     */
    @Test
    void interpretedCodeGivesTheSameBits() throws IOException, InterruptedException {
        String compiled = KernelsTranscript.digest(new ScalarKernels(), CALLS / 10) + " "
                + KernelsTranscript.digest(new VectorKernels(), CALLS / 10);
        assertThat(inAnotherJava("-Xint", 1)).isEqualTo(compiled);
    }

    private static String inAnotherJava(String option, int calls) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                option,
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path")));
        String bits = System.getProperty("ttt4rec.vectorBits");
        if (bits != null) {
            command.add("-Dttt4rec.vectorBits=" + bits);
        }
        command.add(KernelsTranscript.class.getName());
        command.add(Integer.toString(calls));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as("exit code of %s", command).isZero();
        return output.strip();
    }
}
