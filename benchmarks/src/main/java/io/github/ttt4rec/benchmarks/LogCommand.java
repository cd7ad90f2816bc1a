package io.github.ttt4rec.benchmarks;

import io.github.ttt4rec.UserFacingException;
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
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Writes a {@link SyntheticLog} as CSV, so that the product's own commands can be measured on a log of any size. */
@Command(
        name = "log",
        description = "Write a synthetic log as CSV: Zipf items, users whose taste drifts.",
        sortOptions = false)
public final class LogCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--events", paramLabel = "N", required = true, description = "Interactions.")
    private int events;

    @Option(names = "--items", paramLabel = "N", required = true, description = "Number of items in the catalogue.")
    private int items;

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
        if (events < 1 || items < 1) {
            throw new ParameterException(spec.commandLine(), "--events and --items must be at least 1");
        }
        try (Writer out = new BufferedWriter(new OutputStreamWriter(open(), StandardCharsets.US_ASCII), 1 << 16)) {
            out.write("user,item,time\n");
            StringBuilder line = new StringBuilder();
            int users = new SyntheticLog(events, items, seed).forEach((user, item, time) -> {
                line.setLength(0);
                line.append('u').append(user).append(",i").append(item - 1).append(',');
                line.append(time).append('\n');
                try {
                    out.append(line);
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
            spec.commandLine()
                    .getOut()
                    .printf(Locale.ROOT, "%,d events of %,d users and %,d items in %s%n", events, users, items, file);
            spec.commandLine().getOut().flush();
            return 0;
        } catch (UncheckedIOException | IOException failure) {
            throw new UserFacingException("cannot write " + file + ": " + failure.getMessage(), failure);
        }
    }

    private OutputStream open() throws IOException {
        OutputStream out = Files.newOutputStream(file);
        return file.toString().endsWith(".gz") ? new GZIPOutputStream(out, 1 << 16) : out;
    }
}
