package io.github.ttt4rec.terminal.option;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses a duration of up to six digits and a unit, such as {@code 90d}, {@code 36h}, {@code 10m} or {@code 30s}. */
public final class PeriodConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        if (!text.matches("[0-9]{1,6}[smhd]")) {
            throw new TypeConversionException("'" + text + "' is not a length of time such as 30s, 10m, 36h or 90d");
        }
        return Duration.parse(text.endsWith("d") ? "P" + text : "PT" + text);
    }
}
