package io.github.ttt4rec.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class InspectCommandTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void showsStepsDistributionsAndSplitOn80Columns() throws IOException {
        Path file = log(200);
        Path json = directory.resolve("findings.json");
        assertThat(run("--data", file.toString(), "--json", json.toString())).isZero();
        String text = out.toString();
        assertThat(text.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        assertThat(text)
                .contains("users \"customer_id\"", "5-core", "Events per user", "Gini", "Split ratio 3:2:5")
                .containsPattern("read +200 +20 +2,000 +0\n")
                .contains("! only 200 users");
        assertThat(text.replaceAll("\\s+", " "))
                .contains(
                        "delimiter: tab - tab stands 2 times in the first row, and as often in 20 of the first 20",
                        "quotes: a character like others - as usual for this delimiter; 0 fields are quoted",
                        "header: line 1 - it names columns: customer_id, product_id, event_time",
                        "characters: UTF-8 - every byte fits",
                        "users: \"customer_id\" - a usual name",
                        "meaning of times: dates and times - ISO dates",
                        "c0 p0 2024-05-10 12:00:00",
                        "Next: ttt4rec train --data");

        JsonNode findings = JsonMapper.shared().readTree(Files.readString(json));
        assertThat(findings.get("sha256").asString()).hasSize(64);
        assertThat(findings.get("steps").get(0).get("interactions").asInt()).isEqualTo(2000);
        assertThat(findings.get("statistics").get("lengths").get("median").asInt())
                .isEqualTo(10);
        // 9 cases a user: 4 + 1 + 4.
        assertThat(findings.get("split").get("train").asInt()).isEqualTo(800);
        assertThat(findings.get("split").get("validation").asInt()).isEqualTo(200);
        assertThat(findings.get("split").get("test").asInt()).isEqualTo(800);
        assertThat(findings.get("warnings").size()).isGreaterThan(0);
    }

    @Test
    void readingOfNumbersIsShownWithTheOthersThatWereTried() throws IOException {
        Path file = directory.resolve("log.csv");
        Files.writeString(file, "user,item,time\nu,a,1388874300\nu,b,1388874400\nv,a,1388874500\n");
        assertThat(run("--data", file.toString(), "--min-user-events", "1", "--min-item-events", "1"))
                .isZero();
        assertThat(out.toString().replaceAll("\\s+", " "))
                .contains(
                        "meaning of times: epoch seconds (guessed) - 3 numbers from 1388874300 to 1388874500: epoch seconds from"
                                + " 2014-01-04 22:25:00 to 2014-01-04 22:28:20 (--time-unit seconds); milliseconds would give"
                                + " 1970-01-17 to 1970-01-17");
    }

    @Test
    void readingIsShownEvenIfTheFiltersLeaveNothing() throws IOException {
        Path file = directory.resolve("small.csv");
        Files.writeString(file, "user,item,time\nu,a,1388874300\nu,b,1388874400\n");
        assertThat(run("--data", file.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("How it was read, and why", "2014-01-04 22:25:00");
        assertThat(err.toString()).contains("nothing is left after the step \"5-core\"");
    }

    @Test
    void optionsReachReaderFiltersAndSplit() throws IOException {
        Path file = directory.resolve("odd.txt");
        Files.writeString(file, "9;a;x\n8;a;y\n7;a;x\nbad\n7;a;x\n6;b;y\n");
        assertThat(run(
                        "--data",
                        file.toString(),
                        "--delimiter",
                        ";",
                        "--no-header",
                        "--user-column",
                        "2",
                        "--item-column",
                        "3",
                        "--time-column",
                        "1",
                        "--time-unit",
                        "seconds",
                        "--skip-bad-rows",
                        "--deduplicate",
                        "exact",
                        "--min-user-events",
                        "2",
                        "--min-item-events",
                        "1",
                        "--split",
                        "leave-one-out",
                        "--before",
                        "9"))
                .isZero();
        assertThat(out.toString())
                .containsPattern("read +2 +2 +5 +1\n")
                .containsPattern("before 1970-01-01 00:00:09 +2 +2 +4 +1\n")
                .containsPattern("exact duplicates dropped +2 +2 +3 +1\n")
                .containsPattern("core \\(users 2, items 1\\) +1 +2 +2 +1\n")
                .contains("Split leave-one-out");
        assertThat(out.toString().replaceAll("\\s+", " ")).contains("line 4: 1 field where the first line has 3");
    }

    @Test
    void failuresAreOneLineAndUsageErrorsAreUsage() throws IOException {
        assertThat(run("--data", directory.resolve("none.csv").toString())).isEqualTo(1);
        assertThat(err.toString()).contains("no such file").doesNotContain("Exception");
        String log = log(10).toString();
        assertThat(run()).isEqualTo(2);
        assertThat(run("--data", log, "--split", "3:2")).isEqualTo(2);
        assertThat(run("--data", log, "--deduplicate", "maybe")).isEqualTo(2);
        assertThat(run("--data", log, "--min-user-events", "0")).isEqualTo(2);
        assertThat(run("--data", log, "--after", "soon")).isEqualTo(2);
        assertThat(run("--data", log, "--time-unit", "weeks")).isEqualTo(2);
        assertThat(run("--data", log, "--format", "xml")).isEqualTo(2);
        assertThat(run("--data", log, "--json", directory.resolve("no/dir.json").toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("Missing required option: '--data=FILE'", "3:2:5", "cannot write");
    }

    private Path log(int users) throws IOException {
        StringBuilder text = new StringBuilder("customer_id\tproduct_id\tevent_time\n");
        for (int user = 0; user < users; user++) {
            for (int k = 0; k < 10; k++) {
                text.append("c" + user + "\tp" + (user + 2 * k) % 20 + "\t2024-05-" + (10 + k) + " 12:00\n");
            }
        }
        Path file = directory.resolve("log.tsv");
        Files.writeString(file, text);
        return file;
    }

    private int run(String... arguments) {
        CommandLine root = Main.commandLine();
        if (!root.getSubcommands().containsKey("inspect")) {
            root.addSubcommand(new InspectCommand());
        }
        root.setOut(new PrintWriter(out, true));
        root.setErr(new PrintWriter(err, true));
        String[] all = new String[arguments.length + 1];
        all[0] = "inspect";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Main.execute(root, all);
    }
}
