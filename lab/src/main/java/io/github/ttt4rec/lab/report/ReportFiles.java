package io.github.ttt4rec.lab.report;

import io.github.ttt4rec.internal.AtomicFiles;
import io.github.ttt4rec.lab.compare.Results;
import java.nio.file.Path;

/** Writes the files with a comparison's results. */
public final class ReportFiles {
    private ReportFiles() {}

    /**
     * Writes {@code results.json}, {@code results.csv}, {@code means.csv} and {@code report.html}, replacing existing
     * files.
     *
     * @return the path of {@code report.html}
     */
    public static Path write(Path directory, Results results) {
        write(directory.resolve("results.json"), results.toJson());
        write(directory.resolve("results.csv"), ResultsCsv.runs(results));
        write(directory.resolve("means.csv"), ResultsCsv.means(results));
        return write(directory.resolve("report.html"), Report.html(results));
    }

    private static Path write(Path file, String text) {
        AtomicFiles.writeText(file, out -> out.write(text));
        return file;
    }
}
