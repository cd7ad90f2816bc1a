package io.github.ttt4rec.terminal;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * Checks the files that a command will write, before it works for hours: each has a directory to be in, and none is a
 * file that the command reads, which it would replace.
 */
final class OutputFiles {
    private static final Set<String> WRITTEN = Set.of("--out", "--json", "--save-read", "--save", "--users", "--cases");
    private static final String FILE = "FILE";

    /** Stands for standard output. */
    private static final String STANDARD_OUTPUT = "-";

    private OutputFiles() {}

    private record Given(OptionSpec option, Path path) {
        boolean isWritten() {
            return WRITTEN.contains(option.longestName()) && FILE.equals(option.paramLabel());
        }
    }

    /**
     * Checks the options of the command that {@code parsed} will run.
     *
     * @throws UserFacingException if a file cannot be written or is read too
     */
    static void check(ParseResult parsed) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        List<Given> given = new ArrayList<>();
        for (OptionSpec option : last.matchedOptions()) {
            Object value = option.getValue();
            if (value instanceof Path path) {
                given.add(new Given(option, path));
            } else if (value instanceof Collection<?> several) {
                several.forEach(one -> {
                    if (one instanceof Path path) {
                        given.add(new Given(option, path));
                    }
                });
            }
        }
        for (int i = 0; i < given.size(); i++) {
            Given output = given.get(i);
            if (!output.isWritten() || output.path.toString().equals(STANDARD_OUTPUT)) {
                continue;
            }
            requirePlace(output);
            for (int j = 0; j < given.size(); j++) {
                if (i != j && isSame(output.path, given.get(j).path)) {
                    throw new UserFacingException(
                            output.path + ": is given as " + given.get(j).option.longestName() + " too, and "
                                    + output.option.longestName() + " would replace it; write to another file");
                }
            }
        }
    }

    private static void requirePlace(Given output) {
        Path parent = output.path.toAbsolutePath().getParent();
        if (Files.isDirectory(output.path)) {
            throw new UserFacingException(output.path + ": " + output.option.longestName()
                    + " cannot write this file: it is a directory; name a file in it");
        }
        if (parent != null && !Files.isDirectory(parent)) {
            throw new UserFacingException(output.path + ": " + output.option.longestName()
                    + " cannot write this file: there is no directory " + parent + "; make it first");
        }
    }

    private static boolean isSame(Path one, Path other) {
        Path a = one.toAbsolutePath().normalize();
        Path b = other.toAbsolutePath().normalize();
        try {
            return a.equals(b) || (Files.isRegularFile(a) && Files.exists(b) && Files.isSameFile(a, b));
        } catch (IOException e) {
            return false; // the file that cannot be looked at is reported when it is opened
        }
    }
}
