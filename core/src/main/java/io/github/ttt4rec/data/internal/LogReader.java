package io.github.ttt4rec.data.internal;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.FileFormat;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.ReadReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads a log of any format into packed columns. */
public final class LogReader {
    private LogReader() {}

    /**
     * What a file gave, besides the rows.
     *
     * @param fileName its name without the directory
     * @param sha256 of its bytes
     * @param scale how the log's times become epoch microseconds, or stay as they are
     * @param report for the user
     */
    public record Result(String fileName, String sha256, TimeScale scale, ReadReport report) {}

    /** Reads {@code file} into {@code log}. Throws {@link UserFacingException} if it cannot be read as asked. */
    public static Result read(Path file, ReadOptions options, InteractionLog log) {
        TimeParser times = new TimeParser(options.timeUnit(), options.timePattern(), log.times());
        try (SourceFile source = SourceFile.open(file)) {
            FileFormat format = options.format() == FileFormat.AUTO ? guess(source) : options.format();
            boolean byRow = format == FileFormat.PARQUET;
            BadRows badRows = new BadRows(file, byRow ? "row" : "line", options.skipBadRows());
            RowReader reader = switch (format) {
                case AUTO, DELIMITED -> new DelimitedReader(options, false);
                case RECBOLE -> new DelimitedReader(options, true);
                case JSON_LINES -> new JsonLinesReader(options);
                case PARQUET -> new ParquetLogReader(options);
            };
            RowReader.Rows rows = reader.read(source, log, times, badRows);
            if (rows.count() == 0) {
                throw new UserFacingException(file + " has column names but no rows");
            }
            if (log.size() == 0) {
                throw new UserFacingException(file + ": all " + rows.count() + " rows are bad; the first: "
                        + badRows.first().getFirst());
            }
            return new Result(
                    String.valueOf(file.getFileName()),
                    source.finishSha256(),
                    options.fileOrder() ? TimeScale.order() : times.scale(),
                    report(source, options, times, badRows, rows));
        } catch (IOException e) {
            throw SourceFile.broken(file, e, "");
        }
    }

    private static ReadReport report(
            SourceFile source, ReadOptions options, TimeParser times, BadRows badRows, RowReader.Rows rows) {
        List<String> notices = new ArrayList<>();
        if (rows.malformedBytes() > 0) {
            notices.add(source.path() + ": " + rows.malformedBytes()
                    + " bytes are not UTF-8; rows with such bytes in the columns that are read were left out as bad, in other"
                    + " columns they do not matter");
        }
        String mixture = options.fileOrder() ? null : times.mixtureNotice();
        if (mixture != null) {
            notices.add(source.path() + ": " + mixture);
        }
        return new ReadReport(
                rows.format() + (source.gzip() ? ", gzip" : ""),
                rows.columns().userName(),
                rows.columns().itemName(),
                rows.columns().timeName(),
                options.fileOrder() ? "the order of the rows" : times.description(),
                options.fileOrder() || times.ordinal(),
                rows.count(),
                badRows.count(),
                badRows.first(),
                List.copyOf(notices));
    }

    private static FileFormat guess(SourceFile source) throws IOException {
        byte[] start = source.peek(SourceFile.PEEK);
        if (startsWith(start, 'P', 'A', 'R', '1')) {
            return FileFormat.PARQUET;
        }
        if (startsWith(start, 'P', 'K', 3, 4)) {
            throw new UserFacingException(
                    source.path() + " is a zip archive or an Excel workbook; unpack it, or export the sheet as CSV");
        }
        if (startsWith(start, 0xFF, 0xFE) || startsWith(start, 0xFE, 0xFF)) {
            throw new UserFacingException(source.path() + " is UTF-16; convert it to UTF-8");
        }
        if (startsWith(start, 0x28, 0xB5, 0x2F, 0xFD)
                || startsWith(start, 'B', 'Z', 'h')
                || startsWith(start, 0xFD, '7', 'z', 'X', 'Z')) {
            throw new UserFacingException(
                    source.path() + " is compressed with zstd, bzip2 or xz; decompress it, or use gzip");
        }
        String name = String.valueOf(source.path().getFileName())
                .toLowerCase(Locale.ROOT)
                .replaceFirst("[.]gz$", "");
        if (name.endsWith(".parquet")) {
            throw new UserFacingException(
                    source.path() + " does not start like a Parquet file; it is damaged, or give its --format");
        }
        String text =
                new String(start, StandardCharsets.UTF_8).replace("\uFEFF", "").stripLeading();
        if (text.startsWith("{")) {
            return FileFormat.JSON_LINES;
        }
        if (text.startsWith("[") && name.endsWith(".json")) {
            throw new UserFacingException(source.path()
                    + " is one JSON array; write one object a line instead, for example with: jq -c '.[]'");
        }
        if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
            return FileFormat.JSON_LINES;
        }
        String header = text.lines().findFirst().orElse("");
        boolean typed = header.matches("[^\\t:]+:(token|float|token_seq|float_seq)(\\t[^\\t:]+:[a-z_]+)*");
        return name.endsWith(".inter") || typed ? FileFormat.RECBOLE : FileFormat.DELIMITED;
    }

    private static boolean startsWith(byte[] bytes, int... magic) {
        if (bytes.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if (bytes[i] != (byte) magic[i]) {
                return false;
            }
        }
        return true;
    }
}
