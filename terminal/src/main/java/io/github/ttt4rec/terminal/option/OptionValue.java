package io.github.ttt4rec.terminal.option;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The value of an option. The factory methods add the option to a {@link CommandSpec}, which a command has in a field
 * with picocli's {@code @Mixin}, so that a group of options is a table with one row for each. Options may be left out.
 *
 * @param <T> the type of the value
 */
public final class OptionValue<T> {
    private @Nullable T given;

    private OptionValue() {}

    /**
     * Adds an option.
     *
     * @param to receives the option
     * @param name its name, such as {@code --rate}
     * @param label the name of its value in help, such as {@code N}
     * @param type the type of its value
     * @param converter parses it
     */
    public static <T> OptionValue<T> of(
            CommandSpec to,
            String name,
            String label,
            Class<T> type,
            ITypeConverter<T> converter,
            String... description) {
        return new OptionValue<T>().addTo(to, builder(name, label, type, converter, description));
    }

    /** Adds an option for a whole number of at least 1. */
    public static OptionValue<Integer> count(CommandSpec to, String name, String label, String... description) {
        return of(to, name, label, Integer.class, new PositiveConverter(), description);
    }

    /** Adds an option for a whole number of at least 1 that has a default; help shows it as {@code ${DEFAULT-VALUE}}. */
    public static OptionValue<Integer> count(
            CommandSpec to, String name, String label, int defaultValue, String... description) {
        return new OptionValue<Integer>()
                .addTo(
                        to,
                        builder(name, label, Integer.class, new PositiveConverter(), description)
                                .defaultValue(Integer.toString(defaultValue)));
    }

    /** Adds an option for a length of time, such as {@code 30s}. */
    public static OptionValue<Duration> period(CommandSpec to, String name, String... description) {
        return of(to, name, "TIME", Duration.class, new PeriodConverter(), description);
    }

    /** Adds an option for a file. */
    public static OptionValue<Path> file(CommandSpec to, String name, String... description) {
        return of(to, name, "FILE", Path.class, Path::of, description);
    }

    /** Adds an option for text. */
    public static OptionValue<String> text(CommandSpec to, String name, String label, String... description) {
        return of(to, name, label, String.class, text -> text, description);
    }

    /** Adds an option without a value, which is true if it is given. */
    public static OptionValue<Boolean> flag(CommandSpec to, String name, String... description) {
        return new OptionValue<Boolean>()
                .addTo(
                        to,
                        OptionSpec.builder(name).type(Boolean.class).arity("0").description(description));
    }

    /** Adds an option for a constant of an enum, whose converter {@code Program} registers. */
    public static <E extends Enum<E>> OptionValue<E> constant(
            CommandSpec to, String name, String label, Class<E> type, String... description) {
        return new OptionValue<E>()
                .addTo(to, OptionSpec.builder(name).paramLabel(label).type(type).description(description));
    }

    private static <T> OptionSpec.Builder builder(
            String name, String label, Class<T> type, ITypeConverter<T> converter, String... description) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .type(type)
                .converters(converter)
                .description(description);
    }

    private OptionValue<T> addTo(CommandSpec to, OptionSpec.Builder option) {
        to.addOption(option.setter(new ISetter() {
                    @Override
                    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // picocli's signature
                    public <V> @Nullable V set(V value) {
                        V before = (V) given;
                        given = (T) value;
                        return before;
                    }
                })
                .build());
        return this;
    }

    /** Returns the value of an option that was given or has a default. */
    public T value() {
        return Objects.requireNonNull(given);
    }

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
