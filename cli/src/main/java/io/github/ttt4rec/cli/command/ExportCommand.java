package io.github.ttt4rec.cli.command;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.cli.option.InstantConverter;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.internal.AtomicFiles;
import io.github.ttt4rec.serve.store.EventType;
import io.github.ttt4rec.serve.store.LoggedEvent;
import io.github.ttt4rec.serve.store.StoreLog;
import io.github.ttt4rec.serve.store.StoredItem;
import io.github.ttt4rec.terminal.Text;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Exports the events of a server's store as a log. */
@Command(
        name = "export",
        description = {
            "Write the events of a server's store as a log, or its items' attributes, or its impressions (items shown"
                    + " to users), while the server runs or not.",
            "",
            "The log has the columns user, item, time (ISO 8601, UTC) and event_id (empty if the client gave none), and"
                    + " type and value if any event has one, and context_NAME for each name in the contexts of events (in"
                    + " JSON Lines a member context), in order of time. Training on it gives a"
                    + " bit-identical model to training on the store. An existing file at --out is replaced only"
                    + " when the log is complete.",
            ""
        },
        customSynopsis = "ttt4rec export --state FILE --out FILE [OPTIONS]",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ttt4rec export --state shop.db --out events.csv.gz",
            "  ttt4rec export --state shop.db --out events.parquet",
            "  ttt4rec export --state shop.db --out items.jsonl --items",
            "  ttt4rec export --state shop.db --out shown.csv --impressions",
            "  ttt4rec export --state shop.db --out new.jsonl --since 2026-11-27T00:00:00Z"
        })
public final class ExportCommand implements Callable<Integer> {
    private static final JsonMapper JSON = JsonMapper.shared();

    @Spec
    private CommandSpec spec;

    @Option(names = "--state", paramLabel = "FILE", required = true, description = "The server's event store.")
    private Path state;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "File to write; compressed if its name ends in .gz.")
    private Path out;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "csv, jsonl or parquet (default: by the extension of the file, otherwise csv).")
    private @Nullable Format format;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = InstantConverter.class,
            description = "Only events at or after this time, such as 2026-11-27T00:00:00Z.")
    private @Nullable Instant since;

    @Option(
            names = "--items",
            description = "Write the attributes of the items instead, as JSON Lines that serve --items reads.")
    private boolean items;

    @Option(
            names = "--impressions",
            description =
                    "Write the items that users were shown but have not taken instead, as CSV with the columns user,"
                            + " item, scenario, place, shown and time.")
    private boolean impressions;

    private enum Format {
        CSV,
        JSONL,
        PARQUET
    }

    @Override
    public Integer call() {
        long[] count = {0};
        if (impressions) {
            if (items || since != null || format == Format.JSONL || format() == Format.PARQUET) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--impressions writes all items shown, as CSV: leave --items, --format and --since out");
            }
            try (StoreLog log = StoreLog.open(state)) {
                AtomicFiles.write(out, file -> count[0] = writeText(file, text -> ImpressionsFile.write(log, text)));
            }
            say(Text.count(count[0], "item") + " shown to users");
            return 0;
        }
        if (items) {
            if (since != null || format == Format.CSV || format() == Format.PARQUET) {
                throw new ParameterException(
                        spec.commandLine(), "--items writes all items, as JSON Lines: leave --format and --since out");
            }
            try (StoreLog log = StoreLog.open(state)) {
                AtomicFiles.write(out, file -> count[0] = writeText(file, text -> items(log, text)));
            }
            say("attributes of " + Text.count(count[0], "item"));
            return 0;
        }
        try (StoreLog log = StoreLog.open(state, since)) {
            AtomicFiles.write(out, file -> count[0] = events(log, file));
        }
        say(Text.count(count[0], "event"));
        return 0;
    }

    private void say(String written) {
        spec.commandLine().getOut().println(out + ": " + written);
    }

    /** Writes the rows to a text stream. */
    @FunctionalInterface
    private interface Rows {
        /** Writes the rows and returns their number. */
        long write(Writer text) throws IOException;
    }

    private long writeText(OutputStream file, Rows rows) throws IOException {
        OutputStream bytes = out.toString().endsWith(".gz") ? new GZIPOutputStream(file) : file;
        Writer text = new BufferedWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8));
        long count = rows.write(text);
        text.flush();
        if (bytes instanceof GZIPOutputStream compressed) {
            compressed.finish();
        }
        return count;
    }

    private static long items(StoreLog log, Writer text) throws IOException {
        List<StoredItem> items = log.items();
        for (StoredItem item : items) {
            ObjectNode row = JSON.createObjectNode().put("item", item.id());
            row.setAll((ObjectNode) JSON.readTree(item.attributes()));
            text.write(JSON.writeValueAsString(row));
            text.write('\n');
        }
        return items.size();
    }

    private Format format() {
        if (format != null) {
            return format;
        }
        String name = out.getFileName().toString().replaceFirst("[.]gz$", "");
        if (name.endsWith(".parquet")) {
            return Format.PARQUET;
        }
        return name.endsWith(".jsonl") || name.endsWith(".ndjson") ? Format.JSONL : Format.CSV;
    }

    private long events(StoreLog log, OutputStream file) throws IOException {
        return switch (format()) {
            case CSV -> writeText(file, text -> csv(log, text));
            case JSONL -> writeText(file, text -> jsonLines(log, text));
            case PARQUET -> {
                if (out.toString().endsWith(".gz")) {
                    throw new UserFacingException(out + ": Parquet is compressed in itself: leave .gz out");
                }
                yield parquet(log, file);
            }
        };
    }

    private static long parquet(StoreLog log, OutputStream file) throws IOException {
        boolean types = log.hasTypes();
        Set<String> contexts = log.contextNames();
        List<ParquetWriter.Column> known = List.of(
                new ParquetWriter.Column("user", ParquetWriter.Kind.TEXT, false),
                new ParquetWriter.Column("item", ParquetWriter.Kind.TEXT, false),
                new ParquetWriter.Column("time", ParquetWriter.Kind.TIME, false),
                new ParquetWriter.Column("event_id", ParquetWriter.Kind.TEXT, true),
                new ParquetWriter.Column("type", ParquetWriter.Kind.TEXT, true),
                new ParquetWriter.Column("value", ParquetWriter.Kind.NUMBER, true));
        List<ParquetWriter.Column> columns = new ArrayList<>(known.subList(0, types ? 6 : 4));
        contexts.forEach(name ->
                columns.add(new ParquetWriter.Column(ContextColumns.PREFIX + name, ParquetWriter.Kind.TEXT, true)));
        long count = 0;
        try (ParquetWriter writer = new ParquetWriter(file, columns)) {
            for (LoggedEvent event : log) {
                List<@Nullable Object> row = new ArrayList<>();
                row.add(event.user());
                row.add(event.item());
                row.add(EventTime.micros(event.time()));
                row.add(event.eventId());
                if (types) {
                    row.add(nameOrNull(event.type()));
                    row.add(valueOrNull(event.type()));
                }
                for (String name : contexts) {
                    row.add(event.context().values().get(name));
                }
                writer.add(row.toArray());
                count++;
            }
        }
        return count;
    }

    private static long csv(StoreLog log, Writer text) {
        CsvWriter csv = CsvWriter.builder()
                .bufferSize(0)
                .lineDelimiter(LineDelimiter.LF)
                .build(text);
        boolean types = log.hasTypes();
        Set<String> contexts = log.contextNames();
        List<String> columns = new ArrayList<>(
                List.of("user", "item", "time", "event_id", "type", "value").subList(0, types ? 6 : 4));
        contexts.forEach(name -> columns.add(ContextColumns.PREFIX + name));
        csv.writeRecord(columns);
        long count = 0;
        for (LoggedEvent event : log) {
            String id = event.eventId();
            List<String> row = new ArrayList<>(
                    List.of(event.user(), event.item(), event.time().toString(), id == null ? "" : id));
            if (types) {
                row.add(event.type().name());
                row.add(value(event.type()));
            }
            for (String name : contexts) {
                row.add(event.context().values().getOrDefault(name, ""));
            }
            csv.writeRecord(row);
            count++;
        }
        return count;
    }

    private static @Nullable String nameOrNull(EventType type) {
        return type.name().isEmpty() ? null : type.name();
    }

    private static @Nullable Double valueOrNull(EventType type) {
        return Double.isNaN(type.value()) ? null : type.value();
    }

    private static String value(EventType type) {
        return Double.isNaN(type.value()) ? "" : String.valueOf(type.value());
    }

    private static long jsonLines(StoreLog log, Writer text) throws IOException {
        boolean ids = log.hasEventIds();
        boolean types = log.hasTypes();
        Set<String> contexts = log.contextNames();
        long count = 0;
        for (LoggedEvent event : log) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            row.put("user", event.user());
            row.put("item", event.item());
            row.put("time", event.time().toString());
            // Each row has the same members, because readers look for columns in the first rows.
            if (ids) {
                row.put("event_id", event.eventId());
            }
            if (types) {
                row.put("type", nameOrNull(event.type()));
                row.put("value", valueOrNull(event.type()));
            }
            if (!contexts.isEmpty()) {
                Map<String, @Nullable String> context = new LinkedHashMap<>();
                contexts.forEach(
                        name -> context.put(name, event.context().values().get(name)));
                row.put(ContextColumns.OBJECT, context);
            }
            text.write(JSON.writeValueAsString(row));
            text.write('\n');
            count++;
        }
        return count;
    }
}
