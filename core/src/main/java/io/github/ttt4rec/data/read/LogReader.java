package io.github.ttt4rec.data.read;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.EpochUnit;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.data.FileFormat;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.ReadReport;
import io.github.ttt4rec.internal.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads a log of any format, from one file or several, into packed columns. */
final class LogReader {
    /** The number of events that a report shows. */
    static final int MAX_FIRST_EVENTS = 5;

    private static final Pattern ACCESS_LOG = Pattern.compile("\\S+ \\S+ \\S+ \\[[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:");

    /** A statement at the start of a line, after comments only. */
    private static final Pattern SQL = Pattern.compile(
            "(?i)\\A(\\s*(--.*|/[*](?s:.*?)[*]/;?)?\\R)*\\s*(INSERT INTO|CREATE TABLE|DROP TABLE|COPY \\S+ [(]|SET \\w+ =)");

    private final ReadOptions options;
    private final InteractionLog log;
    private final TimeParser times;
    private final BadRows badRows;
    private final EventSink sink;
    private final List<RowReader.Rows> read = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();
    private final List<ReadReport.Hypothesis> hypotheses = new ArrayList<>();
    private final List<String> hashes = new ArrayList<>();
    private final List<String> compressions = new ArrayList<>();

    private LogReader(ReadOptions options, InteractionLog log) {
        this.options = options;
        this.log = log;
        times = new TimeParser(options.timeUnit(), options.timePattern(), log.times());
        badRows = new BadRows(options.skipBadRows());
        sink = new EventSink(log, times, options);
    }

    /**
     * The result of reading a log, apart from its rows.
     *
     * @param fileName the log's name without the directory
     * @param sha256 the SHA-256 of its bytes, or of the files' hashes if it consists of several files
     * @param scale the conversion of the log's times to epoch microseconds, or the identity
     * @param report the report for the user
     */
    public record Result(String fileName, String sha256, TimeScale scale, ReadReport report) {}

    /**
     * Reads {@code paths}, one after the other, into {@code log}: files, directories of part files, or patterns such as
     * {@code day-*.csv}.
     *
     * @throws UserFacingException if they cannot be read as asked
     */
    public static Result read(List<Path> paths, ReadOptions options, InteractionLog log) {
        LogReader reader = new LogReader(options, log);
        List<Path> files = LogFiles.of(paths);
        for (Path file : files) {
            reader.readFile(file);
        }
        return reader.result(paths, files);
    }

    /**
     * Reads one file again, with the options that a first pass decided on.
     *
     * @param times the parser that gives {@code target} its times
     */
    static void again(Path file, ReadOptions resolved, EventTarget target, TimeParser times, BadRows badRows) {
        try (SourceFile source = SourceFile.open(file, resolved.encoding())) {
            rows(source, resolved, new EventSink(target, times, resolved), times, badRows);
        } catch (IOException e) {
            throw SourceFile.broken(file, e, "");
        }
    }

    private static RowReader.Rows rows(
            SourceFile source, ReadOptions options, EventSink sink, TimeParser times, BadRows badRows)
            throws IOException {
        FileFormat format = options.format() == FileFormat.AUTO ? guess(source) : options.format();
        badRows.start(source.path(), format == FileFormat.PARQUET ? "row" : "line");
        RowReader reader = switch (format) {
            case AUTO, DELIMITED -> new DelimitedReader(options, false);
            case RECBOLE -> new DelimitedReader(options, true);
            case JSON_LINES -> new JsonLinesReader(options);
            case PARQUET -> new ParquetLogReader(options);
        };
        return reader.read(source, sink, times, badRows);
    }

    private void readFile(Path file) {
        try (SourceFile source = SourceFile.open(file, options.encoding())) {
            RowReader.Rows rows = rows(source, options, sink, times, badRows);
            if (!read.isEmpty()
                    && (!rows.columns()
                                    .userName()
                                    .equals(read.getFirst().columns().userName())
                            || !rows.columns()
                                    .itemName()
                                    .equals(read.getFirst().columns().itemName()))) {
                throw new UserFacingException(
                        file + ": its columns \"" + rows.columns().userName() + "\" and \""
                                + rows.columns().itemName() + "\" are not those of the files before, \""
                                + read.getFirst().columns().userName() + "\" and \""
                                + read.getFirst().columns().itemName()
                                + "\"; name the columns with --user-column and --item-column");
            }
            if (read.isEmpty()) {
                hypotheses.addAll(rows.hypotheses());
                if (!rows.format().equals("Parquet")) {
                    hypotheses.add(encoding(source, rows));
                }
            }
            read.add(rows);
            String hash = source.finishSha256();
            if (hashes.contains(hash)) {
                notices.add(file + " has the same content as a file before it: its events count twice");
            }
            hashes.add(hash);
            compressions.add(source.compression().word());
            if (rows.malformedBytes() > 0) {
                notices.add(file + ": " + rows.malformedBytes()
                        + " bytes are not UTF-8; rows with such bytes in the columns that are read were left out as bad, in"
                        + " other columns they do not matter (--encoding names another character set)");
            }
            for (String notice : rows.columns().notices()) {
                if (read.size() == 1) {
                    notices.add(notice);
                }
            }
            notices.addAll(rows.notices());
        } catch (IOException e) {
            throw SourceFile.broken(file, e, "");
        }
    }

    private ReadReport.Hypothesis encoding(SourceFile source, RowReader.Rows rows) {
        String encoding = options.encoding();
        if (encoding != null || source.transcoded()) {
            return new ReadReport.Hypothesis(
                    "characters",
                    encoding == null ? "UTF-16 or UTF-32" : encoding,
                    encoding == null ? "the file begins with a byte order mark" : "given");
        }
        return new ReadReport.Hypothesis(
                "characters",
                "UTF-8",
                rows.malformedBytes() == 0 ? "every byte fits" : "all but " + rows.malformedBytes() + " bytes fit");
    }

    private void roles(Columns columns) {
        hypotheses.add(new ReadReport.Hypothesis(
                "users",
                "\"" + columns.userName() + "\"",
                (options.userColumn() == null ? "a usual name" : "given") + columns.others("users")));
        hypotheses.add(new ReadReport.Hypothesis(
                "items",
                "\"" + columns.itemName() + "\"",
                (options.itemColumn() == null ? "a usual name" : "given") + columns.others("items")));
        if (columns.timeName() != null) {
            hypotheses.add(new ReadReport.Hypothesis(
                    "times",
                    "\"" + columns.timeName() + "\"",
                    (options.timeColumn() == null ? "a usual name" : "given") + columns.others("times")));
            hypotheses.add(new ReadReport.Hypothesis("meaning of times", times.description(), times.evidence()));
        }
        if (columns.typeName() != null) {
            hypotheses.add(new ReadReport.Hypothesis(
                    "types",
                    "\"" + columns.typeName() + "\"",
                    options.typeColumn() == null ? "the only usual name for types" : "given"));
        }
    }

    private Result result(List<Path> paths, List<Path> files) {
        String name = files.size() == 1
                ? String.valueOf(files.getFirst().getFileName())
                : paths.stream().map(path -> String.valueOf(path.getFileName())).collect(Collectors.joining(", "));
        long rows = read.stream().mapToLong(RowReader.Rows::count).sum();
        if (rows == 0) {
            throw new UserFacingException(paths.getFirst() + " has column names but no rows");
        }
        if (log.size() == 0) {
            throw new UserFacingException(paths.getFirst() + ": "
                    + (badRows.count() == 0
                            ? options.types() == null
                                    ? "the rows hold no events"
                                    : "--types ignores every event; " + String.join("", sink.notices())
                            : "all " + rows + " rows are bad; the first: "
                                    + badRows.first().getFirst()));
        }
        Columns columns = read.getFirst().columns();
        boolean untimed = columns.times().isEmpty();
        if (!untimed) {
            String problem = times.finish();
            if (problem != null) {
                throw new UserFacingException(files.getFirst() + ": column \"" + columns.timeName() + "\": "
                        + problem.replace(TimeParser.DATE_AND_TIME, columns.dateAndTime()));
            }
            refuseDurations(files.getFirst(), columns);
        }
        notices.addAll(times.notices());
        notices.addAll(sink.notices());
        roles(columns);
        String lists = options.listSeparator() == null ? Lists.problem(log.itemIds()) : null;
        if (lists != null) {
            throw new UserFacingException(files.getFirst() + ": column \"" + columns.itemName() + "\": " + lists);
        }
        if (options.listSeparator() == null) {
            notices.addAll(Lists.notices(log.itemIds()));
        }
        log.unifyWholeNumbers(notices);
        notices.addAll(RoundedIds.find("user", log.userIds()));
        notices.addAll(RoundedIds.find("item", log.itemIds()));
        notices.addAll(LookAlikes.findNumbers("user", log.userIds()));
        notices.addAll(LookAlikes.findNumbers("item", log.itemIds()));
        notices.addAll(LookAlikes.find("user", log.userIds()));
        notices.addAll(LookAlikes.find("item", log.itemIds()));
        return new Result(name, hash(), untimed ? TimeScale.order() : times.scale(), report(columns, rows));
    }

    /**
     * Refuses numbers that only give an order in a column that was chosen among several by its name. They may be
     * durations.
     */
    private void refuseDurations(Path file, Columns columns) {
        String others = columns.others("times");
        if (times.ordinal() && options.timeUnit() == EpochUnit.AUTO && !others.isEmpty()) {
            throw new UserFacingException(file + ": column \"" + columns.timeName() + "\": the numbers are no times, at"
                    + " most an order, and may be durations (--time-unit ordinal takes them as an order)" + others);
        }
    }

    private String hash() {
        if (hashes.size() == 1) {
            return hashes.getFirst();
        }
        MessageDigest digest = Sha256.newDigest();
        hashes.forEach(hash -> digest.update(HexFormat.of().parseHex(hash)));
        return HexFormat.of().formatHex(digest.digest());
    }

    private ReadReport report(Columns columns, long rows) {
        String compression = compressions.getFirst().isEmpty() ? "" : ", " + compressions.getFirst();
        String count = read.size() == 1 ? "" : ", " + read.size() + " files";
        boolean untimed = columns.times().isEmpty();
        return new ReadReport(
                read.getFirst().format() + compression + count,
                columns.names(),
                columns.userName(),
                columns.itemName(),
                columns.timeName(),
                untimed ? "the order of the rows" : times.description(),
                untimed || times.ordinal(),
                rows,
                badRows.count(),
                badRows.first(),
                List.copyOf(notices),
                List.copyOf(hypotheses),
                firstEvents(untimed),
                times.resolved(columns.resolve(read.getFirst().resolved())));
    }

    private List<ReadReport.FirstEvent> firstEvents(boolean untimed) {
        TimeScale scale = untimed ? TimeScale.order() : times.scale();
        return IntStream.range(0, (int) Math.min(MAX_FIRST_EVENTS, log.size()))
                .mapToObj(row -> new ReadReport.FirstEvent(
                        log.userIds().get(log.users().get(row)),
                        log.itemIds().get(log.items().get(row)),
                        new EventTime(scale.toMicros().applyAsLong(log.times().get(row)), !scale.ordinal()).toString()))
                .toList();
    }

    private static FileFormat guess(SourceFile source) throws IOException {
        byte[] start = source.peek(SourceFile.PEEK);
        if (Compression.startsWith(start, 'P', 'A', 'R', '1')) {
            return FileFormat.PARQUET;
        }
        String name = String.valueOf(source.path().getFileName())
                .toLowerCase(Locale.ROOT)
                .replaceFirst("[.](gz|zip|zst|bz2|xz|lz4)$", "");
        refuse(source.path(), start, name);
        String text =
                new String(start, StandardCharsets.UTF_8).replace("\uFEFF", "").stripLeading();
        if (text.startsWith("{")) {
            return FileFormat.JSON_LINES;
        }
        if (text.matches("(?s)\\[\\s*\\{.*")) {
            return FileFormat.JSON_LINES;
        }
        boolean json = name.endsWith(".json") || name.endsWith(".jsonl") || name.endsWith(".ndjson");
        if (json && text.startsWith("[")) {
            boolean whole = text.matches("(?s)\\[\\s*\\[.*");
            throw new UserFacingException(source.path()
                    + (whole
                            ? " is a JSON array, but not of objects; make rows of it, for example with: jq -r '.[] | @csv' "
                            : " holds JSON arrays instead of objects; make rows of them, for example with: jq -r @csv ")
                    + source.path() + " > FILE.csv");
        }
        if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
            return FileFormat.JSON_LINES;
        }
        String header = text.lines().findFirst().orElse("");
        boolean typed = header.matches("[^\\s:]+:(token|float|token_seq|float_seq)([\\t ]+[^\\s:]+:[a-z_]+)*\\s*");
        return name.endsWith(".inter") || typed ? FileFormat.RECBOLE : FileFormat.DELIMITED;
    }

    /** Refuses files of formats that are known but not supported. */
    private static void refuse(Path path, byte[] start, String name) {
        if (name.endsWith(".parquet")) {
            throw new UserFacingException(
                    path + " does not start like a Parquet file; it is damaged, or give its --format");
        }
        if (name.endsWith(".br") || name.endsWith(".lzo") || name.endsWith(".7z") || name.endsWith(".rar")) {
            throw new UserFacingException(
                    path + " is compressed in a way that is not read; decompress it, or use gzip or zstd");
        }
        String text = new String(start, 0, Math.min(start.length, 64), StandardCharsets.ISO_8859_1).stripLeading();
        if (text.startsWith("<")) {
            throw new UserFacingException(path
                    + " is HTML or XML, such as a download page; get the file itself, as CSV, JSON Lines or Parquet");
        }
        if (text.startsWith("version https://git-lfs")) {
            throw new UserFacingException(
                    path + " is a pointer of Git LFS, not the file itself; fetch that with: git lfs pull");
        }
        if (text.startsWith("%%MatrixMarket")) {
            throw new UserFacingException(
                    path + " is a matrix in the Matrix Market format, which has no times; make rows"
                            + " of it: awk '!/^%/ && n++ {print $1 \",\" $2}' FILE > FILE.csv, and read those with --no-header"
                            + " --user-column 1 --item-column 2 --file-order");
        }
        if (ACCESS_LOG.matcher(text).lookingAt()) {
            throw new UserFacingException(
                    path + " is a web server's log; make rows of address, path and time, for example"
                            + " with: awk '{gsub(/[][]/, \"\"); print $1 \"\\t\" $7 \"\\t\" $4 \" \" $5}' FILE > FILE.tsv, and read those"
                            + " with --no-header --user-column 1 --item-column 2 --time-column 3 --time-pattern \"d/MMM/yyyy:H:mm:ss"
                            + " Z\"");
        }
        if (SQL.matcher(new String(start, StandardCharsets.ISO_8859_1)).find()) {
            throw new UserFacingException(
                    path + " is an SQL dump; load it into a database and export the table as CSV with a header line");
        }
        int tarMark = 257;
        if (start.length > tarMark + 5 && new String(start, tarMark, 5, StandardCharsets.US_ASCII).equals("ustar")) {
            throw new UserFacingException(path + " is a tar archive; unpack it and name the files in it");
        }
        if (Compression.startsWith(start, 'O', 'R', 'C')
                || Compression.startsWith(start, 'O', 'b', 'j', 1)
                || Compression.startsWith(start, 'A', 'R', 'R', 'O', 'W', '1')
                || Compression.startsWith(start, 'S', 'Q', 'L', 'i', 't', 'e')
                || Compression.startsWith(start, 0x89, 'H', 'D', 'F')
                || (start[0] == (byte) 0x80 && start.length > 1 && start[1] >= 2 && start[1] <= 5) // a Python pickle
                || text.startsWith("MATLAB 5")
                || Compression.startsWith(start, 'R', 'D', 'X')
                || Compression.startsWith(start, 'X', '\n', 0, 0)
                || Compression.startsWith(start, 0x93, 'N', 'U', 'M', 'P', 'Y')
                || Compression.startsWith(start, 0xD0, 0xCF, 0x11, 0xE0)) {
            throw new UserFacingException(
                    path + " is not text but a file of another program; export it as CSV, JSON Lines or Parquet");
        }
    }
}
