package io.github.ttt4rec.cli.retrain;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A schedule of retraining.
 *
 * @param at a time of day, UTC; null if {@code every} is given
 * @param every the time from one retraining to the next; null if {@code at} is given
 */
public record RetrainSchedule(
        @Nullable LocalTime at, @Nullable Duration every) {
    private static final Duration MIN = Duration.ofMinutes(1);

    /**
     * The settings of a server's retraining.
     *
     * @param schedule the schedule
     * @param models the directory of models
     * @param state the server's store
     * @param megabytes the heap of the training process, in MB
     */
    public record Job(RetrainSchedule schedule, Path models, Path state, int megabytes) {}

    /** Returns the moment of the first retraining after {@code now}, in UTC. */
    ZonedDateTime next(ZonedDateTime now) {
        ZonedDateTime utc = now.withZoneSameInstant(ZoneOffset.UTC);
        if (every != null) {
            return utc.plus(every);
        }
        ZonedDateTime today = utc.with(at == null ? LocalTime.MIDNIGHT : at);
        return today.isAfter(utc) ? today : today.plusDays(1);
    }

    /**
     * Returns the moment of a retraining that was due at {@code due}, by a clock that shows {@code now}. It is earlier than
     * {@code due} if the clock has been set back since.
     */
    ZonedDateTime due(ZonedDateTime due, ZonedDateTime now) {
        ZonedDateTime next = next(now);
        return next.isBefore(due) ? next : due;
    }

    /** Parses a schedule such as {@code 03:00}, {@code 24h}, {@code 30m} or {@code 1d}. */
    public static final class Converter implements ITypeConverter<RetrainSchedule> {
        @Override
        public RetrainSchedule convert(String text) {
            try {
                if (text.contains(":")) {
                    return new RetrainSchedule(LocalTime.parse(text), null);
                }
                String upper = text.toUpperCase(Locale.ROOT);
                Duration every = Duration.parse(upper.endsWith("D") ? "P" + upper : "PT" + upper);
                if (every.compareTo(MIN) >= 0) {
                    return new RetrainSchedule(null, every);
                }
            } catch (DateTimeParseException e) {
                // The message below says which formats are accepted.
            }
            throw new TypeConversionException("'" + text
                    + "' is not a time of day such as 03:00, or a period of at least a" + " minute such as 24h");
        }
    }
}
