package io.github.ttt4rec.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.benchmarks.models.SyntheticLog;
import io.github.ttt4rec.data.Dataset;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Tests that the commands without JMH run, and their output, on a very small log. */
class CommandsTest {
    @TempDir
    private Path directory;

    private Path log() throws Exception {
        StringBuilder text = new StringBuilder("user,item,time\n");
        for (int i = 0; i < 400; i++) {
            text.append("u" + i / 10 + ",i" + i * 7 % 20 + "," + (1_600_000_000 + i) + "\n");
        }
        return Files.writeString(directory.resolve("log.csv"), text);
    }

    @Test
    void jobsTellEveryJob() throws Exception {
        String out = done("jobs", "--data", log().toString(), "--set", "epochs=2", "--events", "20", "--threads", "1");
        assertThat(out).contains("400 events, 40 users, 20 items");
        assertThat(out.lines()
                        .filter(line -> line.startsWith("| "))
                        .map(line -> line.substring(2).replaceFirst(" +\\|.*", "")))
                .containsExactly(
                        "job",
                        "read, filter and split",
                        "one epoch, median",
                        "its validation, median",
                        "training to convergence",
                        "test",
                        "from the JVM's start to the test's end",
                        "append one event",
                        "top 10 after it");
    }

    @Test
    void hybridTellsItsCostBesideThePapersModelAndItsNetwork() throws Exception {
        String[] live = {"append one event, median, µs", "top 10 after it, 99 % within, µs"};
        String trained = done("hybrid", "--data", log().toString(), "--set", "epochs=2", "--events", "20");
        assertThat(trained)
                .contains("paper's model", "one epoch, median, s", "heap of the loaded model")
                .contains(live);
        String madeUp = done("hybrid", "--items", "200", "--events", "20", "--threads", "1");
        assertThat(madeUp).contains("its network").contains(live).doesNotContain("epoch");
    }

    @Test
    void rooflineTellsEveryStage() throws Exception {
        String out = done("roofline", "--data", log().toString(), "--epochs", "10", "--threads", "1");
        for (Stage stage : Stage.values()) {
            assertThat(out).contains("| " + stage.description() + " ");
        }
    }

    @Test
    void logWritesTheMadeUpEvents() throws Exception {
        Path file = directory.resolve("made-up.csv.gz");
        assertThat(done("log", "--events", "1000", "--items", "50", "--out", file.toString()))
                .startsWith("1,000 events of ");
        List<String> lines;
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.US_ASCII))) {
            lines = reader.lines().toList();
        }
        Dataset log = new SyntheticLog(1000, 50, 1).generate();
        assertThat(lines).hasSize(1001).startsWith("user,item,time");
        assertThat(lines.getLast())
                .isEqualTo("u" + (log.userCount() - 1) + ",i" + (log.events()[999] - 1) + "," + log.times()[999]);
    }

    @Test
    void logOfAPatternMayHaveNoTimes() throws Exception {
        Path file = directory.resolve("chain.csv");
        String[] chain = {"log", "--pattern", "CHAIN", "--users", "2", "--length", "4", "--items", "9", "--no-times"};
        List<String> words = new ArrayList<>(List.of(chain));
        words.addAll(List.of("--out", file.toString()));
        assertThat(done(words.toArray(String[]::new))).contains(" events of 2 users and 9 items");
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).startsWith("user,item,time").anyMatch(line -> line.matches("u1,i[0-8],1"));
        words.removeAll(List.of("--users", "2"));
        assertThat(Main.commandLine()
                        .setErr(new PrintWriter(new StringWriter()))
                        .execute(words.toArray(String[]::new)))
                .isEqualTo(2);
    }

    @Test
    void impressionsTellEveryUse() throws Exception {
        String[] small = {"impressions", "--users", "60", "--items", "40", "--seeds", "1", "--set", "epochs=2"};
        String out = done(small);
        assertThat(out.lines()
                        .filter(line -> line.startsWith("| "))
                        .map(line -> line.substring(2).replaceFirst(" +\\|.*", "")))
                .containsExactly(
                        "impressions",
                        "not used",
                        "by the rule of a scenario, fade 0.5",
                        "fitted: the user's times shown",
                        "fitted: also the item's rate and the likeness to items not taken");
        assertThat(done(small)).isEqualTo(out);
    }

    @Test
    void missingLogIsOneLine() {
        StringWriter err = new StringWriter();
        CommandLine commandLine = Main.commandLine();
        commandLine.setErr(new PrintWriter(err));
        assertThat(commandLine.execute("jobs", "--data", "none.csv")).isEqualTo(1);
        assertThat(err.toString().lines()).singleElement().asString().contains("none.csv");
    }

    private static String done(String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(new StringWriter()));
        assertThat(commandLine.execute(arguments)).isZero();
        return out.toString();
    }
}
