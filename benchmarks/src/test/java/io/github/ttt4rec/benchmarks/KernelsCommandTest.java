package io.github.ttt4rec.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.ttt4rec.benchmarks.micro.Work;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine;

/** Tests that every benchmark runs, and the table of the results. */
class KernelsCommandTest {
    /** One call of each benchmark in this process at very small sizes; the times mean nothing. */
    @Test
    void everyBenchmarkRunsAndIsInTheTable() throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include("io.github.ttt4rec.benchmarks.*")
                        .forks(0)
                        .mode(Mode.SingleShotTime)
                        .timeUnit(TimeUnit.NANOSECONDS)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .param("level", "L1")
                        .param("shape", "TINY")
                        .param("items", "33")
                        .param("rows", "5")
                        .param("size", "19")
                        .param("sequences", "2")
                        .param("length", "11")
                        .build())
                .run();

        List<Measurement> measurements = results.stream().map(Measurement::of).toList();
        List<String> run = measurements.stream()
                .map(m -> m.group() + "Benchmark." + m.name().replaceFirst(" .*", ""))
                .distinct()
                .toList();
        List<String> listed = Stream.of(KernelsCommand.LIMITS, KernelsCommand.WORK)
                .flatMap(List::stream)
                .flatMap(type -> KernelsCommand.methods(type).stream().map(m -> type.getSimpleName() + "." + m))
                .toList();
        assertThat(run).as("what JMH found and what the command runs").containsExactlyInAnyOrderElementsOf(listed);
        String table = new KernelTable(measurements, measurements).markdown();
        assertThat(table.lines()).hasSize(2 + measurements.size());
        assertThat(measurements).allSatisfy(m -> {
            assertThat(m.nanoseconds()).isPositive();
            assertThat(m.work().flops() + m.work().bytes()).isPositive();
            assertThat(table).contains("| " + m.group() + " " + m.name() + " ");
        });
    }

    @Test
    void sharesAreOfTheSameRunsMost() {
        List<Measurement> vector = new ArrayList<>();
        vector.add(new Measurement("Peak", "fma256", 10, 10, 0, new Work(1000, 0, 0, 500, "FMA")));
        vector.add(new Measurement("Peak", "fma512", 8, 8, 0, new Work(1000, 0, 0, 500, "FMA")));
        vector.add(new Measurement("Bandwidth", "copy L1", 10, 10, 0, new Work(0, 1000, 1000, 1, "floats")));
        vector.add(new Measurement("Bandwidth", "copy RAM", 10, 10, 0, new Work(0, 50, 1e9, 1, "floats")));
        vector.add(new Measurement("Gemm", "small", 20, 22, 0, new Work(1250, 500, 500, 1, "products")));
        vector.add(new Measurement("Gemm", "large", 20, 20, 0, new Work(1250, 50, 1e9, 1, "products")));
        List<Measurement> scalar = List.of(
                new Measurement("Gemm", "small", 90, 90, 0, vector.get(4).work()));

        List<List<String>> rows = new KernelTable(vector, scalar)
                .markdown()
                .lines()
                .map(line ->
                        Stream.of(line.split("\\|")).skip(1).map(String::strip).collect(Collectors.toList()))
                .toList();

        assertThat(rows.get(6))
                .containsExactly(
                        "Gemm small",
                        "20.0",
                        "+10 %",
                        "62.5",
                        "50 %",
                        "25.0",
                        "25 % of L1",
                        "50.00 M products",
                        "0",
                        "90.0",
                        "4.5×");
        assertThat(rows.get(7).get(6)).isEqualTo("50 % of RAM");
        assertThat(Double.parseDouble(rows.get(3).get(3))).isCloseTo(125, withinPercentage(0.1));
    }

    @Test
    void wrongUsageIsOneLine() {
        assertThat(usageError("kernels", "--only", "(")).startsWith("--only ( is not a regular expression");
        assertThat(usageError("kernel")).startsWith("Unmatched argument");
    }

    private static String usageError(String... arguments) {
        CommandLine commandLine = Main.commandLine();
        StringWriter err = new StringWriter();
        commandLine.setErr(new PrintWriter(err));
        assertThat(commandLine.execute(arguments)).isEqualTo(CommandLine.ExitCode.USAGE);
        return err.toString();
    }
}
