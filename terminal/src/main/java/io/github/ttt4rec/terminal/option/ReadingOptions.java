package io.github.ttt4rec.terminal.option;

import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import io.github.ttt4rec.data.EpochUnit;
import io.github.ttt4rec.data.FileFormat;
import io.github.ttt4rec.data.KnownLog;
import io.github.ttt4rec.data.ReadOptions;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that say how to read a log of events; every command that reads a log has them. */
public final class ReadingOptions {
    @Option(
            names = "--preset-log",
            paramLabel = "NAME",
            converter = KnownLogConverter.class,
            description = "Name of a published log, which says how to read it: see docs/data.md.")
    private @Nullable KnownLog presetLog;

    @Option(
            names = "--read",
            paramLabel = "FILE",
            description =
                    "File that says how to read the log, written by inspect --save-read; options given here override"
                            + " it.")
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

    @Option(
            names = "--user-column",
            paramLabel = "COLUMN",
            description = "Column of user ids: its name, or its number from 1; guessed from usual names.")
    private @Nullable String user;

    @Option(names = "--item-column", paramLabel = "COLUMN", description = "Column of item ids.")
    private @Nullable String item;

    @Option(names = "--time-column", paramLabel = "COLUMN", description = "Column of times.")
    private @Nullable String time;

    @Option(names = "--type-column", paramLabel = "COLUMN", description = "Column of the types of events, for --types.")
    private @Nullable String typeColumn;

    @Option(
            names = "--value-column",
            paramLabel = "COLUMN",
            description = "Column of numbers, such as ratings, for --types.")
    private @Nullable String valueColumn;

    @Option(
            names = "--types",
            paramLabel = "RULES",
            description =
                    "Roles of events; the first matching rule applies. \"buy,view=input,*=ignored\" predicts purchases"
                            + " and also reads views; \">= 4,*=ignored\" selects by value.")
    private @Nullable String types;

    @Option(names = "--skip-bad-rows", description = "Skip and count bad rows instead of stopping at the first.")
    private boolean skipBadRows;

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
            description = "Skip the first N lines.")
    private @Nullable Integer skipLines;

    @Option(
            names = "--comment",
            paramLabel = "CHARACTER",
            converter = CharacterConverter.class,
            description = "Skip lines that begin with this.")
    private @Nullable String comment;

    @Option(
            names = "--quotes",
            description = "Quoted fields may contain delimiters and line breaks, also in tab-separated text.")
    private boolean quotes;

    @Option(names = "--no-quotes", description = "Read quotation marks as ordinary characters.")
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
            description = "Each field of the item column is a list of ids in order of time, separated by this.")
    private @Nullable String listSeparator;

    @Option(names = "--keep-na-ids", description = "Read NA, NULL, None and the like as ids, not as missing values.")
    private boolean keepNaIds;

    @Option(names = "--no-header", description = "The first line is data, not a header; give the columns by number.")
    private boolean noHeader;

    @Option(names = "--file-order", description = "The log has no times; its rows are in order of time.")
    private boolean fileOrder;

    @Option(
            names = "--time-unit",
            paramLabel = "UNIT",
            description = "Unit of numeric times: seconds, milliseconds, microseconds, nanoseconds, ticks (.NET), days,"
                    + " excel-days, or ordinal if the numbers only give an order; guessed if only one"
                    + " unit fits the whole column.")
    private @Nullable EpochUnit timeUnit;

    @Option(
            names = "--time-pattern",
            paramLabel = "PATTERN",
            description = "Pattern of textual times that are not ISO 8601, such as \"M/d/yyyy H:mm\".")
    private @Nullable String timePattern;

    /** Called by picocli. */
    public ReadingOptions() {}

    /** Returns the usage error if options exclude each other; null if there is none. */
    public @Nullable String problem() {
        if (quotes && noQuotes) {
            return "--quotes and --no-quotes exclude each other";
        }
        return presetLog != null && read != null ? "give either --preset-log or --read" : null;
    }

    /**
     * Returns the options for reading: {@code defaults}, or those of the named log or file, overridden by the command
     * line.
     */
    public ReadOptions options(ReadOptions defaults) {
        ReadOptions base = base(defaults);
        ReadOptions options =
                base.withColumns(or(user, base.userColumn()), or(item, base.itemColumn()), or(time, base.timeColumn()));
        options = options.withTypes(
                or(typeColumn, base.typeColumn()), or(valueColumn, base.valueColumn()), or(types, base.types()));
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
        return skipBadRows ? options.withSkipBadRows(true) : options;
    }

    /** Returns the options of the named log or file, or {@code defaults} if there is none. */
    private ReadOptions base(ReadOptions defaults) {
        if (presetLog != null) {
            return presetLog.options();
        }
        return read == null
                ? defaults
                : RunConfigs.read(read, RunConfig.defaults()).read();
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
                throw new TypeConversionException("a delimiter is one or more characters other than a quotation mark");
            }
            return text.equals("\\t") || text.equalsIgnoreCase("tab") ? "\t" : text;
        }
    }
}
