package io.github.ttt4rec.cli.option;

import io.github.ttt4rec.UserFacingException;
import java.util.Objects;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Parses values of options that only the library understands, such as those of {@code --set}. */
public final class OptionValues {
    private OptionValues() {}

    /**
     * Returns the result of {@code reading}.
     *
     * @throws ParameterException if the value is wrong, which is wrong usage and not a failure of the command
     */
    public static <T> T read(CommandSpec spec, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (UserFacingException wrong) {
            throw new ParameterException(spec.commandLine(), Objects.requireNonNull(wrong.getMessage()), wrong);
        }
    }
}
