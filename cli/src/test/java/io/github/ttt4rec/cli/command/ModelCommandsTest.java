package io.github.ttt4rec.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.cli.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests the commands from training to evaluation and recommendation with one small model. */
class ModelCommandsTest {
    @TempDir
    private static Path directory;

    private static Path log;
    private static Path model;
    private static String trained;

    @BeforeAll
    static void train() {
        log = Run.log(directory, "events.csv", 80);
        model = directory.resolve("model");
        trained = Run.train(log, model, "--set", "epochs=15").done().out();
    }

    @Test
    void evaluationOnTheTrainingFileRepeatsTheTestOfTraining() {
        Run run = evaluate(log).done();
        assertThat(metrics(run.out())).isNotEmpty().isEqualTo(metrics(trained));
        assertThat(run.out()).doesNotContain("is not the file");
    }

    @Test
    void evaluationWritesJsonUsersAndCases() throws IOException {
        Path json = directory.resolve("result.json");
        Path users = directory.resolve("users.csv");
        Path cases = directory.resolve("cases.csv");
        evaluate(log, "--json", json.toString(), "--users", users.toString(), "--cases", cases.toString(), "--k", "3,7")
                .done();
        JsonNode tree = JsonMapper.shared().readTree(Files.readString(json));
        assertThat(tree.path("protocol").path("split").asString()).isEqualTo("leave-one-out");
        assertThat(tree.path("metrics").has("HR@3")).isTrue();
        assertThat(tree.path("metrics").has("NDCG@7")).isTrue();
        assertThat(tree.path("metrics").has("HR@10")).isFalse();
        assertThat(tree.path("model")
                        .path("config")
                        .path("model")
                        .path("network")
                        .path("layer")
                        .asString())
                .isEqualTo("linear");
        assertThat(tree.path("data").path("file").asString()).isEqualTo("events.csv");
        assertThat(Files.readAllLines(users)).hasSize(81).first().asString().startsWith("user,cases,HR@3");
        assertThat(Files.readAllLines(cases)).hasSize(81).first().isEqualTo("user,position,item,rank");
    }

    @Test
    void jsonOnStandardOutputStandsAlone() {
        Run run = evaluate(log, "--json", "-").done();
        JsonNode tree = JsonMapper.shared().readTree(run.out());
        double expected = TrainedModel.load(model).provenance().metrics().get("test NDCG@10");
        assertThat(tree.path("metrics").path("NDCG@10").path("value").asDouble())
                .isCloseTo(expected, within(1e-12));
    }

    @Test
    void maskingAndPartAreNamedInTheProtocol() {
        assertThat(evaluate(log, "--protocol", "unseen").done().out().replaceAll("\\s+", " "))
                .contains("protocol unseen: cases with a new target");
        assertThat(evaluate(log, "--part", "validation").done().out()).contains("Protocol: validation cases");
        assertThat(evaluate(log, "--split", "3:2:5").done().out()).contains("ratio 3:2:5");
        evaluate(log, "--part", "training").wrongUsageSaying("--part", "test or validation");
        evaluate(log, "--k", "0").wrongUsageSaying("--k");
    }

    @Test
    void sampleRanksTheCasesOfSomeUsersTheSameOnesEachTime() throws IOException {
        Path cases = directory.resolve("sampled.csv");
        Run run = evaluate(log, "--sample", "0.25", "--cases", cases.toString()).done();
        assertThat(run.out().replaceAll("\\s+", " ")).contains("leave-one-out, a sample of 20 of 80 cases (seed 1)");
        List<String> lines = Files.readAllLines(cases);
        assertThat(lines).hasSize(21);
        Path all = directory.resolve("all.csv");
        evaluate(log, "--cases", all.toString()).done();
        assertThat(Files.readAllLines(all)).containsAll(lines);
        assertThat(evaluate(log, "--sample", "0.25").done().out()).contains("20 of 80 cases");
        evaluate(log, "--sample", "0").wrongUsageSaying("--sample", "above 0 and at most 1");
        evaluate(log, "--sample", "NaN").wrongUsageSaying("--sample", "above 0 and at most 1");
    }

    @Test
    void eventsOfUnknownItemsAreDroppedAndCounted() {
        Path other = Run.write(
                directory.resolve("other.csv"),
                "user,item,time\na,i1,1\na,new1,2\na,i2,3\na,i3,4\na,i4,5\nb,new2,1\nb,new1,2\n");
        Run run = evaluate(other).done();
        assertThat(run.out())
                .contains("1 users, 20 items, 4 events", "3 dropped at step: items known to the model")
                .contains("other.csv is not the file that the model was trained on");
        Path foreign = Run.write(directory.resolve("foreign.csv"), "user,item,time\na,x,1\na,y,2\n");
        evaluate(foreign).failedSaying("foreign.csv", "none of its items is known to the model");
    }

    @Test
    void modelsWayToReadTheLogIsUsedAgain() throws IOException {
        Path odd = Run.write(
                directory.resolve("odd.csv"), Files.readString(log).replace("user,item,time", "who,what,when_it_was"));
        String[] columns = {"--user-column", "who", "--item-column", "what", "--time-column", "when_it_was"};
        Path oddModel = directory.resolve("odd-model");
        Run.train(odd, oddModel, concat(columns, "--set", "epochs=1", "--no-test"))
                .done();
        Run.of("evaluate", "--model", oddModel.toString(), "--data", odd.toString())
                .done();
        Run.of("recommend", "--model", oddModel.toString(), "--data", odd.toString(), "--user", "u3")
                .done();
    }

    @Test
    void recommendsBestFirst() {
        Run run = recommend("--history", "i3,i4,i5", "-k", "4").done();
        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines()).hasSize(5);
        assertThat(run.out()).containsPattern("rank +item +score").containsPattern("(?m)^ +1 +i6 +-?[0-9.]+$");
        assertThat(recommend("--history", "i3", "--history", "i4,i5", "-k", "4")
                        .done()
                        .out())
                .isEqualTo(run.out());
    }

    @Test
    void unknownItemsAreNamedCountedAndPassedOver() {
        Run run = recommend("--history", "i3,one,i4,two,i5").done();
        assertThat(run.err())
                .isEqualTo("ttt4rec: the model does not know 2 of 5 items of the history: one, two"
                        + System.lineSeparator());
        assertThat(run.out())
                .isEqualTo(recommend("--history", "i3,i4,i5").done().out());
        Run unknown = recommend("--history", "one,two").done();
        assertThat(unknown.err())
                .contains("does not know 2 of 2 items of the history: one, two", "the list holds popular items");
        assertThat(unknown.out()).isNotEmpty();
    }

    @Test
    void filtersNamesAndJson() {
        Path names = Run.write(directory.resolve("names.csv"), "item,name\ni6,\"Six, the sixth\"\ni7,Seven\n");
        Run run = recommend(
                        "--history", "i3,i4,i5", "--only", "i6,i7,i5", "--exclude-seen", "--names", names.toString())
                .done();
        assertThat(run.out()).contains("Six, the sixth", "Seven").doesNotContain(" i5 ");
        Run excluded = recommend("--history", "i5", "--exclude", "i6,nothing", "-k", "100", "--json")
                .done();
        assertThat(excluded.err()).contains("--only and --exclude name items that the model does not know: nothing");
        JsonNode tree = JsonMapper.shared().readTree(excluded.out());
        assertThat(tree.propertyNames()).containsExactly("history_items", "unknown_items", "recommendations");
        assertThat(tree.path("recommendations")).hasSize(19);
        assertThat(tree.path("recommendations").findValuesAsString("item"))
                .doesNotContain("i6")
                .contains("i7");
        assertThat(tree.path("recommendations").get(0).path("score").isNumber()).isTrue();
        recommend("--history", "i5", "--only", "i6", "--exclude", "i6").failedSaying("the filters exclude every item");
        recommend("--history", "i5", "--names", log.toString()).failedSaying("no column \"name\"");
    }

    @Test
    void historyMayComeFromAFileOrALog() throws IOException {
        Path file = Run.write(directory.resolve("ids.txt"), "i3\n\ni4\ni5\n");
        assertThat(recommend("--history-file", file.toString()).done().out())
                .isEqualTo(recommend("--history", "i3,i4,i5").done().out());
        Path marked = Run.write(directory.resolve("marked.txt"), "\uFEFFi3\r\ni4\r\ni5\r\n");
        assertThat(recommend("--history-file", marked.toString()).done().out())
                .isEqualTo(recommend("--history", "i3,i4,i5").done().out());
        Path other = directory.resolve("latin.txt");
        Files.write(other, "h\u00E9\n".getBytes(StandardCharsets.ISO_8859_1));
        recommend("--history-file", other.toString()).failedSaying("latin.txt", "not UTF-8", "save it as UTF-8");
        Path few = Run.write(directory.resolve("few.csv"), "user,item,time\nx,i5,3\nx,i3,1\ny,i9,1\nx,i4,2\n");
        assertThat(recommend("--data", few.toString(), "--user", "x").done().out())
                .isEqualTo(recommend("--history", "i3,i4,i5").done().out());
        recommend("--data", few.toString(), "--user", "z").failedSaying("few.csv", "no user \"z\"");
        recommend("--history-file", directory.resolve("no.txt").toString()).failedSaying("no.txt", "no such file");
    }

    @Test
    void historyIsNeededAndOnlyOne() {
        recommend().wrongUsageSaying("give a history");
        recommend("--history", "i1", "--user", "u1").wrongUsageSaying("either a history, or --data");
        recommend("--user", "u1").wrongUsageSaying("--data");
        recommend("--history", "i1", "-k", "0").wrongUsageSaying("-k");
    }

    @Test
    void directoryThatIsNoModelIsOneLine() throws IOException {
        Path none = directory.resolve("none");
        Run.of("recommend", "--model", none.toString(), "--history", "i1").failedSaying("no such model directory");
        Path foreign = Files.createDirectories(directory.resolve("empty"));
        Run.of("evaluate", "--model", foreign.toString(), "--data", log.toString())
                .failedSaying("not a ttt4rec model directory");
        Path damaged = Files.createDirectories(directory.resolve("damaged"));
        for (String name :
                List.of("model.safetensors", "config.yaml", "items.jsonl", "popularity.jsonl", "provenance.json")) {
            Files.copy(model.resolve(name), damaged.resolve(name));
        }
        byte[] weights = Run.bytes(damaged.resolve("model.safetensors"));
        weights[weights.length - 3] ^= 1;
        Files.write(damaged.resolve("model.safetensors"), weights);
        Run.of("recommend", "--model", damaged.toString(), "--history", "i1")
                .failedSaying("model.safetensors", "damaged");
    }

    private static Run evaluate(Path file, String... more) {
        return Run.of(concat(new String[] {"evaluate", "--model", model.toString(), "--data", file.toString()}, more));
    }

    @Test
    void timesOfTheHistoryAndOfTheRequestCount() {
        // Every user returns after 40 days to the item of the previous visit, and never repeats an item within a visit.
        StringBuilder text = new StringBuilder("user,item,time\n");
        for (int user = 0; user < 120; user++) {
            for (int visit = 0; visit < 4; visit++) {
                long time = 1_600_000_000L + 86_400L * 40 * visit + user;
                text.append("u%d,i%d,%d%n".formatted(user, user % 15, time));
                text.append("u%d,i%d,%d%n".formatted(user, (user + 3 * visit + 1) % 15, time + 60));
            }
        }
        Path visits = Run.write(directory.resolve("visits.csv"), text.toString());
        Path timed = directory.resolve("timed");
        Run.train(visits, timed, "--set", "type=hybrid", "--set", "epochs=1", "--no-test")
                .done();
        String[] base = {"recommend", "--model", timed.toString(), "--history", "i3,i4"};
        String soon = Run.of(concat(base, "--history-times", "2020-10-01,2020-10-01T00:01:00Z", "--at", "2020-10-01"))
                .done()
                .out();
        String late = Run.of(concat(base, "--history-times", "2020-10-01,2020-10-01T00:01:00Z", "--at", "2020-11-10"))
                .done()
                .out();
        assertThat(late).isNotEqualTo(soon);
        assertThat(Run.of(base).done().out()).as("without times").isNotEqualTo(late);
        // A request before the last event counts as a request at the time of that event.
        assertThat(Run.of(concat(
                                base,
                                "--history-times",
                                "2020-10-01,2020-10-01T00:01:00Z",
                                "--at",
                                "2020-10-01T00:01:00Z"))
                        .done()
                        .out())
                .isEqualTo(soon);
        String ofLog = Run.of("recommend", "--model", timed.toString(), "--data", visits.toString(), "--user", "u3")
                .done()
                .out();
        assertThat(Run.of(
                                "recommend",
                                "--model",
                                timed.toString(),
                                "--data",
                                visits.toString(),
                                "--user",
                                "u3",
                                "--at",
                                "2021-03-01")
                        .done()
                        .out())
                .isNotEqualTo(ofLog);

        Run.of(concat(base, "--history-times", "2020-10-01")).wrongUsageSaying("1 times for 2 items");
        Run.of(concat(base, "--history-times", "2020-10-01,yesterday"))
                .wrongUsageSaying("--history-times", "yesterday");
        Run.of(concat(base, "--at", "2020-10-01")).wrongUsageSaying("--history-times");
        Run.of(
                        "recommend",
                        "--model",
                        timed.toString(),
                        "--data",
                        visits.toString(),
                        "--user",
                        "u3",
                        "--history-times",
                        "2020-10-01")
                .wrongUsageSaying("a log has its own");
    }

    @Test
    void typesOfTheHistoryCountByTheRolesOfTheModel() {
        StringBuilder text = new StringBuilder("user,item,event,time\n");
        for (int i = 0; i < 600; i++) {
            text.append(
                    "u%d,i%d,%s,%d%n".formatted(i % 50, i * 7 % 15, i % 3 == 1 ? "view" : "buy", 1_600_000_000 + i));
        }
        Path log = Run.write(directory.resolve("typed.csv"), text.toString());
        Path typed = directory.resolve("typed");
        Run.train(
                        log,
                        typed,
                        "--types",
                        "buy,view=input,skip=negative",
                        "--set",
                        "type=ttt4rec",
                        "--set",
                        "type_feature=true",
                        "--set",
                        "epochs=1",
                        "--no-test")
                .done();
        String[] base = {"recommend", "--model", typed.toString(), "--history", "i3,i4"};
        String plain = Run.of(base).done().out();
        assertThat(Run.of(concat(base, "--history-types", "buy,buy")).done().out())
                .isEqualTo(plain);
        assertThat(Run.of(concat(base, "--history-types", "view,view")).done().out())
                .isNotEqualTo(plain);
        Run skipped = Run.of(concat(base, "--history-types", "buy,skip")).done();
        assertThat(skipped.err()).contains("1 of 2 items of the history are not read");
        assertThat(skipped.out())
                .isEqualTo(Run.of("recommend", "--model", typed.toString(), "--history", "i3")
                        .done()
                        .out());
        Run.of(concat(base, "--history-types", "buy")).wrongUsageSaying("1 types for 2 items");
        Run.of(concat(base, "--history-types", "buy,vew"))
                .wrongUsageSaying("no role for the type \"vew\"", "buy, view, skip");
        recommend("--history", "i3", "--history-types", "buy").wrongUsageSaying("trained without --types");
    }

    @Test
    void valuesOfTheHistoryCountByTheRolesOfTheModel() {
        StringBuilder text = new StringBuilder("user,item,rating,time\n");
        for (int i = 0; i < 600; i++) {
            text.append("u%d,i%d,%d,%d%n".formatted(i % 50, i * 7 % 15, 1 + i / 15 % 5, 1_600_000_000 + i));
        }
        Path log = Run.write(directory.resolve("rated.csv"), text.toString());
        Path rated = directory.resolve("rated");
        Run.of(
                        "train",
                        "--data",
                        log.toString(),
                        "--out",
                        rated.toString(),
                        "--value-column",
                        "rating",
                        "--types",
                        ">= 4,*=ignored",
                        "--set",
                        "type=popularity",
                        "--set",
                        "min_user_events=1",
                        "--set",
                        "min_item_events=1",
                        "--no-refit",
                        "--no-test")
                .done();
        String[] base = {"recommend", "--model", rated.toString(), "--history", "i3,i4,i5", "--exclude-seen", "-k", "15"
        };
        Run plain = Run.of(base).done();
        assertThat(Run.of(concat(base, "--history-values", "4,5,4.5")).done().out())
                .isEqualTo(plain.out());
        Run low = Run.of(concat(base, "--history-values", "4,-,3")).done();
        assertThat(low.err()).contains("2 of 3 items of the history are not read");
        assertThat(low.out()).contains("i4", "i5").doesNotContain("i3");
        assertThat(plain.out()).doesNotContain("i4", "i5");
        Run.of(concat(base, "--history-values", "4,5")).wrongUsageSaying("2 values for 3 items");
        Run.of(concat(base, "--history-values", "4,5,good"))
                .wrongUsageSaying("--history-values: \"good\" is not a number");
        Run.of(concat(base, "--history-values", "4,5,NaN")).wrongUsageSaying("\"NaN\" is not a finite number");
        recommend("--history", "i3", "--history-values", "4").wrongUsageSaying("trained without --types");
        Run.of(
                        "recommend",
                        "--model",
                        rated.toString(),
                        "--history-values",
                        "4",
                        "--data",
                        log.toString(),
                        "--user",
                        "u1")
                .wrongUsageSaying("a log has its own values");
    }

    private static Run recommend(String... more) {
        return Run.of(concat(new String[] {"recommend", "--model", model.toString()}, more));
    }

    private static String[] concat(String[] first, String... second) {
        return Stream.of(first, second).flatMap(Arrays::stream).toArray(String[]::new);
    }

    /** Returns the lines of the table of metrics. */
    private static List<String> metrics(String out) {
        Matcher matcher = Pattern.compile("(?m)^  (HR|NDCG|MRR).*$").matcher(out);
        return matcher.results().map(MatchResult::group).toList();
    }
}
