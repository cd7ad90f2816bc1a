package io.github.ttt4rec.benchmarks;

import io.github.ttt4rec.benchmarks.micro.BandwidthBenchmark.Level;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * All measurements of a run as a table: times, rates, and shares of the machine's limits as the same run measured them.
 * Times are those of the fastest iteration; a further column shows how much longer the median iteration takes. Peak and
 * bandwidth are the maxima measured; the bandwidth is that of the memory level that a benchmark's arrays fit in.
 */
final class KernelTable {
    private static final String PEAK = "Peak";
    private static final String BANDWIDTH = "Bandwidth";

    private final List<Measurement> vector;
    private final Map<String, Measurement> scalar = new HashMap<>();
    private final double peak;
    private final Map<Level, Double> bandwidth = new EnumMap<>(Level.class);

    /** Creates a table of the vector kernels' measurements, with those of the scalar kernels if there are any. */
    KernelTable(List<Measurement> vector, List<Measurement> scalar) {
        this.vector = vector;
        scalar.forEach(m -> this.scalar.put(key(m), m));
        double most = Double.NaN;
        for (Measurement m : vector) {
            if (m.group().equals(PEAK)) {
                most = Double.isNaN(most) ? m.gigaflops() : Math.max(most, m.gigaflops());
            } else if (m.group().equals(BANDWIDTH)) {
                bandwidth.merge(Level.of(m.work().footprint()), m.gigabytes(), Math::max);
            }
        }
        peak = most;
    }

    private static String key(Measurement m) {
        return m.group() + " " + m.name();
    }

    /** Returns the table in Markdown. */
    String markdown() {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {
            "benchmark",
            "ns/op",
            "median",
            "GFLOP/s",
            "of peak",
            "GB/s",
            "of bandwidth",
            "a second",
            "B/op",
            "scalar ns/op",
            "speed-up"
        });
        vector.forEach(m -> rows.add(row(m)));
        return MarkdownTable.of(rows);
    }

    private String[] row(Measurement m) {
        Measurement slow = scalar.get(key(m));
        Level level = Level.of(m.work().footprint());
        boolean counts = m.work().flops() > 0;
        boolean moves = m.work().bytes() > 0;
        double most = bandwidth.getOrDefault(level, Double.NaN);
        return new String[] {
            key(m),
            time(m.nanoseconds()),
            String.format(Locale.ROOT, "+%.0f %%", 100 * (m.median() / m.nanoseconds() - 1)),
            counts ? String.format(Locale.ROOT, "%.1f", m.gigaflops()) : "",
            counts ? percent(m.gigaflops() / peak) : "",
            moves ? String.format(Locale.ROOT, "%.1f", m.gigabytes()) : "",
            moves && !Double.isNaN(most) ? percent(m.gigabytes() / most) + " of " + level : "",
            rate(m.work().units() / m.nanoseconds() * 1e9) + " " + m.work().unit(),
            Double.isNaN(m.allocated()) ? "" : String.format(Locale.ROOT, "%,.0f", m.allocated()),
            slow == null ? "" : time(slow.nanoseconds()),
            slow == null ? "" : String.format(Locale.ROOT, "%.1f×", slow.nanoseconds() / m.nanoseconds())
        };
    }

    private static String time(double nanoseconds) {
        return String.format(Locale.ROOT, nanoseconds < 100 ? "%,.1f" : "%,.0f", nanoseconds);
    }

    private static String percent(double share) {
        return Double.isNaN(share)
                ? ""
                : String.format(Locale.ROOT, share < 0.095 ? "%.1f %%" : "%.0f %%", 100 * share);
    }

    private static String rate(double perSecond) {
        if (perSecond >= 1e9) {
            return String.format(Locale.ROOT, "%.2f G", perSecond / 1e9);
        }
        return perSecond >= 1e6
                ? String.format(Locale.ROOT, "%.2f M", perSecond / 1e6)
                : String.format(Locale.ROOT, "%,.0f", perSecond);
    }
}
