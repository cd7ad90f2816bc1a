package io.github.ttt4rec.benchmarks;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.benchmarks.models.PatternLog;
import io.github.ttt4rec.benchmarks.models.SyntheticLog;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Writes a {@link SyntheticLog} or a {@link PatternLog} as CSV, so that the product's own commands can be measured on a
 * log of any size, or on one whose pattern is known.
 */
@Command(
        name = "log",
        description =
                "Write a synthetic log as CSV: Zipf items, users whose taste drifts; or one with a single pattern.",
        sortOptions = false)
public final class LogCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--events", paramLabel = "N", description = "Interactions of a log without --pattern.")
    private int events;

    @Option(names = "--items", paramLabel = "N", required = true, description = "Number of items in the catalogue.")
    private int items;

    @Option(
            names = "--pattern",
            paramLabel = "NAME",
            description = "The only pattern of the log, of --users with --length events: ${COMPLETION-CANDIDATES}.")
    private PatternLog.@Nullable Pattern pattern;

    @Option(names = "--users", paramLabel = "N", description = "With --pattern: number of users.")
    private int users;

    @Option(names = "--length", paramLabel = "N", description = "With --pattern: mean number of events of a user.")
    private int length;

    @Option(names = "--longest", paramLabel = "N", description = "With --pattern: number of events of the first user.")
    private int longest;

    @Option(names = "--no-times", description = "Number each user's events instead of giving them times.")
    private boolean noTimes;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed; the same seed gives the same log (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "File to write; compressed if its name ends in .gz.")
    private Path file;

    @Override
    public Integer call() {
        if (pattern == null && (events < 1 || items < 1)) {
            throw new ParameterException(spec.commandLine(), "--events and --items must be at least 1");
        }
        if (pattern != null && (users < 1 || items < 1 || length < 1 || longest < 0)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--users, --items and --length must be at least 1, and --longest must not be negative");
        }
        try (Writer out = new BufferedWriter(new OutputStreamWriter(open(), StandardCharsets.US_ASCII), 1 << 16)) {
            out.write("user,item,time\n");
            Lines lines = new Lines(out);
            if (pattern == null) {
                new SyntheticLog(events, items, seed).forEach(lines);
            } else {
                new PatternLog(pattern, users, items, length, longest, seed).forEach(lines);
            }
            spec.commandLine()
                    .getOut()
                    .printf(
                            Locale.ROOT,
                            "%,d events of %,d users and %,d items in %s%n",
                            lines.events,
                            lines.users,
                            items,
                            file);
            spec.commandLine().getOut().flush();
            return 0;
        } catch (UncheckedIOException | IOException failure) {
            throw new UserFacingException("cannot write " + file + ": " + failure.getMessage(), failure);
        }
    }

    /** Writes a line for each event. */
    private final class Lines implements SyntheticLog.Sink {
        private final Writer out;
        private final StringBuilder line = new StringBuilder();
        private int users;
        private int events;
        private int ofUser;

        Lines(Writer out) {
            this.out = out;
        }

        @Override
        public void event(int user, int item, long time) {
            ofUser = user < users ? ofUser + 1 : 1;
            users = user + 1;
            events++;
            line.setLength(0);
            line.append('u').append(user).append(",i").append(item - 1).append(',');
            line.append(noTimes ? ofUser : time).append('\n');
            try {
                out.append(line);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    private OutputStream open() throws IOException {
        OutputStream out = Files.newOutputStream(file);
        return file.toString().endsWith(".gz") ? new GZIPOutputStream(out, 1 << 16) : out;
    }
}
