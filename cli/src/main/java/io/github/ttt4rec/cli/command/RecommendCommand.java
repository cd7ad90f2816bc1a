package io.github.ttt4rec.cli.command;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.cli.option.DataOptions;
import io.github.ttt4rec.cli.report.ItemNames;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.LoadedData;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.TimeBound;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.terminal.Text;
import io.github.ttt4rec.terminal.option.ModelOption;
import io.github.ttt4rec.terminal.option.PositiveConverter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Recommends the next items after a history. */
@Command(
        name = "recommend",
        description = {
            "Recommend the next items after a history, best first.",
            "",
            "The history is given on the command line, oldest item first, or is the history of a user of a log. The"
                    + " model reads its last max_len items (50 by default), as in training. Items that the model"
                    + " does not know are reported and ignored. Scores are the model's logits; compare them"
                    + " within one list only.",
            "",
            "A hybrid model that was trained with times also reads the times of the events and of the request, from the"
                    + " log or from --history-times. Without them it ranks as a model without times.",
            ""
        },
        customSynopsis = {
            "ttt4rec recommend --model DIR --history ID,ID,... [OPTIONS]",
            "       ttt4rec recommend --model DIR --data FILE --user ID [OPTIONS]"
        },
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ttt4rec recommend --model model --history B00005,B00017",
            "  ttt4rec recommend --model model --history B00005,B00017 \\",
            "      --history-times 2026-01-05,2026-01-07T12:30:00Z --at 2026-01-08",
            "  ttt4rec recommend --model model --history-file ids.txt --exclude-seen \\",
            "      --json",
            "  ttt4rec recommend --model model --data events.csv --user u42 -k 20 \\",
            "      --names products.csv",
        })
public final class RecommendCommand implements Callable<Integer> {
    /** The number of ids that a message names; further ids are only counted. */
    private static final int NAMED = 10;

    @Spec
    private CommandSpec spec;

    @Mixin
    private final ModelOption source = new ModelOption();

    @Option(
            names = "--history",
            paramLabel = "ID,ID,...",
            hideParamSyntax = true,
            split = ",",
            description = "Item ids, oldest first, separated by commas; repeatable.")
    private List<String> history = List.of();

    @Option(
            names = "--history-file",
            paramLabel = "FILE",
            description = "File of item ids, oldest first, one per line; allows ids that contain commas.")
    private @Nullable Path historyFile;

    @Option(
            names = "--history-times",
            paramLabel = "TIME,TIME,...",
            hideParamSyntax = true,
            split = ",",
            description =
                    "The time of each item of the history: a date, a date and time (UTC if it has no zone) or epoch"
                            + " seconds; repeatable.")
    private List<String> historyTimes = List.of();

    @Option(
            names = "--history-types",
            paramLabel = "TYPE,TYPE,...",
            hideParamSyntax = true,
            split = ",",
            description =
                    "The type of each item of the history, for a model trained with --types; repeatable. By default"
                            + " all are of its first target type.")
    private List<String> historyTypes = List.of();

    @Option(
            names = "--history-values",
            paramLabel = "VALUE,VALUE,...",
            hideParamSyntax = true,
            split = ",",
            description =
                    "The value of each item of the history, such as a rating, - for none, for a model trained with"
                            + " roles by value; repeatable.")
    private List<String> historyValues = List.of();

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "The time of the request (default: now with --history-times, and the log's last event with"
                    + " --data).")
    private @Nullable String at;

    @Option(names = "--user", paramLabel = "ID", description = "A user of the log that --data gives.")
    private @Nullable String user;

    @Option(
            names = "-k",
            paramLabel = "K",
            defaultValue = "10",
            converter = PositiveConverter.class,
            description = "Number of items to recommend (default: ${DEFAULT-VALUE}).")
    private int k;

    @Option(names = "--exclude-seen", description = "Do not recommend items of the history.")
    private boolean excludeSeen;

    @Option(
            names = "--exclude",
            paramLabel = "ID,ID,...",
            hideParamSyntax = true,
            split = ",",
            description = "Do not recommend these items; repeatable.")
    private List<String> exclude = List.of();

    @Option(
            names = "--only",
            paramLabel = "ID,ID,...",
            hideParamSyntax = true,
            split = ",",
            description = "Recommend only these items; repeatable.")
    private @Nullable List<String> only;

    @Option(
            names = "--names",
            paramLabel = "FILE",
            description = "Show items' names, from a CSV file with the columns item and name.")
    private @Nullable Path namesFile;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Mixin
    private final DataOptions data = new DataOptions();

    @Override
    public Integer call() {
        requireOneSource();
        ItemNames names = namesFile == null ? ItemNames.NONE : ItemNames.read(namesFile);
        TrainedModel model = TrainedModel.load(source.directory());
        Events history = history(model);
        List<String> items = history.items();
        List<String> unknown = model.unknown(items);
        PrintWriter err = spec.commandLine().getErr();
        if (!unknown.isEmpty()) {
            err.println(Text.format(
                    "ttt4rec: the model does not know %,d of %,d items of the history: %s",
                    unknown.size(), items.size(), named(unknown)));
        }
        if (unknown.size() == items.size()) {
            err.println("ttt4rec: the model knows no item of this history: the list holds popular items");
        }
        ItemFilter filter = new ItemFilter(only, exclude, excludeSeen);
        List<String> unknownToFilter = filter.unknown(model.items());
        if (!unknownToFilter.isEmpty()) {
            err.println(
                    "ttt4rec: --only and --exclude name items that the model does not know: " + named(unknownToFilter));
        }
        err.flush();
        List<Recommendation> recommendations =
                model.recommend(items, history.kinds(), history.times(), history.now(), k, filter);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(json(items, unknown, recommendations, names));
            return 0;
        }
        if (recommendations.isEmpty()) {
            throw new UserFacingException("nothing to recommend: the filters exclude every item");
        }
        print(out, recommendations, names);
        return 0;
    }

    private void requireOneSource() {
        boolean given = !history.isEmpty() || historyFile != null;
        if (given && (user != null || data.hasFile())) {
            throw wrongUsage("give either a history, or --data and --user");
        }
        if (!given && user == null) {
            throw wrongUsage("give a history (--history or --history-file), or --data and --user");
        }
        if (!history.isEmpty() && historyFile != null) {
            throw wrongUsage("give either --history or --history-file");
        }
        if (!historyTimes.isEmpty() && !given) {
            throw wrongUsage("--history-times needs --history or --history-file; a log has its own times");
        }
        if (!historyTypes.isEmpty() && !given) {
            throw wrongUsage("--history-types needs --history or --history-file; a log has its own types");
        }
        if (!historyValues.isEmpty() && !given) {
            throw wrongUsage("--history-values needs --history or --history-file; a log has its own values");
        }
        if (at != null && given && historyTimes.isEmpty()) {
            throw wrongUsage("--at needs the times of the history: give them by --history-times");
        }
        if (user != null) {
            data.file();
        }
    }

    /**
     * The history and the time of the request.
     *
     * @param items oldest first
     * @param kinds the kinds of the events; empty if all are targets of kind 0
     * @param times the times of the items; empty if unknown
     * @param now the time of the request
     */
    private record Events(List<String> items, int[] kinds, List<Instant> times, Instant now) {}

    private ParameterException wrongUsage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private Events history(TrainedModel model) {
        if (user != null) {
            return historyOf(user, model);
        }
        List<String> items =
                historyFile == null ? history.stream().map(String::strip).toList() : lines(historyFile);
        List<Instant> times =
                historyTimes.stream().map(time -> time("--history-times", time)).toList();
        requireOneForEach(items, times.size(), "--history-times", "times");
        Instant now = at == null ? Instant.now() : time("--at", at);
        return historyTypes.isEmpty() && historyValues.isEmpty()
                ? new Events(items, new int[0], times, now)
                : typed(items, times, now, model);
    }

    /** The events of the history that the model reads, with the kinds of their types. */
    private Events typed(List<String> items, List<Instant> times, Instant now, TrainedModel model) {
        String option = historyTypes.isEmpty() ? "--history-values" : "--history-types";
        requireOneForEach(items, historyTypes.size(), "--history-types", "types");
        requireOneForEach(items, historyValues.size(), "--history-values", "values");
        EventRoles roles = model.roles()
                .orElseThrow(() ->
                        wrongUsage(option + ": the model was trained without --types, so all its events are alike"));
        List<EventRoles.Rule> rules = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            String type = historyTypes.isEmpty() ? "" : historyTypes.get(i).strip();
            double value = historyValues.isEmpty() ? Double.NaN : value(historyValues.get(i));
            EventRoles.Rule rule = roles.of(type, value);
            if (rule == null) {
                throw wrongUsage(option + ": the model has no role for the type \"" + type + "\""
                        + (Double.isNaN(value) ? "" : " with the value " + value) + "; it knows " + roles.known());
            }
            rules.add(rule);
        }
        int[] read = IntStream.range(0, items.size())
                .filter(i -> rules.get(i).role().isRead())
                .toArray();
        if (read.length < items.size()) {
            spec.commandLine()
                    .getErr()
                    .println(Text.format(
                            "ttt4rec: %,d of %,d items of the history are not read, because their types are negative or"
                                    + " ignored",
                            items.size() - read.length, items.size()));
        }
        return new Events(
                Arrays.stream(read).mapToObj(items::get).toList(),
                Arrays.stream(read).map(i -> rules.get(i).kind()).toArray(),
                times.isEmpty()
                        ? times
                        : Arrays.stream(read).mapToObj(times::get).toList(),
                now);
    }

    /** Refuses an option that is given, but not for each item of the history. */
    private void requireOneForEach(List<String> items, int given, String option, String noun) {
        if (given != 0 && given != items.size()) {
            throw wrongUsage(Text.format("%s: %,d %s for %,d items", option, given, noun, items.size()));
        }
    }

    private double value(String text) {
        if (text.strip().equals("-")) {
            return Double.NaN;
        }
        try {
            double value = Double.parseDouble(text.strip());
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            throw new ParameterException(
                    spec.commandLine(), "--history-values: \"" + text + "\" is not a number", notANumber);
        }
        throw wrongUsage("--history-values: \"" + text + "\" is not a finite number");
    }

    private Instant time(String option, String text) {
        try {
            return instant(TimeBound.parse(option, text).on(true));
        } catch (UserFacingException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
        }
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static List<String> lines(Path file) {
        try {
            // Some editors write a byte order mark first.
            List<String> lines = Files.readString(file)
                    .replaceFirst("^\uFEFF", "")
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
            if (lines.isEmpty()) {
                throw new UserFacingException(file + ": is empty; expected item ids, one a line");
            }
            return lines;
        } catch (NoSuchFileException e) {
            throw new UserFacingException(file + ": no such file", e);
        } catch (CharacterCodingException e) {
            throw new UserFacingException(file + ": is not UTF-8 text; save it as UTF-8, one item id a line", e);
        } catch (IOException e) {
            throw new UserFacingException(file + ": cannot read: " + e.getMessage(), e);
        }
    }

    /**
     * Returns all events of a user in the log. The filters of training do not apply: every user can get
     * recommendations.
     */
    private Events historyOf(String id, TrainedModel model) {
        PrepareOptions everything =
                PrepareOptions.keepAll().withDeduplication(model.config().data().deduplication());
        LoadedData read = data.load(model.config().read(), everything);
        read.report().notices().forEach(spec.commandLine().getErr()::println);
        Dataset dataset = read.dataset();
        Integer index = dataset.users().indexOf(id);
        if (index == null) {
            throw new UserFacingException(
                    Text.format("%s: has no user \"%s\" among its %,d users", data.file(), id, dataset.userCount()));
        }
        int u = index - 1;
        List<String> items = IntStream.range(0, dataset.length(u))
                .mapToObj(position -> dataset.items().name(dataset.item(u, position)))
                .toList();
        model.requireKinds(dataset);
        int[] kinds = IntStream.range(0, dataset.length(u))
                .map(position -> dataset.kind(u, position))
                .toArray();
        if (!dataset.hasTimes()) {
            if (at != null) {
                throw new UserFacingException("--at: " + data.file() + " has no times, only an order of events");
            }
            return new Events(items, kinds, List.of(), Instant.EPOCH);
        }
        List<Instant> times = IntStream.range(0, dataset.length(u))
                .mapToObj(position -> instant(dataset.times()[dataset.start(u) + position]))
                .toList();
        long last = Arrays.stream(dataset.times()).max().orElseThrow();
        return new Events(items, kinds, times, at == null ? instant(last) : time("--at", at));
    }

    private static String named(List<String> ids) {
        String first = String.join(", ", ids.subList(0, Math.min(NAMED, ids.size())));
        return ids.size() <= NAMED ? first : first + Text.format(" and %,d more", ids.size() - NAMED);
    }

    private static void print(PrintWriter out, List<Recommendation> recommendations, ItemNames names) {
        int width =
                recommendations.stream().mapToInt(r -> r.item().length()).max().orElse(0);
        width = Math.max(width, "item".length());
        out.println(
                Text.format("%4s  %-" + width + "s %9s%s", "rank", "item", "score", names.isEmpty() ? "" : "  name"));
        for (int i = 0; i < recommendations.size(); i++) {
            Recommendation recommendation = recommendations.get(i);
            out.println(Text.format(
                    "%4d  %-" + width + "s %9.4f%s",
                    i + 1,
                    recommendation.item(),
                    recommendation.score(),
                    names.isEmpty() ? "" : "  " + names.of(recommendation.item())));
        }
    }

    private static String json(
            List<String> items, List<String> unknown, List<Recommendation> recommendations, ItemNames names) {
        JsonMapper mapper =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        ObjectNode tree = mapper.createObjectNode();
        tree.put("history_items", items.size());
        ArrayNode unknownItems = tree.putArray("unknown_items");
        unknown.forEach(unknownItems::add);
        ArrayNode list = tree.putArray("recommendations");
        for (Recommendation recommendation : recommendations) {
            ObjectNode entry = list.addObject();
            entry.put("item", recommendation.item());
            if (!names.isEmpty()) {
                entry.put("name", names.of(recommendation.item()));
            }
            entry.put("score", recommendation.score());
        }
        return mapper.writeValueAsString(tree);
    }
}
