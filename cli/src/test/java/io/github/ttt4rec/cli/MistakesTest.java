package io.github.ttt4rec.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Makes mistakes on the command line; each gives one line, and no file is lost. */
class MistakesTest {
    @TempDir
    private Path directory;

    private String log = "";

    @BeforeEach
    void write() {
        log = Run.log(directory, "events.csv", 10).toString();
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    @Test
    void outputThatWouldReplaceAnInputIsRefused() {
        Path events = Path.of(log);
        byte[] before = Run.bytes(events);
        for (String option : new String[] {"--save-read", "--json"}) {
            Run.of("inspect", "--data", log, option, log)
                    .failedSaying(log + ": is given as --data too", option + " would replace it");
        }
        Run.of(
                        "inspect",
                        "--data",
                        log,
                        "--json",
                        directory.resolve("./events.csv").toString())
                .failedSaying("is given as --data too");
        Run.of("evaluate", "--model", path("m"), "--data", log, "--users", path("a"), "--cases", path("a"))
                .failedSaying("is given as --");
        assertThat(Run.bytes(events)).isEqualTo(before);

        String store = path("shop.db");
        Run.of("import", "--data", log, "--state", store).done();
        Run.of("export", "--state", store, "--out", store)
                .failedSaying("is given as --state too, and --out would replace it; write to another file");
        Run.of("export", "--state", store, "--items", "--out", store).failedSaying("is given as --state too");
        assertThat(Run.of("check", "--state", store).done().out()).contains("120 events of 10 users");
    }

    @Test
    void outputWithoutAPlaceIsRefusedBeforeTheWork() {
        Run.of("evaluate", "--model", path("m"), "--data", log, "--json", path("none/result.json"))
                .failedSaying(
                        "result.json: --json cannot write this file: there is no directory", "none; make it first");
        Run.of("inspect", "--data", log, "--json", directory.toString())
                .failedSaying("--json cannot write this file: it is a directory; name a file in it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--out NOTHING | '--out': the path is empty",
                "--out m --threads 5000 | '5000' is more than 1024; this machine has",
                "--out m --seed x | 'x' is not a whole number",
                "--out m --seed 99999999999999999999 | is not a whole number of at most 64 bits",
                "--ou m | unknown option '--ou', did you mean '--out'?",
                "--out m --deduplication exact | did you mean '--deduplicate'?",
                "--out m --set epochz=1 | did you mean train.epochs?",
                "--out m --set epochs=0 | epochs must be at least 1",
                "--out m --set layer=lstm | it is one of linear, mlp",
                "--out m --preset prod | 'prod' is not production or paper",
            })
    void wrongUsageIsOneLine(String options, String message) {
        String[] words = ("train --data " + log + " " + options).split(" ", -1);
        for (int i = 0; i < words.length; i++) {
            words[i] = words[i].equals("NOTHING") ? "" : words[i];
        }
        Run.of(words).wrongUsageSaying(message);
    }

    @Test
    void filesOfAnotherKindAreNamedAsSuch() {
        Run.of("train", "--data", log, "--out", path("m"), "--config", log)
                .failedSaying(log + ": not a YAML file of keys and values, such as a line epochs: 20");
        Run.of("train", "--data", log, "--out", path("m"), "--set", "type=popularity", "--no-refit", "--no-test")
                .done();
        Run.of("inspect", "--data", path("m"))
                .failedSaying("m is a model directory; the log is the file that a model was trained on");
        assertThat(Files.exists(directory.resolve("m/model.safetensors"))).isTrue();
    }
}
