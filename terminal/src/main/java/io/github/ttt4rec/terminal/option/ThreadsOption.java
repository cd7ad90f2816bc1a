package io.github.ttt4rec.terminal.option;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option for a command's number of threads. */
public final class ThreadsOption {
    @Option(
            names = "--threads",
            paramLabel = "N",
            converter = Converter.class,
            description = "Number of threads for training and evaluation (default: one per core).")
    private @Nullable Integer given;

    private static final int MAX_THREADS = 1024;

    /** Refuses more threads than machines have cores; each has its own copy of the gradients. */
    static final class Converter implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            int threads = new PositiveConverter().convert(text);
            if (threads > MAX_THREADS) {
                throw new TypeConversionException("'" + text + "' is more than " + MAX_THREADS + "; this machine has "
                        + Runtime.getRuntime().availableProcessors() + " cores");
            }
            return threads;
        }
    }

    /** Returns the number given on the command line; null if none was given. */
    public @Nullable Integer given() {
        return given;
    }

    /** Returns the number given on the command line, or the number of cores. */
    public int count() {
        return given == null ? Runtime.getRuntime().availableProcessors() : given;
    }
}
