package io.github.ttt4rec.benchmarks.load;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.internal.AtomicFiles;
import io.github.ttt4rec.terminal.StopSignals;
import io.github.ttt4rec.terminal.option.PeriodConverter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Puts load on a server on this machine and reports latencies, throughput and failures. */
@Command(
        name = "load",
        description = {
            "Put load on a server on this machine and measure its latencies.",
            "",
            "Requests are due at a constant rate, and the latency of each counts from the moment it was due, so that a"
                    + " pause of the server counts for all requests that were due meanwhile (no \"coordinated"
                    + " omission\"). Three of four requests are for recommendations; the others append an event"
                    + " with a unique id.",
            "",
            "Adds events of the users load, load-1, load-2, ... to the server's state: start the server with a separate"
                    + " --state. Accepts only loopback addresses.",
            "",
            "Exit code 1 if a request failed or the rate was not reached.",
            ""
        },
        customSynopsis = "benchmarks/run load --url URL [--rate N] [--duration TIME] [OPTIONS]",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./ttt4rec serve --model model --state /var/tmp/load.db",
            "  benchmarks/run load --url http://127.0.0.1:8080 --preload 10",
            "  benchmarks/run load --url http://127.0.0.1:8080 --rate 1500 --duration 10m \\",
            "      --interval 30s --forget /var/tmp/load.db --json soak.json",
            "",
            "Latencies include the wait for a core if the server shares its cores with this",
            "command or with others.",
        })
public final class LoadCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--url",
            paramLabel = "URL",
            required = true,
            converter = TargetConverter.class,
            description = "URL of the server, such as http://127.0.0.1:8080, or of a tenant, such as"
                    + " http://127.0.0.1:8080/t/shoes.")
    private LoadTarget target;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "3000",
            description = "Requests per second (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = PeriodConverter.class,
            description = "Duration of the measurement (default: ${DEFAULT-VALUE}).")
    private Duration duration;

    @Option(
            names = "--warmup",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = PeriodConverter.class,
            description = "Duration of the load before the measurement (default: ${DEFAULT-VALUE}).")
    private Duration warmup;

    @Option(
            names = "--users",
            paramLabel = "N",
            defaultValue = "50000",
            description = "Number of users in the requests (default: ${DEFAULT-VALUE}).")
    private int users;

    @Option(
            names = "--skew",
            paramLabel = "S",
            defaultValue = "0",
            description = "User n is drawn in proportion to 1/n^S (default: ${DEFAULT-VALUE}, uniform, which is hardest"
                    + " for a server's cache; 1 is Zipf's law).")
    private double skew;

    @Option(
            names = "--preload",
            paramLabel = "N",
            defaultValue = "0",
            description = "Give every user N events first, unless an earlier run with the same state did"
                    + " (default: ${DEFAULT-VALUE}).")
    private int preload;

    @Option(names = "--mix", description = "Load a server even if it has events of other users.")
    private boolean mix;

    @Option(
            names = "--events-share",
            paramLabel = "SHARE",
            defaultValue = "0.25",
            description = "Share of the requests that append an event (default: ${DEFAULT-VALUE}).")
    private double eventsShare;

    @Option(
            names = "--k",
            paramLabel = "K",
            defaultValue = "10",
            description = "Number of recommendations per request (default: ${DEFAULT-VALUE}).")
    private int k;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "64",
            description = "Number of connections, and thus the maximum number of requests in flight (default:"
                    + " ${DEFAULT-VALUE}).")
    private int connections;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = PeriodConverter.class,
            description = "Time limit of an answer; a request that cannot be sent within this time also fails"
                    + " (default: ${DEFAULT-VALUE}).")
    private Duration timeout;

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = PeriodConverter.class,
            description = "Length of the intervals that get a line each (default: ${DEFAULT-VALUE}).")
    private Duration interval;

    @Option(names = "--token-file", paramLabel = "FILE", description = "File with a client token of the server.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of users and items (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--queries",
            paramLabel = "FILE",
            description = "File with lines of additional parameters, percent-encoded, such as"
                    + " filter=price%%3C30&scenario=home; each request for recommendations gets one line."
                    + " The command shop writes such a file.")
    private @Nullable Path queries;

    @Option(
            names = "--forget",
            paramLabel = "FILE",
            description =
                    "Forget a user at the end of each interval, and measure how long its ids stay in this state file of"
                            + " the server and in the files next to it; exit code 1 if that is more than a"
                            + " minute.")
    private @Nullable Path forget;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the result to this file as JSON.")
    private @Nullable Path json;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        LoadConfig config = config();
        LoadListener progress = new LoadProgress(out, err);
        if (forget == null) {
            return run(config, progress, out, err);
        }
        if (!Files.isRegularFile(forget)) {
            throw new ParameterException(spec.commandLine(), "--forget: " + forget + ": no such file");
        }
        try (Erasures erasures = new Erasures(config, forget, progress)) {
            int code = run(config, erasures, out, err);
            LoadReport.section(out, "Forgot", erasures.report());
            out.flush();
            return code == 0 && !erasures.isWell() ? 1 : code;
        }
    }

    private int run(LoadConfig config, LoadListener listener, PrintWriter out, PrintWriter err)
            throws InterruptedException {
        LoadGenerator generator = new LoadGenerator(config, listener);
        LoadResult result;
        StopSignals stop = new StopSignals(signal -> {
            err.println("benchmarks: stopping after the requests in flight; a second signal kills");
            err.flush();
            generator.requestStop();
        });
        try (stop) {
            result = generator.run();
        }
        LoadReport.print(out, result);
        if (json != null) {
            String text = LoadReport.json(result);
            AtomicFiles.writeText(json, writer -> writer.write(text));
        }
        if (stop.stopped()) {
            return stop.exitCode();
        }
        return result.failed() == 0 && result.rateReached() ? 0 : 1;
    }

    private LoadConfig config() {
        String token = tokenFile == null ? null : token(tokenFile);
        try {
            return new LoadConfig(
                    target,
                    token,
                    rate,
                    duration,
                    warmup,
                    users,
                    skew,
                    eventsShare,
                    k,
                    mix,
                    preload,
                    connections,
                    timeout,
                    interval,
                    seed,
                    queries == null ? List.of() : lines(queries));
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), "--" + wrong.getMessage(), wrong);
        }
    }

    /** Returns the first token of a file; ignores empty lines and comments like the server. */
    private static String token(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .findFirst()
                    .orElseThrow(() -> new UserFacingException(file + ": holds no token; expected one on a line"));
        } catch (NoSuchFileException e) {
            throw new UserFacingException(file + ": no such file", e);
        } catch (IOException e) {
            throw new UserFacingException(file + ": cannot read a token: " + e.getMessage(), e);
        }
    }

    /** Returns the lines of a file that are not empty. */
    private static List<String> lines(Path file) {
        try {
            List<String> lines = Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
            if (lines.isEmpty()) {
                throw new UserFacingException(file + ": holds no parameters; expected a line of them for each request");
            }
            return lines;
        } catch (NoSuchFileException e) {
            throw new UserFacingException(file + ": no such file", e);
        } catch (IOException e) {
            throw new UserFacingException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static final class TargetConverter implements ITypeConverter<LoadTarget> {
        @Override
        public LoadTarget convert(String url) {
            try {
                return LoadTarget.parse(url);
            } catch (IllegalArgumentException wrong) {
                throw new TypeConversionException(String.valueOf(wrong.getMessage()));
            }
        }
    }
}
