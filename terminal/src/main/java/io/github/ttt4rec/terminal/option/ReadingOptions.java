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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

/** The options that say how to read a log of events; every command that reads a log has them. */
public final class ReadingOptions {
    @Mixin
    private final CommandSpec table = CommandSpec.create();

    private final OptionValue<KnownLog> presetLog = OptionValue.of(
            table,
            "--preset-log",
            "NAME",
            KnownLog.class,
            new KnownLogConverter(),
            "Name of a published log, which says how to read it: see docs/data.md.");
    private final OptionValue<Path> read = OptionValue.file(
            table,
            "--read",
            "File that says how to read the log, written by inspect --save-read; options given here override it.");
    private final OptionValue<FileFormat> format = OptionValue.of(
            table,
            "--format",
            "FORMAT",
            FileFormat.class,
            new FormatConverter(),
            "csv (any delimited text), jsonl, parquet or recbole; guessed if not given.");
    private final OptionValue<String> delimiter = OptionValue.of(
            table,
            "--delimiter",
            "TEXT",
            String.class,
            new DelimiterConverter(),
            "Field delimiter, such as ';' or tab; guessed if not given.");
    private final OptionValue<String> user = OptionValue.text(
            table,
            "--user-column",
            "COLUMN",
            "Column of user ids: its name, or its number from 1; guessed from usual names.");
    private final OptionValue<String> item = OptionValue.text(table, "--item-column", "COLUMN", "Column of item ids.");
    private final OptionValue<String> time = OptionValue.text(table, "--time-column", "COLUMN", "Column of times.");
    private final OptionValue<String> typeColumn = OptionValue.text(
            table,
            "--type-column",
            "COLUMN",
            "Column of the types of events, for --types (default: found by its name).");
    private final OptionValue<String> valueColumn =
            OptionValue.text(table, "--value-column", "COLUMN", "Column of numbers, such as ratings, for --types.");
    private final OptionValue<String> types = OptionValue.of(
            table,
            "--types",
            "RULES",
            String.class,
            new TypesConverter(),
            "Roles of events; the first matching rule applies. \"buy,view=input,*=ignored\" predicts purchases"
                    + " and also reads views; \">= 4,*=ignored\" selects by value; \"buy,view=input*0.2\" trains on views"
                    + " too, with a fifth of the weight.");
    private final OptionValue<Boolean> skipBadRows =
            OptionValue.flag(table, "--skip-bad-rows", "Skip and count bad rows instead of stopping at the first.");
    private final OptionValue<String> encoding = OptionValue.text(
            table,
            "--encoding",
            "NAME",
            "Character set of text, such as windows-1252; UTF-8, or UTF-16 by its byte order mark, if not given.");
    private final OptionValue<Integer> skipLines =
            OptionValue.count(table, "--skip-lines", "N", "Skip the first N lines.");
    private final OptionValue<String> comment = OptionValue.of(
            table,
            "--comment",
            "CHARACTER",
            String.class,
            new CharacterConverter(),
            "Skip lines that begin with this.");
    private final OptionValue<Boolean> quotes = OptionValue.flag(
            table, "--quotes", "Quoted fields may contain delimiters and line breaks, also in tab-separated text.");
    private final OptionValue<Boolean> noQuotes =
            OptionValue.flag(table, "--no-quotes", "Read quotation marks as ordinary characters.");
    private final OptionValue<String> escape = OptionValue.of(
            table,
            "--escape",
            "CHARACTER",
            String.class,
            new CharacterConverter(),
            "The character before a quote or delimiter that is part of a field, such as \\\\.");
    private final OptionValue<String> listSeparator = OptionValue.text(
            table,
            "--list-separator",
            "TEXT",
            "Each field of the item column is a list of ids in order of time, separated by this.");
    private final OptionValue<Boolean> keepNaIds =
            OptionValue.flag(table, "--keep-na-ids", "Read NA, NULL, None and the like as ids, not as missing values.");
    private final OptionValue<Boolean> noHeader =
            OptionValue.flag(table, "--no-header", "The first line is data, not a header; give the columns by number.");
    private final OptionValue<Boolean> fileOrder =
            OptionValue.flag(table, "--file-order", "The log has no times; its rows are in order of time.");
    private final OptionValue<EpochUnit> timeUnit = OptionValue.constant(
            table,
            "--time-unit",
            "UNIT",
            EpochUnit.class,
            "Unit of numeric times: seconds, milliseconds, microseconds, nanoseconds, ticks (.NET), days,"
                    + " excel-days, or ordinal if the numbers only give an order; guessed if only one unit fits the whole"
                    + " column.");
    private final OptionValue<String> timePattern = OptionValue.text(
            table,
            "--time-pattern",
            "PATTERN",
            "Pattern of textual times that are not ISO 8601, such as \"M/d/yyyy H:mm\".");

    /** Returns the usage error if options exclude each other; null if there is none. */
    public @Nullable String problem() {
        if (quotes.isGiven() && noQuotes.isGiven()) {
            return "--quotes and --no-quotes exclude each other";
        }
        return presetLog.isGiven() && read.isGiven() ? "give either --preset-log or --read" : null;
    }

    /**
     * Returns the options for reading: {@code defaults}, or those of the named log or file, overridden by the command
     * line.
     */
    public ReadOptions options(ReadOptions defaults) {
        return base(defaults).with(options -> {
            format.ifGiven(options::format);
            delimiter.ifGiven(options::delimiter);
            user.ifGiven(options::userColumn);
            item.ifGiven(options::itemColumn);
            time.ifGiven(options::timeColumn);
            typeColumn.ifGiven(options::typeColumn);
            valueColumn.ifGiven(options::valueColumn);
            types.ifGiven(options::types);
            skipBadRows.ifGiven(options::skipBadRows);
            encoding.ifGiven(options::encoding);
            skipLines.ifGiven(options::skipLines);
            comment.ifGiven(options::comment);
            quotes.ifGiven(options::quotes);
            noQuotes.ifGiven(given -> options.quotes(false));
            escape.ifGiven(options::escape);
            listSeparator.ifGiven(options::listSeparator);
            keepNaIds.ifGiven(options::keepNaIds);
            noHeader.ifGiven(given -> options.header(false));
            fileOrder.ifGiven(options::fileOrder);
            timeUnit.ifGiven(options::timeUnit);
            timePattern.ifGiven(options::timePattern);
        });
    }

    /** Returns the options of the named log or file, or {@code defaults} if there is none. */
    private ReadOptions base(ReadOptions defaults) {
        KnownLog known = presetLog.orNull();
        if (known != null) {
            return known.options();
        }
        Path file = read.orNull();
        return file == null
                ? defaults
                : RunConfigs.read(file, RunConfig.defaults()).read();
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
