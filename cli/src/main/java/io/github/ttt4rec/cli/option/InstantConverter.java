package io.github.ttt4rec.cli.option;

import java.time.DateTimeException;
import java.time.Instant;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts a date, such as {@code 2026-11-27}, or a moment, such as {@code 2026-11-27T08:00:00Z}. */
public final class InstantConverter implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String text) {
        try {
            return Instant.parse(text.contains("T") ? text : text + "T00:00:00Z");
        } catch (DateTimeException e) {
            throw new TypeConversionException(
                    "'" + text + "' is not a date such as 2026-11-27 or a moment such as 2026-11-27T08:00:00Z");
        }
    }
}
