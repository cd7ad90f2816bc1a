package io.github.ttt4rec.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ttt4rec.cli.option.DataOptions;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.EventTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Follows the advice of refusals to the letter: runs the command that a message names, or gives its options, until the
 * log is read, and compares the events with those that were written.
 */
class LiteralAdviceTest {
    private static final int MAX_STEPS = 4;
    private static final long START = 1_390_000_000;

    /** A command that writes a file, as messages give it. */
    private static final Pattern COMMAND = Pattern.compile(
            "(?<tool>awk|jq|python3|sed) .*> (?<out>FILE[.][a-z]+)(, and read those with (?<options>--.*))?");

    private static final Pattern OPTION = Pattern.compile("--[a-z-]+( \"[^\"]*\"| [^-\\s][^\\s;)]*)?");

    @TempDir
    private Path directory;

    /** An event as it is expected: its time as text, or its place among its user's events if there are no times. */
    private record Event(String user, String item, String time) {}

    private record Row(int number, String user, String item, int rating, long seconds) {
        String iso() {
            return new EventTime(1_000_000 * seconds, true).toString();
        }
    }

    /** The rows of six users, who each come back several times; times increase by hours. */
    private static List<Row> rows() {
        return IntStream.range(0, 48)
                .mapToObj(i -> new Row(
                        i, "" + (11 + i * 5 % 6), "" + (100 + i * 7 % 19), 1 + i * 3 % 5, START + i * 40_000L + i % 7))
                .toList();
    }

    /** Returns the log's text with a line for each row; {@code {u}} stands for its user and so on. */
    private static String log(String line) {
        return rows().stream().map(row -> filled(line, row) + "\n").collect(Collectors.joining());
    }

    private static String filled(String line, Row row) {
        return line.replace("{n}", "" + row.number)
                .replace("{u}", row.user)
                .replace("{i}", row.item)
                .replace("{r}", "" + row.rating)
                .replace("{plays}", "" + (row.number * 977 % 3001 + 1))
                .replace("{offset}", "" + (row.number / 6 * 13_250))
                .replace("{t}", "" + row.seconds)
                .replace("{iso}", row.iso())
                .replace("{day}", row.iso().substring(0, 10))
                .replace("{ymd}", row.iso().substring(0, 10).replace("-", ""))
                .replace("{clock}", row.iso().substring(11))
                .replace("{access}", accessTime(row))
                .replace("{dmy}", row.iso().replaceFirst("(....)-(..)-(..).*", "$3,$2,$1"))
                .replace(
                        "{us}",
                        Integer.parseInt(row.iso().substring(5, 7)) + "/"
                                + Integer.parseInt(row.iso().substring(8, 10)) + "/2014 "
                                + row.iso().substring(11, 16));
    }

    /** The time of a row as web servers write it. */
    private static String accessTime(Row row) {
        return DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss", Locale.ENGLISH)
                .format(Instant.ofEpochSecond(row.seconds).atOffset(ZoneOffset.UTC));
    }

    private static List<Event> timed(String time) {
        return rows().stream()
                .map(row -> new Event(row.user, row.item, filled(time, row)))
                .toList();
    }

    /** The events in file order, each with its place among its user's. */
    private static List<Event> ordered() {
        List<Event> events = new ArrayList<>();
        for (Row row : rows()) {
            long before =
                    events.stream().filter(event -> event.user.equals(row.user)).count();
            events.add(new Event(row.user, row.item, "" + before));
        }
        return events;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{u},{i},{r},{t}",
                "{u}::{i}::{r}::{t}",
                "{u}\t{i}\t{r}\t{t}",
                "{u},{i},{t}",
                "{n},{u},{i},{t}",
                "{t},{u},{i}",
                "{iso},{u},{i}",
                "{u},{i},view,{t}",
                "{u},view,{i},{r},{t}",
                "{u};{i};{r};{plays}.5;{iso}",
                "{u} {i} {iso}",
                "{u}::{i}::{iso}",
                "{u}|{i}|{t}000",
            })
    void logsWithoutAHeaderAndWithTimes(String line) {
        followed("log.csv", log(line), timed("{iso}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{u},{i},{r}",
                "{u}\t{i}\t{plays}",
                "{u},{i},{offset}",
                "{u}::{i}::{r}",
                "{u} {i}",
                "{u},{i},{r},0"
            })
    void ratingsAndPlayCountsAndOffsetsAreNoTimes(String line) {
        followed("log.csv", log(line), ordered());
    }

    @Test
    void datesOfOtherCountriesAndWithoutATimeOfDay() {
        List<Event> minutes = rows().stream()
                .map(row -> new Event(row.user, row.item, row.iso().substring(0, 16) + ":00"))
                .toList();
        followed("us.csv", log("{u},{i},{us}"), minutes);
        followed("us.txt", log("{u} {i} {us}"), minutes);
        followed("header.csv", "user,item,date\n" + log("{u},{i},{us}"), minutes);
        followed("days.csv", log("{u},{i},{ymd}"), timed("{day} 00:00:00"));
        followed("apart.csv", "user,item,date,time\n" + log("{u},{i},{day},{clock}"), timed("{iso}"));
    }

    @Test
    void filesThatPythonOrJsonToolsWrote() {
        followed(
                "dicts.json",
                log("{u'user': u'{u}', u'item': u'{i}', u'time': {t}, u'text': u\"it's\"}"),
                timed("{iso}"));
        String table = log("[{u}, {i}, {t}]");
        followed("arrays.jsonl", table, timed("{iso}"));
        followed("array.json", "[" + table.strip().replace("\n", ",") + "]", timed("{iso}"));
        String objects = log("{\"user\": {u}, \"item\": {i}, \"time\": {t}}");
        followed("pretty.json", objects.replace(",", ",\n").replace("{", "{\n"), timed("{iso}"));
        followed("wrapped.json", "{\"events\": [" + objects.strip().replace("\n", ",") + "]}", timed("{iso}"));
        followed(
                "columns.json",
                "{\"user\": " + list("{u}") + ", \"item\": " + list("{i}") + ", \"time\": " + list("{t}") + "}",
                timed("{iso}"));
        followed(
                "split.json",
                "{\"columns\": [\"user\", \"item\", \"time\"], \"data\": ["
                        + table.strip().replace("\n", ",") + "]}",
                timed("{iso}"));
    }

    @Test
    void jsonObjectsThatHoldAWholeTable() {
        List<Row> rows = rows();
        String columns = Stream.of("user {u}", "item {i}", "time {t}")
                .map(column -> column.split(" ", -1))
                .map(column -> "\"" + column[0] + "\": {"
                        + rows.stream()
                                .map(row -> filled("\"{n}\": " + column[1], row))
                                .collect(Collectors.joining(","))
                        + "}")
                .collect(Collectors.joining(","));
        followed("pandas.json", "{" + columns + "}", timed("{iso}"));
        String byRow = rows.stream()
                .map(row -> filled("\"{n}\": {\"user\": {u}, \"item\": {i}, \"time\": {t}}", row))
                .collect(Collectors.joining(","));
        followed("index.json", "{" + byRow + "}", timed("{iso}"));
        Map<String, List<Row>> users = rows.stream().collect(Collectors.groupingBy(Row::user));
        String byUser = users.entrySet().stream()
                .map(user -> "\"" + user.getKey() + "\": ["
                        + user.getValue().stream()
                                .map(row -> filled("{\"item\": {i}, \"time\": {t}}", row))
                                .collect(Collectors.joining(","))
                        + "]")
                .collect(Collectors.joining(","));
        followed("users.json", "{" + byUser + "}", timed("{iso}"));
        followed("net.jsonl", log("{\"user\": {u}, \"item\": {i}, \"time\": \"\\/Date({t}000)\\/\"}"), timed("{iso}"));
    }

    @Test
    void tablesThatDatabaseClientsDraw() {
        String rule = "+------+------+---------------------+\n";
        followed(
                "mysql.txt",
                rule + "| user | item | time                |\n" + rule + log("| {u}   | {i}  | {iso} |") + rule
                        + "48 rows in set\n",
                timed("{iso}"));
        followed(
                "psql.txt",
                " user | item |        time         \n------+------+---------------------\n"
                        + log(" {u}   | {i}  | {iso}") + "(48 rows)\n\n",
                timed("{iso}"));
    }

    @Test
    void filesOfOtherProgramsThatACommandConverts() {
        followed(
                "access.log",
                log("{u} - - [{access} +0000] \"GET /item/{i} HTTP/1.1\" 200 12"),
                rows().stream()
                        .map(row -> new Event(row.user, "/item/" + row.item, row.iso()))
                        .toList());
        followed("pairs.log", log("user={u} item={i} ts={t}"), timed("{iso}"));
        followed(
                "matrix.mtx",
                "%%MatrixMarket matrix coordinate integer general\n% users, items\n17 119 48\n" + log("{u} {i} 1"),
                ordered());
    }

    @Test
    void datesInSeveralColumns() {
        followed("parts.csv", "user,item,day,month,year\n" + log("{u},{i},{dmy}"), timed("{day} 00:00:00"));
    }

    private static String list(String what) {
        return rows().stream().map(row -> filled(what, row)).toList().toString();
    }

    @Test
    void sequencesOfItemsWithOneUserALine() {
        for (String separators : List.of("  ", "\t\t", "\t,", " ,", ",,")) {
            Map<String, List<Event>> byUser = ordered().stream().collect(Collectors.groupingBy(Event::user));
            // Sequences of several lengths, as in real files.
            byUser.replaceAll((user, events) -> events.subList(0, 4 + Integer.parseInt(user) % 3));
            String text = byUser.entrySet().stream()
                    .map(entry -> entry.getKey() + separators.charAt(0)
                            + entry.getValue().stream()
                                    .map(Event::item)
                                    .collect(Collectors.joining(separators.substring(1)))
                            + "\n")
                    .collect(Collectors.joining());
            followed(
                    "sequences.txt",
                    text,
                    byUser.values().stream().flatMap(List::stream).toList());
        }
    }

    @Test
    void netflixNamesTheFilmInALineOfItsOwn() {
        Map<String, List<Row>> films = rows().stream().collect(Collectors.groupingBy(Row::item));
        for (String end : List.of("\n", "\r\n")) {
            String text = films.entrySet().stream()
                    .map(film -> film.getKey() + ":\n"
                            + film.getValue().stream()
                                    .map(row -> filled("{u},{r},{day}\n", row))
                                    .collect(Collectors.joining()))
                    .collect(Collectors.joining());
            followed("combined_data_1.txt", text.replace("\n", end), timed("{day} 00:00:00"));
        }
    }

    @Test
    void mindListsTheItemsThatWereShown() {
        String text = rows().stream()
                .map(row -> filled("{n}\tU{u}\t", row) + twelveHours(row) + "\tN1 N2\tN999-0 N" + row.item + "-1\n")
                .collect(Collectors.joining());
        List<Event> events = rows().stream()
                .map(row -> new Event("U" + row.user, "N" + row.item, row.iso()))
                .toList();
        followed("behaviors.tsv", text, events);
        followed("header.tsv", "impression_id\tuser_id\ttime\thistory\timpressions\n" + text, events);
    }

    private static String twelveHours(Row row) {
        int hour = Integer.parseInt(row.iso().substring(11, 13));
        return filled("{us}", row).replaceFirst(" .*", " ")
                + (hour % 12 == 0 ? 12 : hour % 12)
                + row.iso().substring(13)
                + (hour < 12 ? " AM" : " PM");
    }

    @Test
    void missingUsersAreReplacedByTheOtherIdThatIsNamed() {
        followed(
                "ga4.csv",
                "event_date,event_timestamp,user_id,user_pseudo_id,item_id\n" + log("{ymd},{t}000000,,{u},{i}"),
                timed("{iso}"));
        followed(
                "segment.jsonl",
                log(
                        "{\"userId\": null, \"anonymousId\": {u}, \"timestamp\": \"{iso}\", \"properties\": {\"product_id\": {i}}}"),
                timed("{iso}"));
        followed(
                "snowplow.tsv",
                "collector_tstamp\tevent\tuser_id\tdomain_userid\titem_id\n" + log("{iso}\tpage_view\t\t{u}\t{i}"),
                timed("{iso}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ", ", "|", ";", " "})
    void listsOfItemsInACellAreNamedWithTheirCure(String separator) {
        List<Row> rows = rows();
        StringBuilder text = new StringBuilder("user\ttime\titem\n");
        List<Event> events = new ArrayList<>();
        for (Row row : rows) {
            text.append(filled("{u}\t{iso}\t{i}" + separator + "i-2{r}\n", row));
            events.add(new Event(row.user, row.item, row.iso()));
            events.add(new Event(row.user, "i-2" + row.rating, row.iso()));
        }
        Path log = Run.write(directory.resolve("lists.tsv"), text.toString());
        String notice = inspect(log, List.of()).done().out().replaceAll("\\s+", " ");
        assertThat(notice).contains("if a field lists several items, give --list-separator \"");
        List<String> options = options(notice.substring(notice.indexOf("--list-separator")));
        assertThat(events(log, options.subList(0, 2))).containsExactlyInAnyOrderElementsOf(events);
    }

    /** Writes a log and follows advice until it is read as {@code expected}. */
    private void followed(String name, String text, List<Event> expected) {
        Path file = Run.write(directory.resolve(name), text);
        List<String> options = List.of();
        List<String> messages = new ArrayList<>();
        for (int step = 0; step < MAX_STEPS; step++) {
            Run run = inspect(file, options);
            if (run.exitCode() == 0) {
                assertThat(messages).as("a log that needs advice").isNotEmpty();
                assertThat(events(file, options)).as("%s", messages).containsExactlyInAnyOrderElementsOf(expected);
                return;
            }
            run.failedSaying(":");
            messages.add(run.err());
            Matcher command = COMMAND.matcher(run.err());
            if (command.find()) {
                assumeTrue(has(command.group("tool")), command.group("tool") + " is not installed");
                file = converted(command.group(), command.group("out"), file, step);
                options = command.group("options") == null ? List.of() : options(command.group("options"));
            } else {
                options = more(options, options(run.err()));
            }
        }
        assertThat(messages).as("advice that leads to nothing").isEmpty();
    }

    private static boolean has(String tool) {
        return Arrays.stream(System.getenv("PATH").split(":", -1))
                .anyMatch(entry -> Files.isExecutable(Path.of(entry, tool)));
    }

    private Path converted(String command, String out, Path file, int step) {
        Path next = directory.resolve(step + out.replace("FILE", "converted"));
        String shell = command.replaceFirst(", and read those with .*", "")
                .replace(out, "'" + next + "'")
                .replace("FILE", "'" + file + "'");
        try {
            Process process = new ProcessBuilder("sh", "-c", shell)
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as("%s%n%s", shell, output).isZero();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(shell, e);
        }
        return next;
    }

    /** The options of a message with their values; the first of several patterns. */
    private static List<String> options(String message) {
        String advice = message.replaceFirst("Mend the line.*", "").replaceFirst(".*give for example", "");
        // A refusal without an example offers options one by one: the last one names the columns that fit.
        List<String> options = new ArrayList<>();
        Matcher matcher =
                OPTION.matcher(advice.contains("would fit too") ? advice.replaceFirst(".*would fit", "") : advice);
        while (matcher.find()) {
            String[] words = matcher.group().split(" ", 2);
            if (options.contains(words[0])) {
                continue;
            }
            options.add(words[0]);
            if (words.length > 1) {
                options.add(words[1].replaceAll("^\"|\"$|[.?]$", ""));
            }
        }
        if (advice.contains("--preset-log")) {
            return options.subList(options.indexOf("--preset-log"), options.indexOf("--preset-log") + 2);
        }
        return options;
    }

    private static List<String> more(List<String> before, List<String> after) {
        List<String> all = new ArrayList<>(before);
        for (String option : after) {
            int at = option.startsWith("--") ? all.indexOf(option) : -1;
            if (at >= 0) {
                all.subList(at, at + 2).clear();
            }
        }
        all.addAll(after);
        return all;
    }

    private static Run inspect(Path file, List<String> options) {
        List<String> arguments = new ArrayList<>(
                List.of("inspect", "--data", file.toString(), "--min-user-events", "1", "--min-item-events", "1"));
        arguments.addAll(options);
        return Run.of(arguments.toArray(String[]::new));
    }

    @Command
    private static final class Reading {
        @Mixin
        private final DataOptions data = new DataOptions();
    }

    /** The events as a command reads them with these options. */
    private static List<Event> events(Path file, List<String> options) {
        Reading reading = new Reading();
        List<String> arguments = new ArrayList<>(List.of("--data", file.toString()));
        arguments.addAll(options);
        new CommandLine(reading).parseArgs(arguments.toArray(String[]::new));
        Dataset data = reading.data.loadAll().dataset();
        List<Event> events = new ArrayList<>();
        for (int user = 0; user < data.userCount(); user++) {
            for (int position = 0; position < data.length(user); position++) {
                String time = data.hasTimes()
                        ? new EventTime(data.times()[data.start(user) + position], true).toString()
                        : "" + position;
                events.add(
                        new Event(data.users().names().get(user), data.items().name(data.item(user, position)), time));
            }
        }
        return events;
    }
}
