package io.github.ttt4rec.terminal.option;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Options that are optional and have one value each, one line per option. An owner declares a table, one
 * {@link Value} for each option, and then the table's {@link #spec} as a picocli {@code @Mixin}.
 */
public final class OptionTable {
    private final CommandSpec spec = CommandSpec.create();

    /**
     * The value of an option.
     *
     * @param <T> its type
     */
    public static final class Value<T> {
        private @Nullable T given;

        private Value() {}

        /** Returns the value on the command line; null if the option was not given. */
        public @Nullable T orNull() {
            return given;
        }

        /** Returns the value on the command line, or {@code otherwise} if the option was not given. */
        public T or(T otherwise) {
            return given == null ? otherwise : given;
        }

        /** Passes the value on if the option was given. */
        public void ifGiven(Consumer<? super T> action) {
            if (given != null) {
                action.accept(given);
            }
        }

        /** Returns whether the option was given. */
        public boolean isGiven() {
            return given != null;
        }
    }

    /** Creates a table without options. */
    public OptionTable() {}

    /** Returns the options; a field with this value and picocli's {@code @Mixin} adds them to a command. */
    public CommandSpec spec() {
        return spec;
    }

    /**
     * Adds an option.
     *
     * @param name its name, such as {@code --rate}
     * @param label the name of its value in help, such as {@code N}
     * @param type the type of its value
     * @param converter parses it
     */
    public <T> Value<T> add(
            String name, String label, Class<T> type, ITypeConverter<T> converter, String... description) {
        Value<T> value = new Value<>();
        add(value, OptionSpec.builder(name)
                .paramLabel(label)
                .type(type)
                .converters(converter)
                .description(description));
        return value;
    }

    /** Adds an option without a value, which is true if it is given. */
    public Value<Boolean> flag(String name, String... description) {
        Value<Boolean> value = new Value<>();
        add(value, OptionSpec.builder(name).type(Boolean.class).arity("0").description(description));
        return value;
    }

    /** Adds an option for a constant of an enum, by its name in lower case with hyphens. */
    public <E extends Enum<E>> Value<E> constant(String name, String label, Class<E> type, String... description) {
        Value<E> value = new Value<>();
        // Program registers the converter of each enum type.
        add(value, OptionSpec.builder(name).paramLabel(label).type(type).description(description));
        return value;
    }

    private <T> void add(Value<T> value, OptionSpec.Builder option) {
        spec.addOption(option.setter(new ISetter() {
                    @Override
                    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // picocli's signature
                    public <V> @Nullable V set(V given) {
                        V before = (V) value.given;
                        value.given = (T) given;
                        return before;
                    }
                })
                .build());
    }

    /** Adds an option for a whole number of at least 1. */
    public Value<Integer> count(String name, String label, String... description) {
        return add(name, label, Integer.class, new PositiveConverter(), description);
    }

    /** Adds an option for a length of time, such as {@code 30s}. */
    public Value<Duration> period(String name, String... description) {
        return add(name, "TIME", Duration.class, new PeriodConverter(), description);
    }

    /** Adds an option for a file. */
    public Value<Path> file(String name, String... description) {
        return add(name, "FILE", Path.class, Path::of, description);
    }

    /** Adds an option for text. */
    public Value<String> text(String name, String label, String... description) {
        return add(name, label, String.class, text -> text, description);
    }
}
