package io.github.ttt4rec.benchmarks;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.benchmarks.micro.ActivationBenchmark;
import io.github.ttt4rec.benchmarks.micro.BandwidthBenchmark;
import io.github.ttt4rec.benchmarks.micro.BlockBenchmark;
import io.github.ttt4rec.benchmarks.micro.CrossEntropyBenchmark;
import io.github.ttt4rec.benchmarks.micro.GemmBenchmark;
import io.github.ttt4rec.benchmarks.micro.NormBenchmark;
import io.github.ttt4rec.benchmarks.micro.PeakBenchmark;
import io.github.ttt4rec.benchmarks.micro.RecommendBenchmark;
import io.github.ttt4rec.benchmarks.micro.ScanBenchmark;
import io.github.ttt4rec.benchmarks.micro.TopItemsBenchmark;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the JMH benchmarks of the kernels and of operations built from them, and prints all results as one table. */
@Command(
        name = "kernels",
        description = "Measure kernels and operations built from them: times, and shares of this machine's peak and"
                + " bandwidth.",
        sortOptions = false)
public final class KernelsCommand implements Callable<Integer> {
    /** The machine's limits, always measured because every figure is a share of them. */
    static final List<Class<?>> LIMITS = List.of(PeakBenchmark.class, BandwidthBenchmark.class);

    /** All other benchmarks, in the table's order. */
    static final List<Class<?>> WORK = List.of(
            GemmBenchmark.class,
            CrossEntropyBenchmark.class,
            ScanBenchmark.class,
            BlockBenchmark.class,
            NormBenchmark.class,
            ActivationBenchmark.class,
            RecommendBenchmark.class,
            TopItemsBenchmark.class);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--only",
            paramLabel = "REGEX",
            defaultValue = "",
            description = "Only the benchmarks whose Class.method contains a match, such as 'Gemm' or 'Scan.*step';"
                    + " peak and bandwidth are always measured.")
    private String only;

    @Option(
            names = "--shape",
            paramLabel = "REGEX",
            description = "Only the shapes of Gemm that match, such as 'SQUARE|INNER'.")
    private @Nullable String shape;

    @Option(names = "--quick", description = "Fewer, shorter iterations and no scalar kernels, for a first impression.")
    private boolean quick;

    @Option(names = "--no-scalar", description = "Leave out the scalar kernels.")
    private boolean noScalar;

    @Option(
            names = "--bits",
            paramLabel = "N",
            description = "Width of the kernels' vectors, 128, 256 or 512 bits (default: the machine's).")
    private @Nullable Integer bits;

    /** The duration of a measurement: the number of iterations and their length in milliseconds. */
    private record Effort(int warmUps, int warmUpMillis, int iterations, int millis) {
        /** Benchmarks with many kernels warm up longer, because C2 needs seconds to compile the last one. */
        int warmUps(Class<?> type) {
            return type == BlockBenchmark.class || type == ScanBenchmark.class ? 4 * warmUps : warmUps;
        }
    }

    @Override
    public Integer call() {
        Pattern methods = pattern("--only", only);
        requireMatch(methods);
        String[] shapes = shape == null ? new String[0] : GemmBenchmark.shapes(pattern("--shape", shape));
        Effort forLimits = new Effort(3, 300, 8, 150);
        Effort forVector = quick ? new Effort(3, 800, 5, 150) : new Effort(3, 1000, 6, 200);
        Effort forScalar = new Effort(2, 400, 3, 200);
        List<String> vectorOptions = new ArrayList<>(List.of("-Dttt4rec.kernels=vector"));
        if (bits != null) {
            vectorOptions.add("-Dttt4rec.vectorBits=" + bits);
        }
        List<Measurement> vector = new ArrayList<>(run(LIMITS, Pattern.compile(""), shapes, forLimits, vectorOptions));
        vector.addAll(run(WORK, methods, shapes, forVector, vectorOptions));
        List<Measurement> scalar = quick || noScalar
                ? List.of()
                : run(WORK, methods, shapes, forScalar, List.of("-Dttt4rec.kernels=scalar"));
        PrintWriter out = spec.commandLine().getOut();
        out.println(Machine.describe());
        out.println();
        out.print(new KernelTable(vector, scalar).markdown());
        out.flush();
        return 0;
    }

    private Pattern pattern(String option, String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException bad) {
            throw new ParameterException(
                    spec.commandLine(), option + " " + regex + " is not a regular expression: " + bad.getDescription());
        }
    }

    private void requireMatch(Pattern methods) {
        List<String> all = WORK.stream()
                .flatMap(type -> methods(type).stream().map(method -> name(type, method)))
                .toList();
        if (all.stream().noneMatch(name -> methods.matcher(name).find())) {
            throw new ParameterException(
                    spec.commandLine(), "--only " + only + " matches none of " + String.join(", ", all));
        }
    }

    private List<Measurement> run(
            List<Class<?>> classes, Pattern methods, String[] shapes, Effort effort, List<String> jvmOptions) {
        PrintWriter err = spec.commandLine().getErr();
        List<Measurement> measurements = new ArrayList<>();
        for (Class<?> type : classes) {
            for (String method : methods(type)) {
                if (methods.matcher(name(type, method)).find()) {
                    err.println("measuring " + name(type, method) + " " + String.join(" ", jvmOptions));
                    err.flush();
                    run(type, method, shapes, effort, jvmOptions)
                            .forEach(result -> measurements.add(Measurement.of(result)));
                }
            }
        }
        return measurements;
    }

    private static Collection<RunResult> run(
            Class<?> type, String method, String[] shapes, Effort effort, List<String> jvmOptions) {
        Path said = temporaryFile();
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(type.getName() + "." + method) + "$")
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .forks(1)
                .warmupIterations(effort.warmUps(type))
                .warmupTime(TimeValue.milliseconds(effort.warmUpMillis))
                .measurementIterations(effort.iterations)
                .measurementTime(TimeValue.milliseconds(effort.millis))
                .shouldFailOnError(true)
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .output(said.toString())
                .jvmArgsAppend(jvmOptions.toArray(String[]::new));
        if (type == GemmBenchmark.class && shapes.length > 0) {
            options.param("shape", shapes);
        }
        try {
            Collection<RunResult> results = new Runner(options.build()).run();
            Files.delete(said);
            return results;
        } catch (RunnerException failure) {
            throw new UserFacingException(
                    name(type, method) + " failed: " + failure.getMessage() + "; " + said + " says more", failure);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Receives the output of JMH and its forks, such as the JVM's warnings, so that it does not mix with results. */
    private static Path temporaryFile() {
        try {
            return Files.createTempFile("ttt4rec-jmh-", ".log");
        } catch (IOException failure) {
            throw new UserFacingException(
                    "cannot write to the directory for temporary files: " + failure.getMessage(), failure);
        }
    }

    private static String name(Class<?> type, String method) {
        return type.getSimpleName() + "." + method;
    }

    /**
     * Returns the names of a class's benchmarks in alphabetical order, because reflection returns them in no particular
     * order.
     */
    static List<String> methods(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(m -> m.isAnnotationPresent(Benchmark.class))
                .map(Method::getName)
                .sorted()
                .toList();
    }
}
