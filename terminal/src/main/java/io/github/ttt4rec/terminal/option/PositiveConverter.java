package io.github.ttt4rec.terminal.option;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses a whole number of at least 1. */
public final class PositiveConverter implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < 1) {
            throw new TypeConversionException("'" + text + "' is not a whole number of at least 1");
        }
        return Integer.valueOf(text);
    }
}
