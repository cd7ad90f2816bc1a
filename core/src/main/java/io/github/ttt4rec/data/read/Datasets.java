package io.github.ttt4rec.data.read;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.DataSource;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.data.Interaction;
import io.github.ttt4rec.data.LoadedData;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.ReadReport;
import io.github.ttt4rec.data.internal.IdDictionary;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Opens interaction logs. {@snippet :
 * Dataset data = Datasets.read(Path.of("events.csv.gz"));
 * Split split = SplitSpec.parse("3:2:5").apply(data);
 * }
 *
 * <p>Rows are streamed. Reading and sorting a log needs memory for each distinct id and 16 to 24 bytes per row; the
 * result needs 12 bytes per kept event.
 */
public final class Datasets {
    private static final System.Logger LOGGER = System.getLogger(Datasets.class.getName());

    /** The source name of events that do not come from a file. */
    private static final String IN_MEMORY = "events in memory";

    private Datasets() {}

    /** Reads {@code file} with everything detected, and keeps its 5-core. See {@link #load}. */
    public static Dataset read(Path file) {
        return read(file, ReadOptions.defaults(), PrepareOptions.defaults());
    }

    /** Reads and filters {@code file}; the number of skipped bad rows is logged. See {@link #load}. */
    public static Dataset read(Path file, ReadOptions read, PrepareOptions prepare) {
        LoadedData loaded = load(file, read, prepare);
        ReadReport report = loaded.report();
        report.firstBadRows().forEach(line -> LOGGER.log(Level.WARNING, line));
        if (report.badRows() > 0) {
            LOGGER.log(Level.WARNING, file + ": left out " + report.badRows() + " bad rows of " + report.rows());
        }
        report.notices().forEach(line -> LOGGER.log(Level.WARNING, line));
        return loaded.dataset();
    }

    /**
     * Filters events from memory, or events that a program reads from its database. A stream can be passed as
     * {@code stream::iterator}. {@snippet :
     * Dataset data = Datasets.of(
     *         List.of(new Interaction("ann", "hat", Instant.parse("2025-01-31T12:00:00Z"))), PrepareOptions.keepAll());
     * }
     *
     * @param events in any order if they have times; without times, in the order in which they happened
     * @return the data, each user's events in time order and in the order given if times are equal
     * @throws UserFacingException if there are no events, an id is empty, only some events have times, or a filter
     *     leaves nothing
     */
    public static Dataset of(Iterable<Interaction> events, PrepareOptions prepare) {
        return of(events, prepare, null);
    }

    /**
     * The same for events of several types.
     *
     * @param roles the roles of events by type and value; null if all events are prediction targets
     * @throws UserFacingException also if an event matches no rule, or all events are ignored
     */
    public static Dataset of(Iterable<Interaction> events, PrepareOptions prepare, @Nullable EventRoles roles) {
        ReadOptions read = ReadOptions.defaults().withTypes(null, null, roles == null ? null : roles.toString());
        return load(events, IN_MEMORY, IN_MEMORY, read, prepare).dataset();
    }

    /**
     * The same with a report.
     *
     * @param name the source of the events, for provenance
     * @param format their format, for the report
     * @param read the options; only the roles of events are used
     */
    public static LoadedData load(
            Iterable<Interaction> events, String name, String format, ReadOptions read, PrepareOptions prepare) {
        InteractionLog log = new InteractionLog();
        TypeRules rules = read.types() == null ? null : new TypeRules(EventRoles.parse(read.types()));
        MemoryReader reader = new MemoryReader(log, rules);
        events.forEach(reader::add);
        List<String> notices = rules == null ? List.of() : rules.notices();
        if (log.size() == 0) {
            throw new UserFacingException(
                    notices.isEmpty()
                            ? "there are no events"
                            : "--types ignores every event; " + String.join("", notices));
        }
        long rows = reader.count();
        Dataset dataset = Preparation.prepare(log, reader.scale(), prepare, name, reader.sha256(), 0);
        ReadReport report = new ReadReport(
                format,
                List.of("user", "item", "time"),
                "user",
                "item",
                "time",
                "moments",
                false,
                rows,
                0,
                List.of(),
                notices,
                List.of(),
                List.of(),
                ReadOptions.defaults().withTypes(read.typeColumn(), read.valueColumn(), read.types()));
        return new LoadedData(dataset, report);
    }

    /** Reads and filters {@code file}, which may also be a directory of part files or a pattern. See {@link #load(List, ReadOptions, PrepareOptions)}. */
    public static LoadedData load(Path file, ReadOptions read, PrepareOptions prepare) {
        return load(List.of(file), read, prepare);
    }

    /**
     * Reads and filters {@code files}, one after the other: files, directories of part files, or patterns such as
     * {@code day-*.csv}.
     *
     * @return the data, each user's events in time order and in file order if times are equal
     * @throws UserFacingException if a file is missing, empty or damaged, lacks a column, or has a bad row that is not
     *     to be skipped; if the meaning of the times is ambiguous; or if a filter leaves nothing
     */
    public static LoadedData load(List<Path> files, ReadOptions read, PrepareOptions prepare) {
        InteractionLog log = new InteractionLog();
        LogReader.Result result = LogReader.read(files, read, log);
        Dataset dataset = Preparation.prepare(
                log,
                result.scale(),
                prepare,
                result.fileName(),
                result.sha256(),
                result.report().badRows());
        return new LoadedData(dataset, result.report());
    }

    /**
     * Passes each row of a Parquet file that is not a log to a consumer: the texts of its cells by the names of their
     * columns; a null has none, a list one for each element.
     *
     * @throws UserFacingException if the file cannot be read, or a column has neither strings nor numbers
     */
    public static void parquetRows(Path file, Consumer<Map<String, List<String>>> to) {
        ParquetLogReader.eachRow(file, to);
    }

    /**
     * The same events with the item indices of {@code items}, such as those of a trained model. Events on other items
     * are dropped, and so are users without remaining events; {@link DataSource#steps()} counts them.
     *
     * @throws UserFacingException if nothing is left
     */
    public static Dataset withItems(Dataset data, IdMap items) {
        int[] indexThere = new int[data.itemCount() + 1];
        for (int item = 1; item <= data.itemCount(); item++) {
            Integer index = items.indexOf(data.items().name(item));
            indexThere[item] = index == null ? 0 : index;
        }
        int[] offsets = new int[data.userCount() + 1];
        int[] events = new int[data.eventCount()];
        long[] times = new long[data.eventCount()];
        IdDictionary users = new IdDictionary();
        boolean[] met = new boolean[items.size() + 1];
        EventRoles.Kinds kinds = data.kinds();
        byte[] keptKinds = new byte[kinds == null ? 0 : data.eventCount()];
        int kept = 0;
        int keptItems = 0;
        for (int user = 0; user < data.userCount(); user++) {
            int start = kept;
            for (int at = data.start(user); at < data.offsets()[user + 1]; at++) {
                int item = indexThere[data.events()[at]];
                if (item != 0) {
                    if (kinds != null) {
                        keptKinds[kept] = kinds.ofEvent()[at];
                    }
                    events[kept] = item;
                    times[kept++] = data.times()[at];
                    keptItems += met[item] ? 0 : 1;
                    met[item] = true;
                }
            }
            if (kept > start) {
                users.add(data.users().name(user + 1));
                offsets[users.size()] = kept;
            }
        }
        if (kept == 0) {
            throw new UserFacingException(data.source().file()
                    + ": none of its items is known to the model; check that this is the right file and item column");
        }
        List<DataSource.Step> steps = new ArrayList<>(data.source().steps());
        steps.add(new DataSource.Step(
                "items known to the model", users.size(), keptItems, kept, data.eventCount() - kept));
        return new Dataset(
                new IdMap(users),
                items,
                Arrays.copyOf(offsets, users.size() + 1),
                Arrays.copyOf(events, kept),
                Arrays.copyOf(times, kept),
                data.hasTimes(),
                kinds == null ? null : new EventRoles.Kinds(kinds.roles(), Arrays.copyOf(keptKinds, kept)),
                new DataSource(data.source().file(), data.source().sha256(), List.copyOf(steps)));
    }
}
