package io.github.ttt4rec.terminal;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Converters with messages in this program's words, for the types that options have. */
final class Converters {
    private Converters() {}

    /** Registers them for {@code commandLine} and its subcommands. */
    static void register(CommandLine commandLine) {
        EnumConverter.register(commandLine);
        commandLine.registerConverter(Path.class, Converters::path);
        commandLine.registerConverter(Long.class, Converters::number);
        commandLine.registerConverter(long.class, Converters::number);
        commandLine.registerConverter(Integer.class, Converters::integer);
        commandLine.registerConverter(int.class, Converters::integer);
    }

    /** An empty path would stand for the working directory, as an unset variable of a script does. */
    private static Path path(String text) {
        if (text.isBlank()) {
            throw new TypeConversionException("the path is empty");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new TypeConversionException("'" + text + "' is not a path: " + e.getReason());
        }
    }

    private static Long number(String text) {
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is not a whole number of at most 64 bits");
        }
    }

    private static Integer integer(String text) {
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is not a whole number");
        }
    }
}
