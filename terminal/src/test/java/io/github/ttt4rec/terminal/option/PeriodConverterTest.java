package io.github.ttt4rec.terminal.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

class PeriodConverterTest {
    private final PeriodConverter converter = new PeriodConverter();

    @Test
    void secondsMinutesHoursAndDaysAreRead() {
        assertThat(converter.convert("30s")).isEqualTo(Duration.ofSeconds(30));
        assertThat(converter.convert("10m")).isEqualTo(Duration.ofMinutes(10));
        assertThat(converter.convert("36h")).isEqualTo(Duration.ofHours(36));
        assertThat(converter.convert("90d")).isEqualTo(Duration.ofDays(90));
        assertThat(converter.convert("999999d")).isEqualTo(Duration.ofDays(999_999));
    }

    @Test
    void otherTextIsRefused() {
        for (String text : new String[] {"", "10", "s", "-1s", "1.5h", "1000000s", "10 m", "10M"}) {
            assertThatThrownBy(() -> converter.convert(text))
                    .isInstanceOf(TypeConversionException.class)
                    .hasMessage("'" + text + "' is not a length of time such as 30s, 10m, 36h or 90d");
        }
    }
}
