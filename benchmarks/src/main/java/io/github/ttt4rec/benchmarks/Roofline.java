package io.github.ttt4rec.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The times of an epoch's stages, compared with the machine's limits.
 *
 * @param kernels the name of the kernels that ran
 * @param gigaflops peak of all threads, in 10⁹ operations per second
 * @param gigabytes bandwidth of main memory, in 10⁹ bytes per second
 * @param rows the stages and, last, their total
 */
record Roofline(String kernels, double gigaflops, double gigabytes, List<Row> rows) {
    /**
     * A stage of an epoch.
     *
     * @param gigaflop the minimum number of operations, in 10⁹; 0 if none are counted
     * @param gigabytes the minimum memory traffic, in 10⁹ bytes; 0 if none is counted
     * @param atLimit the seconds that this work takes at the machine's limits
     * @param measured the measured seconds
     */
    record Row(String stage, double gigaflop, double gigabytes, double atLimit, double measured) {
        String ofLimit() {
            return atLimit == 0 || measured == 0 ? "" : String.format(Locale.ROOT, "%.0f %%", 100 * atLimit / measured);
        }

        private static String seconds(double seconds) {
            return seconds == 0 ? "" : String.format(Locale.ROOT, "%.3f s", seconds);
        }
    }

    /** Formats the limits and the time of the epoch as one line. */
    String summary(int threads) {
        return String.format(
                Locale.ROOT,
                "%s: %d threads together %.0f GFLOP/s at peak, %.1f GB/s to and from memory. An epoch with its"
                        + " validation takes %.2f s.",
                kernels,
                threads,
                gigaflops,
                gigabytes,
                rows.getLast().measured());
    }

    /** Returns a table that compares runs of the same job by stage. */
    static List<String[]> table(List<Roofline> runs) {
        List<String[]> table = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("stage", "GFLOP", "GB"));
        for (Roofline run : runs) {
            head.addAll(List.of(run.kernels() + ": at the limit", "measured", "of the limit"));
        }
        table.add(head.toArray(String[]::new));
        for (int r = 0; r < runs.getFirst().rows().size(); r++) {
            Row first = runs.getFirst().rows().get(r);
            List<String> cells = new ArrayList<>(List.of(
                    first.stage(),
                    first.gigaflop() == 0 ? "" : String.format(Locale.ROOT, "%.1f", first.gigaflop()),
                    first.gigabytes() == 0 ? "" : String.format(Locale.ROOT, "%.2f", first.gigabytes())));
            for (Roofline run : runs) {
                Row row = run.rows().get(r);
                cells.addAll(List.of(Row.seconds(row.atLimit()), Row.seconds(row.measured()), row.ofLimit()));
            }
            table.add(cells.toArray(String[]::new));
        }
        return table;
    }

    /** Writes the times for {@link #read}. */
    void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(String.join("\t", kernels, String.valueOf(gigaflops), String.valueOf(gigabytes)));
        for (Row row : rows) {
            lines.add(String.join(
                    "\t",
                    row.stage(),
                    String.valueOf(row.gigaflop()),
                    String.valueOf(row.gigabytes()),
                    String.valueOf(row.atLimit()),
                    String.valueOf(row.measured())));
        }
        Files.write(file, lines);
    }

    /** Reads a file that {@link #write} wrote. */
    static Roofline read(Path file) throws IOException {
        List<String[]> lines = Files.readAllLines(file).stream()
                .map(line -> line.split("\t", -1))
                .toList();
        String[] head = lines.getFirst();
        return new Roofline(
                head[0],
                Double.parseDouble(head[1]),
                Double.parseDouble(head[2]),
                lines.stream()
                        .skip(1)
                        .map(cells -> new Row(
                                cells[0],
                                Double.parseDouble(cells[1]),
                                Double.parseDouble(cells[2]),
                                Double.parseDouble(cells[3]),
                                Double.parseDouble(cells[4])))
                        .toList());
    }
}
