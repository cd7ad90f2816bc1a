package io.github.ttt4rec.cli.command;

import io.github.ttt4rec.serve.engine.CatalogueUpdates;
import io.github.ttt4rec.terminal.option.PeriodConverter;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses {@code off}, {@code each-event} or a period such as {@code 15m}. */
final class CatalogueUpdatesConverter implements ITypeConverter<CatalogueUpdates> {
    @Override
    public CatalogueUpdates convert(String text) {
        return switch (text) {
            case "off" -> CatalogueUpdates.OFF;
            case "each-event" -> CatalogueUpdates.EACH_EVENT;
            default -> period(text);
        };
    }

    private static CatalogueUpdates period(String text) {
        try {
            return CatalogueUpdates.every(new PeriodConverter().convert(text));
        } catch (TypeConversionException notOne) {
            throw new TypeConversionException("'" + text + "' is not off, each-event or a period such as 15m");
        } catch (IllegalArgumentException tooShort) {
            throw new TypeConversionException(String.valueOf(tooShort.getMessage()));
        }
    }
}
