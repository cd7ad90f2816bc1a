package io.github.ttt4rec.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProgramTest {
    /** A program that logs two records. */
    static final class Logging {
        private Logging() {}

        public static void main(String[] args) {
            Program.prepare();
            System.Logger logger = System.getLogger("a.b.Server");
            logger.log(System.Logger.Level.WARNING, "the disk is slow");
            logger.log(System.Logger.Level.ERROR, "the disk is full");
        }
    }

    @Test
    void logRecordTakesOneLine() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:disable",
                        "-Duser.language=en",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Logging.class.getName())
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        String time = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d[+-]\\d{4}";
        assertThat(printed.lines().filter(line -> !line.contains("incubator")))
                .satisfiesExactly(
                        line -> assertThat(line).matches(time + " WARNING a\\.b\\.Server: the disk is slow"),
                        line -> assertThat(line).matches(time + " SEVERE a\\.b\\.Server: the disk is full"));
    }
}
