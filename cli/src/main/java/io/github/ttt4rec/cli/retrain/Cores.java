package io.github.ttt4rec.cli.retrain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The cores that this process may use. */
final class Cores {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String ALLOWED = "Cpus_allowed_list:";

    private Cores() {}

    /** Returns the numbers of all cores but the first, or none if there is only one or the system does not tell. */
    static List<String> allButOne() throws IOException {
        if (!Files.isReadable(STATUS)) {
            return List.of();
        }
        for (String line : Files.readAllLines(STATUS)) {
            if (line.startsWith(ALLOWED)) {
                return allButFirst(line.substring(ALLOWED.length()).strip());
            }
        }
        return List.of();
    }

    /** Returns the numbers in a list such as {@code 0-3,8} without the first. */
    static List<String> allButFirst(String list) {
        List<String> cores = new ArrayList<>();
        for (String range : list.split(",", -1)) {
            int dash = range.indexOf('-');
            int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
            int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
            for (int core = first; core <= last; core++) {
                cores.add(String.valueOf(core));
            }
        }
        return cores.subList(1, cores.size());
    }
}
