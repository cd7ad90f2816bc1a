package io.github.ttt4rec.cli.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;

class RetrainScheduleTest {
    private static final ZonedDateTime EVENING = ZonedDateTime.parse("2026-11-28T22:00:00Z");
    private static final ZonedDateTime NIGHT = ZonedDateTime.parse("2026-11-29T03:00:00Z");

    private final RetrainSchedule nightly = new RetrainSchedule.Converter().convert("03:00");
    private final RetrainSchedule daily = new RetrainSchedule.Converter().convert("24h");

    @Test
    void timeOfDayIsTheNextOneInUtc() {
        assertThat(nightly.next(EVENING)).isEqualTo(NIGHT);
        assertThat(nightly.next(ZonedDateTime.parse("2026-11-29T03:59:00+01:00")))
                .isEqualTo(NIGHT);
        assertThat(nightly.next(NIGHT)).isEqualTo(NIGHT.plusDays(1));
        assertThat(daily.next(EVENING)).isEqualTo(EVENING.plusDays(1));
    }

    @Test
    void clockThatIsSetForwardDoesNotSkipARetraining() {
        assertThat(nightly.due(NIGHT, NIGHT.plusMinutes(30))).isEqualTo(NIGHT);
        assertThat(nightly.due(NIGHT, NIGHT.plusYears(1))).isEqualTo(NIGHT);
        assertThat(daily.due(NIGHT, NIGHT.plusDays(2))).isEqualTo(NIGHT);
    }

    @Test
    void clockThatIsSetBackDoesNotPutARetrainingOffForLong() {
        assertThat(nightly.due(NIGHT, NIGHT.minusHours(1))).isEqualTo(NIGHT);
        assertThat(nightly.due(NIGHT, EVENING.minusYears(1))).isEqualTo(NIGHT.minusYears(1));
        assertThat(daily.due(NIGHT, NIGHT.minusYears(1)))
                .isEqualTo(NIGHT.minusYears(1).plusDays(1));
    }
}
