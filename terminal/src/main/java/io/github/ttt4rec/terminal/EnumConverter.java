package io.github.ttt4rec.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.TypeConversionException;

/**
 * Converts the name of an enum constant, in any case and with {@code -} for {@code _}. Picocli's own converter lists
 * the constants in capitals and with underscores in its message, unlike the help.
 */
final class EnumConverter implements ITypeConverter<Object> {
    private final List<Enum<?>> constants = new ArrayList<>();

    private EnumConverter(Class<?> type) {
        for (Object constant : type.getEnumConstants()) {
            constants.add((Enum<?>) constant);
        }
    }

    /**
     * Registers a converter for each enum type of the options and parameters of {@code commandLine} and its
     * subcommands.
     */
    static void register(CommandLine commandLine) {
        for (ArgSpec argument : commandLine.getCommandSpec().args()) {
            for (Class<?> type : argument.auxiliaryTypes()) {
                if (type.isEnum()) {
                    register(commandLine, type);
                }
            }
        }
        commandLine.getSubcommands().values().forEach(EnumConverter::register);
    }

    private static <E> void register(CommandLine commandLine, Class<E> type) {
        EnumConverter converter = new EnumConverter(type);
        commandLine.registerConverter(type, word -> type.cast(converter.convert(word)));
    }

    @Override
    public Object convert(String word) {
        for (Enum<?> constant : constants) {
            if (word(constant).equals(word.toLowerCase(Locale.ROOT).replace('_', '-'))) {
                return constant;
            }
        }
        List<String> words = constants.stream().map(EnumConverter::word).toList();
        int last = words.size() - 1;
        throw new TypeConversionException("'" + word + "' is not "
                + (last == 0 ? "" : String.join(", ", words.subList(0, last)) + " or ") + words.get(last));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
