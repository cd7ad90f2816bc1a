package io.github.ttt4rec.terminal.option;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.EventRoles;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Checks the rules of {@code --types}, so that a mistake in them is one of usage. */
public final class TypesConverter implements ITypeConverter<String> {
    private static final String PREFIX = "--types: ";

    @Override
    public String convert(String text) {
        try {
            EventRoles.parse(text);
        } catch (UserFacingException wrong) {
            String message = String.valueOf(wrong.getMessage());
            throw new TypeConversionException(
                    message.startsWith(PREFIX) ? message.substring(PREFIX.length()) : message);
        }
        return text;
    }
}
