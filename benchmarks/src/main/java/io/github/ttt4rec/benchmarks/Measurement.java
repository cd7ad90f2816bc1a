package io.github.ttt4rec.benchmarks;

import io.github.ttt4rec.benchmarks.micro.Counted;
import io.github.ttt4rec.benchmarks.micro.Work;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.util.Statistics;

/**
 * The result of a benchmark, and the work that the benchmark does.
 *
 * @param group the benchmark's class without its suffix, such as {@code Gemm}
 * @param name the method and its parameters
 * @param nanoseconds nanoseconds per call in the fastest iteration; other load on the machine can only make it slower
 * @param median nanoseconds per call in the median iteration
 * @param allocated heap bytes allocated per call, from JMH's profiler; NaN if the profiler did not run
 * @param work the work of a call
 */
record Measurement(String group, String name, double nanoseconds, double median, double allocated, Work work) {
    private static final String SUFFIX = "Benchmark";

    /** Converts JMH's result. The work comes from an instance of the benchmark with the same parameters. */
    static Measurement of(RunResult run) {
        String benchmark = run.getParams().getBenchmark();
        int dot = benchmark.lastIndexOf('.');
        String type = benchmark.substring(0, dot);
        String method = benchmark.substring(dot + 1);
        Map<String, String> parameters = new TreeMap<>();
        for (String key : run.getParams().getParamsKeys()) {
            parameters.put(key, run.getParams().getParam(key));
        }
        String group = type.substring(type.lastIndexOf('.') + 1);
        // Numeric parameters are shown with their names, words without.
        String settings = parameters.entrySet().stream()
                .map(p -> (Character.isDigit(p.getValue().charAt(0)) ? p.getKey() + " " : "") + p.getValue())
                .collect(Collectors.joining(", "));
        Result<?> allocated = run.getSecondaryResults().get("gc.alloc.rate.norm");
        Statistics iterations = run.getPrimaryResult().getStatistics();
        return new Measurement(
                group.substring(0, group.length() - SUFFIX.length()),
                settings.isEmpty() ? method : method + " " + settings,
                iterations.getMin(),
                iterations.getPercentile(50),
                allocated == null ? Double.NaN : allocated.getScore(),
                work(type, method, parameters));
    }

    private static Work work(String type, String method, Map<String, String> parameters) {
        try {
            Object benchmark = Class.forName(type).getConstructor().newInstance();
            for (Map.Entry<String, String> parameter : parameters.entrySet()) {
                Field field = benchmark.getClass().getField(parameter.getKey());
                field.set(benchmark, value(field.getType(), parameter.getValue()));
            }
            return ((Counted) benchmark).work(method);
        } catch (ReflectiveOperationException unfit) {
            throw new IllegalStateException(type + " is not like the other benchmarks", unfit);
        }
    }

    private static Object value(Class<?> type, String text) {
        if (type == int.class) {
            return Integer.valueOf(text);
        }
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(type + " has no " + text);
    }

    double gigaflops() {
        return work.flops() / nanoseconds;
    }

    double gigabytes() {
        return work.bytes() / nanoseconds;
    }
}
