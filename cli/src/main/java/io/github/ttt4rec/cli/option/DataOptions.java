package io.github.ttt4rec.cli.option;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.Deduplication;
import io.github.ttt4rec.data.LoadedData;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.SplitSpec;
import io.github.ttt4rec.data.TimeBound;
import io.github.ttt4rec.data.read.Datasets;
import io.github.ttt4rec.serve.store.StoreLog;
import io.github.ttt4rec.terminal.option.OptionValue;
import io.github.ttt4rec.terminal.option.ReadingOptions;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * The options that select an interaction log, and say how to read it; every command that reads a log has them. The
 * command supplies the defaults: the library's, or the options that a model was trained with.
 */
public final class DataOptions {
    /** The Parquet reader's logger, whose diagnostics would clutter the output. */
    private static final Logger PARQUET_LOGGER = Logger.getLogger("dev.hardwood");

    static {
        PARQUET_LOGGER.setLevel(Level.WARNING);
    }

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec mixee;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description =
                    "Interaction log: CSV/TSV, JSON Lines, Parquet or RecBole's .inter, also compressed (gzip, zstd, zip, bzip2, xz,"
                            + " lz4); a directory of part files; or a pattern such as 'day-*.csv'. Several are read one after the"
                            + " other. Or a server's store.")
    private List<Path> files = List.of();

    @Mixin
    private final ReadingOptions reading = new ReadingOptions();

    @Mixin
    private final CommandSpec filters = CommandSpec.create();

    private final OptionValue<TimeBound> after = OptionValue.of(
            filters,
            "--after",
            "TIME",
            TimeBound.class,
            new TimeConverter(),
            "Only events at or after this date or time.");
    private final OptionValue<TimeBound> before = OptionValue.of(
            filters, "--before", "TIME", TimeBound.class, new TimeConverter(), "Only events before this date or time.");
    private final OptionValue<Integer> maxUsers =
            OptionValue.count(filters, "--max-users", "N", "Only the first N users of the file.");
    private final OptionValue<Deduplication> deduplication = OptionValue.of(
            filters,
            "--deduplicate",
            "HOW",
            Deduplication.class,
            new DeduplicationConverter(),
            "Repeated events to drop: none, exact (same user, item and time), consecutive (an item repeated at"
                    + " once), first (an item per user once).");
    private final OptionValue<Integer> minUserEvents = OptionValue.count(
            filters,
            "--min-user-events",
            "N",
            "Remove users with fewer events, and items likewise, until nothing changes (k-core; 5 by default, 1"
                    + " keeps all).");
    private final OptionValue<Integer> minItemEvents = OptionValue.count(
            filters, "--min-item-events", "N", "Remove items with fewer events (5 by default, 1 keeps all).");
    private final OptionValue<SplitSpec> split = OptionValue.of(
            filters,
            "--split",
            "SPEC",
            SplitSpec.class,
            new SplitConverter(),
            "Split into training, validation and test:",
            "3:2:5, a ratio per user (the default);",
            "leave-one-out;",
            "temporal:0.8,0.9, shares of all events in time;",
            "temporal:2011-10-01,2011-11-01, given times.");

    /** Returns whether a log was given. */
    public boolean hasFile() {
        return !files.isEmpty();
    }

    /** Returns the log, or the first of several; throws a usage error if there is none. */
    public Path file() {
        return files().getFirst();
    }

    /** Returns the files given, at least one; throws a usage error if there is none. */
    public List<Path> files() {
        if (files.isEmpty()) {
            throw wrongUsage("Missing required option: '--data=FILE'");
        }
        return files;
    }

    private ParameterException wrongUsage(String message) {
        if (mixee == null) {
            throw new IllegalStateException("used outside a command");
        }
        return new ParameterException(mixee.commandLine(), message);
    }

    /** Returns {@code defaults}, overridden by the options of the command line. */
    public ReadOptions readOptions(ReadOptions defaults) {
        String problem = reading.problem();
        if (problem != null) {
            throw wrongUsage(problem);
        }
        return reading.options(defaults);
    }

    /** Returns {@code defaults}, overridden by the options of the command line. */
    public PrepareOptions prepareOptions(PrepareOptions defaults) {
        return defaults.with(options -> {
            after.ifGiven(options::after);
            before.ifGiven(options::before);
            maxUsers.ifGiven(options::maxUsers);
            deduplication.ifGiven(options::deduplication);
            minUserEvents.ifGiven(options::minUserEvents);
            minItemEvents.ifGiven(options::minItemEvents);
        });
    }

    /** Returns the split given on the command line, or {@code defaults}. */
    public SplitSpec splitSpec(SplitSpec defaults) {
        return split.or(defaults);
    }

    /** Reads and filters the log, with the library's defaults. */
    public LoadedData load() {
        return load(ReadOptions.defaults(), PrepareOptions.defaults());
    }

    /** Reads the log without filtering it. */
    public LoadedData loadAll() {
        return StoreLog.isStore(file())
                ? StoredLog.load(file(), readOptions(ReadOptions.defaults()), PrepareOptions.keepAll())
                : Datasets.load(files(), readOptions(ReadOptions.defaults()), PrepareOptions.keepAll());
    }

    /** Reads and filters the log with these defaults. */
    public LoadedData load(ReadOptions read, PrepareOptions prepare) {
        return StoreLog.isStore(file())
                ? StoredLog.load(file(), readOptions(read), prepareOptions(prepare))
                : Datasets.load(files(), readOptions(read), prepareOptions(prepare));
    }

    private static final class TimeConverter implements ITypeConverter<TimeBound> {
        @Override
        public TimeBound convert(String text) {
            try {
                return TimeBound.parse("time", text);
            } catch (UserFacingException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    private static final class DeduplicationConverter implements ITypeConverter<Deduplication> {
        @Override
        public Deduplication convert(String word) {
            for (Deduplication deduplication : Deduplication.values()) {
                if (deduplication.word().equalsIgnoreCase(word)) {
                    return deduplication;
                }
            }
            throw new TypeConversionException("'" + word + "' is none of "
                    + Arrays.stream(Deduplication.values())
                            .map(Deduplication::word)
                            .collect(Collectors.joining(", ")));
        }
    }

    private static final class SplitConverter implements ITypeConverter<SplitSpec> {
        @Override
        public SplitSpec convert(String spec) {
            try {
                return SplitSpec.parse(spec);
            } catch (UserFacingException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
