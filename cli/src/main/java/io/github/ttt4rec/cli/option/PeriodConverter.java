package io.github.ttt4rec.cli.option;

import io.github.ttt4rec.console.TimeSpans;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a length of time such as {@code 90d}, {@code 36h}, {@code 10m} or {@code 30s}. */
public final class PeriodConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        try {
            return TimeSpans.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }
}
