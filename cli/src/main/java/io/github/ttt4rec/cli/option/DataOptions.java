package io.github.ttt4rec.cli.option;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import io.github.ttt4rec.data.Deduplication;
import io.github.ttt4rec.data.EpochUnit;
import io.github.ttt4rec.data.FileFormat;
import io.github.ttt4rec.data.KnownLog;
import io.github.ttt4rec.data.LoadedData;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.SplitSpec;
import io.github.ttt4rec.data.TimeBound;
import io.github.ttt4rec.data.read.Datasets;
import io.github.ttt4rec.serve.store.StoreLog;
import io.github.ttt4rec.terminal.option.PositiveConverter;
import io.github.ttt4rec.terminal.option.RowOptions;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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
 * The options that say which interaction log to read and how, the same for every command. Options that are not given on the
 * command line take the defaults that a command passes: the library's, or those a model was trained with.
 */
public final class DataOptions {
    /** The Parquet reader's logger; its notes about its own workings would stand among the results. */
    private static final Logger PARQUET_LOGGER = Logger.getLogger("dev.hardwood");

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

    @Option(
            names = "--preset-log",
            paramLabel = "NAME",
            converter = KnownLogConverter.class,
            description = "A published log that is known by name: see docs/data.md.")
    private @Nullable KnownLog presetLog;

    @Option(
            names = "--read",
            paramLabel = "FILE",
            description = "How to read the log, as inspect --save-read wrote it; options here go before it.")
    private @Nullable Path read;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = FormatConverter.class,
            description = "csv (any delimited" + " text), jsonl, parquet or recbole; guessed if not given.")
    private @Nullable FileFormat format;

    @Option(
            names = "--delimiter",
            paramLabel = "TEXT",
            converter = DelimiterConverter.class,
            description = "Field delimiter," + " such as ';' or tab; guessed if not given.")
    private @Nullable String delimiter;

    @Mixin
    private final RowOptions rows = new RowOptions();

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            description =
                    "Character set of text, such as windows-1252; UTF-8, or UTF-16 by its byte order mark, if not given.")
    private @Nullable String encoding;

    @Option(
            names = "--skip-lines",
            paramLabel = "N",
            converter = PositiveConverter.class,
            description = "Pass over the first N lines.")
    private @Nullable Integer skipLines;

    @Option(
            names = "--comment",
            paramLabel = "CHARACTER",
            converter = CharacterConverter.class,
            description = "Lines that begin with this are no rows.")
    private @Nullable String comment;

    @Option(
            names = "--quotes",
            description = "Quoted fields may hold delimiters and line ends, also in tab-separated text.")
    private boolean quotes;

    @Option(names = "--no-quotes", description = "A quotation mark is a character like others.")
    private boolean noQuotes;

    @Option(
            names = "--escape",
            paramLabel = "CHARACTER",
            converter = CharacterConverter.class,
            description = "The character before a quote or delimiter that is part of a field, such as \\\\.")
    private @Nullable String escape;

    @Option(
            names = "--list-separator",
            paramLabel = "TEXT",
            description = "A field of the item column lists ids with this between them, in the order of time.")
    private @Nullable String listSeparator;

    @Option(names = "--keep-na-ids", description = "NA, NULL, None and the like are ids, not missing ones.")
    private boolean keepNaIds;

    @Option(names = "--no-header", description = "The first line is data; give the columns by number.")
    private boolean noHeader;

    @Option(names = "--file-order", description = "There are no times: the rows stand in the order of time.")
    private boolean fileOrder;

    @Option(
            names = "--time-unit",
            paramLabel = "UNIT",
            description =
                    "What numeric times count: seconds, milliseconds, microseconds, nanoseconds, ticks (.NET), days,"
                            + " excel-days, or ordinal for a mere order; guessed if only one fits the whole column.")
    private @Nullable EpochUnit timeUnit;

    @Option(
            names = "--time-pattern",
            paramLabel = "PATTERN",
            description = "Pattern of textual times that are not ISO, such" + " as \"M/d/yyyy H:mm\".")
    private @Nullable String timePattern;

    @Option(
            names = "--after",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "Only events at or after" + " this date or time.")
    private @Nullable TimeBound after;

    @Option(
            names = "--before",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "Only events before this" + " date or time.")
    private @Nullable TimeBound before;

    @Option(
            names = "--max-users",
            paramLabel = "N",
            converter = PositiveConverter.class,
            description = "Only the first N users" + " of the file.")
    private @Nullable Integer maxUsers;

    @Option(
            names = "--deduplicate",
            paramLabel = "HOW",
            converter = DeduplicationConverter.class,
            description = "Repeats to"
                    + " drop: none, exact (same user, item and time), consecutive (an item repeated at once), first (an item per user"
                    + " once).")
    private @Nullable Deduplication deduplication;

    @Option(
            names = "--min-user-events",
            paramLabel = "N",
            converter = PositiveConverter.class,
            description = "Users with fewer"
                    + " events go, and items likewise, until nothing changes (k-core; 5 by default, 1 keeps all).")
    private @Nullable Integer minUserEvents;

    @Option(
            names = "--min-item-events",
            paramLabel = "N",
            converter = PositiveConverter.class,
            description = "Items with fewer" + " events go (5 by default, 1 keeps all).")
    private @Nullable Integer minItemEvents;

    @Option(
            names = "--split",
            paramLabel = "SPEC",
            converter = SplitConverter.class,
            description = {
                "What is for training, validation and test:",
                "3:2:5, a ratio per user (the default);",
                "leave-one-out;",
                "temporal:0.8,0.9, shares of all events in time;",
                "temporal:2011-10-01,2011-11-01, given times."
            })
    private @Nullable SplitSpec split;

    /** Returns whether a log was named. */
    public boolean hasFile() {
        return !files.isEmpty();
    }

    /** The log named, or the first of several; wrong usage without one. */
    public Path file() {
        return files().getFirst();
    }

    /** The files named, at least one; wrong usage without any. */
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

    /** The reading that a name or a file of options stands for, or {@code defaults}. */
    private ReadOptions base(ReadOptions defaults) {
        if (presetLog != null && read != null) {
            throw wrongUsage("give either --preset-log or --read");
        }
        if (presetLog != null) {
            return presetLog.options();
        }
        return read == null
                ? defaults
                : RunConfigs.read(read, RunConfig.defaults()).read();
    }

    /** {@code defaults} with what the command line says in their place. */
    public ReadOptions readOptions(ReadOptions defaults) {
        if (quotes && noQuotes) {
            throw wrongUsage("--quotes and --no-quotes exclude each other");
        }
        ReadOptions base = base(defaults);
        ReadOptions options = base.withColumns(
                or(rows.user(), base.userColumn()),
                or(rows.item(), base.itemColumn()),
                or(rows.time(), base.timeColumn()));
        options = encoding == null ? options : options.withEncoding(encoding);
        options = skipLines == null ? options : options.withSkipLines(skipLines);
        options = comment == null ? options : options.withComment(comment);
        options = quotes || noQuotes ? options.withQuotes(quotes) : options;
        options = escape == null ? options : options.withEscape(escape);
        options = listSeparator == null ? options : options.withListSeparator(listSeparator);
        options = keepNaIds ? options.withKeepNaIds(true) : options;
        options = format == null ? options : options.withFormat(format);
        options = delimiter == null ? options : options.withDelimiter(delimiter);
        options = noHeader ? options.withHeader(false) : options;
        options = fileOrder ? options.withFileOrder(true) : options;
        options = timeUnit == null ? options : options.withTimeUnit(timeUnit);
        options = timePattern == null ? options : options.withTimePattern(timePattern);
        return rows.skipBadRows() ? options.withSkipBadRows(true) : options;
    }

    /** {@code defaults} with what the command line says in their place. */
    public PrepareOptions prepareOptions(PrepareOptions defaults) {
        PrepareOptions options = defaults.withTimeRange(or(after, defaults.after()), or(before, defaults.before()));
        options = maxUsers == null ? options : options.withMaxUsers(maxUsers);
        options = deduplication == null ? options : options.withDeduplication(deduplication);
        return options.withCore(
                minUserEvents == null ? options.minUserEvents() : minUserEvents,
                minItemEvents == null ? options.minItemEvents() : minItemEvents);
    }

    /** The split asked for, or {@code defaults}. */
    public SplitSpec splitSpec(SplitSpec defaults) {
        return split == null ? defaults : split;
    }

    /** Reads the log with the library's defaults for what the command line does not say. */
    public LoadedData load() {
        return load(ReadOptions.defaults(), PrepareOptions.defaults());
    }

    /** Reads the log with these defaults for what the command line does not say. */
    public LoadedData load(ReadOptions read, PrepareOptions prepare) {
        PARQUET_LOGGER.setLevel(Level.WARNING);
        return StoreLog.isStore(file())
                ? StoredLog.load(file(), prepareOptions(prepare))
                : Datasets.load(files(), readOptions(read), prepareOptions(prepare));
    }

    private static <T> @Nullable T or(@Nullable T given, @Nullable T otherwise) {
        return given == null ? otherwise : given;
    }

    private static final class FormatConverter implements ITypeConverter<FileFormat> {
        @Override
        public FileFormat convert(String word) {
            return switch (word.toLowerCase(Locale.ROOT)) {
                case "auto" -> FileFormat.AUTO;
                case "csv", "tsv", "delimited" -> FileFormat.DELIMITED;
                case "jsonl", "json", "ndjson" -> FileFormat.JSON_LINES;
                case "parquet" -> FileFormat.PARQUET;
                case "recbole", "inter" -> FileFormat.RECBOLE;
                default -> throw new TypeConversionException("'" + word + "' is not csv, jsonl, parquet or recbole");
            };
        }
    }

    private static final class KnownLogConverter implements ITypeConverter<KnownLog> {
        @Override
        public KnownLog convert(String word) {
            return KnownLog.of(word)
                    .orElseThrow(() -> new TypeConversionException("'" + word + "' is none of " + KnownLog.words()));
        }
    }

    private static final class CharacterConverter implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            if (text.length() != 1) {
                throw new TypeConversionException("'" + text + "' is not one character");
            }
            return text;
        }
    }

    private static final class DelimiterConverter implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            if (text.isEmpty() || text.contains("\"") || text.contains("\n")) {
                throw new TypeConversionException("a delimiter is one or more characters, but no quote");
            }
            return text.equals("\\t") || text.equalsIgnoreCase("tab") ? "\t" : text;
        }
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
