package io.github.ttt4rec.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.flink.job.Logs;
import io.github.ttt4rec.flink.job.TestModels;
import io.github.ttt4rec.flink.job.Truth;
import io.github.ttt4rec.flink.state.UserEvent;
import io.github.ttt4rec.flink.state.UserRecommendations;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Tests the command as a user types it. */
class StreamCommandTest {
    private static final Pattern OPTION = Pattern.compile("(?<=[\"( ])--[a-z][a-z-]+");

    @TempDir
    private Path directory;

    private TrainedModel model;
    private Path events;
    private Path out;

    private record Run(int exitCode, String said) {}

    @BeforeEach
    void prepare() throws Exception {
        model = TestModels.first();
        model.save(directory.resolve("model"));
        events = directory.resolve("events.csv");
        out = directory.resolve("lists");
    }

    private static Run run(String... arguments) {
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            int exitCode = Main.execute(arguments);
            return new Run(exitCode, said.toString(StandardCharsets.UTF_8));
        } finally {
            System.setErr(before);
        }
    }

    private Run stream(String more) {
        String all =
                "stream --model " + directory.resolve("model") + " --events " + events + " --out " + out + " " + more;
        return run(all.strip().split(" +"));
    }

    @Test
    void endOfEventsGivesAListForEachUserAndAnswersRequests() throws Exception {
        List<UserEvent> log = Logs.events(200, 11);
        Logs.writeCsv(events, log);
        Path requests = directory.resolve("requests.ndjson");
        Files.writeString(requests, """
                {"user": "u1", "request_id": "a", "k": 1000}
                {"user": "nobody", "k": 3}
                """);
        Run run = stream("--lists end -k 1000 --parallelism 2 --requests " + requests);
        assertThat(run.exitCode()).as(run.said()).isZero();
        Truth truth = new Truth(log);
        assertThat(run.said())
                .contains("ttt4rec: " + truth.accepted() + " events in ")
                .contains((log.size() - truth.accepted()) + " duplicates")
                .contains("requests: 2; lists in " + out);
        List<UserRecommendations> answers = Logs.answers(out);
        List<UserRecommendations> last = answers.stream()
                .filter(answer -> answer.reason() == UserRecommendations.Reason.END)
                .toList();
        assertThat(last).extracting(UserRecommendations::user).containsExactlyInAnyOrderElementsOf(truth.users());
        assertThat(last).allSatisfy(answer -> {
            assertThat(answer.events()).isEqualTo(truth.events(answer.user()));
            truth.check(answer, model);
        });
        List<UserRecommendations> asked = answers.stream()
                .filter(answer -> answer.reason() == UserRecommendations.Reason.REQUEST)
                .toList();
        assertThat(asked).hasSize(2);
        for (UserRecommendations answer : asked) {
            if (answer.user().equals("u1")) {
                assertThat(answer.id()).isEqualTo("a");
                assertThat(answer.events()).isEqualTo(truth.events("u1"));
                truth.check(answer, model);
            } else {
                assertThat(answer.items()).hasSize(3);
                assertThat(answer.personal()).isFalse();
            }
        }
    }

    @Test
    void badRowsFailTheRunOrAreSkipped() throws Exception {
        Files.writeString(events, "user,item,time\nu1,i1,1600000020\nu1,i2,1600000010\nu1,,1600000030\n");
        Run ended = stream("");
        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.said())
                .contains("ttt4rec: " + events
                        + ", line 4: column \"item\": the id is empty. Mend the line, or leave out bad ones with"
                        + " --skip-bad-rows");
        assertThat(Logs.answers(out)).isEmpty();

        Run skipped = stream("--skip-bad-rows");
        assertThat(skipped.exitCode()).as(skipped.said()).isZero();
        assertThat(skipped.said())
                .contains("2 events in ")
                .contains("1 bad rows")
                .contains("earlier than one before: 1");
        assertThat(Logs.answers(out)).hasSize(2);

        Run again = stream("--skip-bad-rows");
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.said()).contains(out + " holds lists of another run");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1::1003::5::1388874300\n",
                "u1,i1,1388874300\n",
                "user,item,item,time\nu1,i1,i2,1388874300\n",
                "buyer,thing,time\nu1,i1,1388874300\n",
                "user,item,time\nu1,i1,04.01.2014 22:25\n",
                "user,item,time\nu1,i1,22:25:00\n",
                "user,item,time\nu1,i1,1401042225\n",
                "user,item,time\nu1,i1\n",
                "user,item,time\n\"u1,i1,1388874300\n",
                "{\"buyer\": \"u1\", \"thing\": \"i1\"}\n",
                "{\"user\": \"u1\", \"item\": \n"
            })
    void everyOptionThatARefusalNamesIsOneOfTheCommand(String content) throws Exception {
        Files.writeString(events, content);
        Run refused = stream("");
        assertThat(refused.exitCode()).as(refused.said()).isEqualTo(1);
        Set<String> known = new CommandLine(new StreamCommand())
                .getCommandSpec()
                .optionsMap()
                .keySet();
        assertThat(OPTION.matcher(refused.said()).results().map(MatchResult::group))
                .as(refused.said())
                .allSatisfy(option -> assertThat(known).contains(option));
    }

    @Test
    void everyOptionThatTheReadersNameIsOneOfTheCommand() throws Exception {
        Set<String> known = new CommandLine(new StreamCommand())
                .getCommandSpec()
                .optionsMap()
                .keySet();
        Path readers = Path.of("..", "core", "src", "main", "java", "io", "github", "ttt4rec", "data", "read");
        try (Stream<Path> files = Files.list(readers)) {
            for (Path file : files.filter(path ->
                            !path.endsWith("Preparation.java")) // Filters apply to data sets only; a stream has none.
                    .toList()) {
                assertThat(OPTION.matcher(Files.readString(file)).results().map(MatchResult::group))
                        .as(file.toString())
                        .filteredOn(option -> !option.endsWith("-")) // The message adds the role's name to this.
                        .allSatisfy(option -> assertThat(known).contains(option));
            }
        }
        assertThat(known).contains("--user-column", "--item-column", "--time-column", "--event-id-column");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            u1,i1,1388874300<br>u1,i2,1388874301 | --no-header --user-column 1 --item-column 2 --time-column 3
            1::i1::5::1388874300<br>1::i2::3::1388874301 | --preset-log movielens-1m
            user;item;day<br>u1;i1;04.01.2014<br>u1;i2;05.01.2014 | --time-column day --time-pattern d.M.yyyy
            """)
    void fileIsReadWithTheOptionsOfTraining(String content, String options) throws Exception {
        Files.writeString(events, content.replace("<br>", "\n") + "\n");
        Run run = stream(options);
        assertThat(run.exitCode()).as(run.said()).isZero();
        assertThat(run.said()).contains("2 events in ");
    }

    @Test
    void parquetIsRead() throws Exception {
        events = Path.of("..", "core", "src", "test", "resources", "logs", "pq_nested.parquet");
        Run run = stream("");
        assertThat(run.exitCode()).as(run.said()).isZero();
        assertThat(run.said()).containsPattern("[1-9][0-9]* events in ");
    }

    @Test
    void fieldsMayBeSeparatedByTwoColons() throws Exception {
        Files.writeString(events, "user::item::rating::time\nu1::i1::5::1388874300\nu1::i2::3::1388874301\n");
        Run run = stream("");
        assertThat(run.exitCode()).as(run.said()).isZero();
        assertThat(run.said()).contains("2 events in ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            stream                                             | 2 | Missing required option: '--model=DIR'
            stream --model m --out o                           | 2 | give either --events FILE or --events-topic TOPIC
            stream --model m --events e                        | 2 | give either --out DIR or --out-topic TOPIC
            stream --model m --events e --out o --excludeseen  | 2 | unknown option '--excludeseen', did you mean '--exclude-seen'?
            stream --model m --events e --out o --lists never  | 2 | 'never' is not event, end or none
            stream --model m --events e --out o --lists none   | 2 | add --requests or --requests-topic
            stream --model m --events e --out o --watch        | 2 | need --checkpoints DIR
            stream --model m --events e --out-topic t          | 2 | topics need --brokers HOST:PORT
            stream --model m --events e --out o -k 0           | 2 | k must be 1 or more
            stream --model m --events e --out o --user-ttl 3   | 2 | '3' is not a length of time such as
            stream --model m --events e --out o --state db     | 2 | 'db' is not hashmap or rocksdb
            stream --model m --events-topic e --brokers b:1 --out o --no-header --checkpoints c | 2 | a topic's events are JSON objects
            stream --model m --events e --out o --quotes --no-quotes | 2 | exclude each other
            stream --model m --events no-such-file --out o     | 1 | no such file: no-such-file
            """)
    void wrongUsageIsReportedInOneLine(String arguments, int exitCode, String message) {
        Run run = run(arguments.split(" "));
        assertThat(run.exitCode()).isEqualTo(exitCode);
        assertThat(run.said()).contains(message).hasLineCount(1);
    }
}
