package io.github.ttt4rec.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimeSpansTest {
    @Test
    void readsSecondsMinutesHoursAndDays() {
        assertThat(TimeSpans.parse("30s")).isEqualTo(Duration.ofSeconds(30));
        assertThat(TimeSpans.parse("10m")).isEqualTo(Duration.ofMinutes(10));
        assertThat(TimeSpans.parse("36h")).isEqualTo(Duration.ofHours(36));
        assertThat(TimeSpans.parse("90d")).isEqualTo(Duration.ofDays(90));
        assertThat(TimeSpans.parse("999999d")).isEqualTo(Duration.ofDays(999_999));
    }

    @Test
    void saysWhatIsNone() {
        for (String text : new String[] {"", "10", "s", "-1s", "1.5h", "1000000s", "10 m", "10M"}) {
            assertThatThrownBy(() -> TimeSpans.parse(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("'" + text + "' is not a length of time such as 30s, 10m, 36h or 90d");
        }
    }
}
