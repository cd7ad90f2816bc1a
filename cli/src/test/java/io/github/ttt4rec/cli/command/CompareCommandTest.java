package io.github.ttt4rec.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareCommandTest {
    @TempDir
    private Path directory;

    private Path log;
    private Path out;

    @BeforeEach
    void write() {
        log = Run.log(directory, "events.csv", 60);
        out = directory.resolve("lab");
    }

    private Run compare(String models, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("compare", "--data", log.toString(), "--out", out.toString(), "--models", models));
        // The last of these settings chooses an inner model, which here each method chooses itself.
        arguments.addAll(Run.SMALL.subList(0, Run.SMALL.size() - 2));
        arguments.addAll(Arrays.asList(more));
        return Run.of(arguments.toArray(String[]::new));
    }

    @Test
    void runsReportsAndGoesOn() {
        Run run = compare("ttt-linear,popularity", "--seeds", "2", "--set", "epochs=2")
                .done();
        assertThat(run.out())
                .contains("2 models, 3 runs, 2 threads")
                .contains("[1/3] ttt-linear, seed 1")
                .containsPattern("epoch {3}1  loss [0-9.]+ {2}NDCG@10 0\\.[0-9]{4}")
                .contains(" left")
                .containsPattern("(?m)^ttt-linear +0\\.[0-9]{4} +0\\.[0-9]{4} +0\\.[0-9]{4} – 0\\.[0-9]{4}")
                .contains("Report: " + out.resolve("report.html"));
        assertThat(out.resolve("results.json")).isNotEmptyFile();
        assertThat(out.resolve("results.csv")).isNotEmptyFile();

        run = compare("ttt-linear,popularity,markov", "--seeds", "2", "--set", "epochs=2")
                .done();
        assertThat(run.out())
                .contains("[1/4] ttt-linear, seed 1: finished before")
                .doesNotContain("epoch ")
                .contains("[3/4] markov, seed 1\n");
        run = compare("ttt-linear,popularity", "--seeds", "2-2", "--set", "epochs=2")
                .done();
        assertThat(run.out())
                .contains("[1/2] ttt-linear, seed 2: finished before", "[2/2] popularity, seed 1: finished before");
        compare("ttt-linear", "--set", "epochs=3").failedSaying("train.epochs was 2, is now 3", "--force");
        compare("ttt-linear", "--set", "epochs=1", "--force").done();
    }

    @Test
    void modelThatCannotBeTrainedIsNamedAndTheOthersAreCompared() throws IOException {
        StringBuilder sessions = new StringBuilder("user,item,time\n");
        for (int user = 0; user < 60; user++) {
            for (int t = 0; t < 2 + user % 2; t++) {
                sessions.append("u" + user + ",i" + (user + t) % 20 + "," + (1_600_000_000 + 10 * user + t) + "\n");
            }
        }
        Run.write(log, sessions.toString());
        String reason = "leaves 0 validation cases, but a hybrid model fits its output weights on at least 20";
        Run run = compare("hybrid,blend=vsknn+hybrid,vsknn,popularity", "--set", "epochs=1")
                .done();
        assertThat(run.out())
                .contains("  failed: the split leave-one-out " + reason)
                .containsPattern("(?m)^vsknn +[01]\\.[0-9]{4} ")
                .containsPattern("(?m)^popularity +[01]\\.[0-9]{4} ")
                .containsPattern("(?m)^hybrid +failed: the split leave-one-out " + reason)
                .containsPattern("(?m)^blend-vsknn\\+hybrid +failed: it needs hybrid, which failed$");
        String json = Files.readString(out.resolve("results.json"));
        assertThat(json.substring(json.indexOf("\"failures\"")))
                .contains("\"method\" : \"hybrid\"", reason, "\"method\" : \"blend-vsknn+hybrid\"");
        assertThat(Files.readString(out.resolve("report.html"))).contains("<strong>hybrid failed</strong>", reason);
        Run nothing = compare("hybrid", "--set", "epochs=1");
        nothing.failedSaying("no model could be run on this split; hybrid: ", reason);
    }

    @Test
    void configurationFileIsForAllModelsAndOptionsWinOverIt() throws IOException {
        Path preset = directory.resolve("preset.yaml");
        Files.writeString(preset, """
                data:
                  deduplication: exact
                train:
                  examples: per_case
                  epochs: 7
                """);
        compare("popularity,ttt-linear", "--config", preset.toString(), "--set", "epochs=1")
                .done();
        assertThat(out.resolve("compare.json"))
                .content()
                .contains(
                        "\"data.deduplication\" : \"exact\"",
                        "\"train.examples\" : \"per_case\"",
                        "\"train.epochs\" : \"1\"");
        Files.writeString(preset, "model:\n  type: sasrec\n");
        compare("ttt-linear", "--config", preset.toString()).failedSaying("section model", "--models NAME=" + preset);
    }

    @Test
    void modelsAreListed() {
        Run run = Run.of("compare", "--models", "list").done();
        assertThat(run.out())
                .contains("ttt4rec  ", "ttt-mlp-frozen-at-test", "markov", "another name of ttt4rec")
                .containsPattern("(?m)^ {2}simple +popularity, recent-popularity");
        assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void wrongUsageIsOneLine() {
        compare("sasrec,sasreck").wrongUsageSaying("'sasreck'", "mamba4rec", "controls");
        compare("").wrongUsageSaying("no model is named");
        compare("sasrec", "--fractions", "0.5,2").wrongUsageSaying("'2' is not a share");
        compare("sasrec", "--seeds", "0").wrongUsageSaying("--seeds", "'0' is not a number of seeds");
        compare("sasrec", "--seeds", "3-2").wrongUsageSaying("--seeds", "a range, such as 2-3");
        Run.of("compare", "--models", "sasrec", "--data", log.toString()).wrongUsageSaying("--out");
        Run.of("compare", "--models", "sasrec", "--out", out.toString()).wrongUsageSaying("--data");
        compare("popularity").wrongUsageSaying("--set hidden_size=8", "none of these models");
        compare("mine=none.yaml").failedSaying("none.yaml", "no such file");
        assertThat(out).doesNotExist();
    }
}
