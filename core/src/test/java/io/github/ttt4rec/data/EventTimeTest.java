package io.github.ttt4rec.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.read.TimeParser;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventTimeTest {
    private static final long NOON = 1_738_324_800_000_000L;

    @ParameterizedTest
    @CsvSource({
        "1738324800, 0",
        "1738324800.25, 250000",
        "1738324800000, 0",
        "1738324800000001, 1",
        "1738324800000001999, 1",
        "2025-01-31T13:00:00+01:00, 0",
        "2025-01-31 12:00, 0",
        "2025-01-31T12:00:00.000001999Z, 1",
        "2025-01-31T12:00:00.123456789Z, 123456",
        "202501311200, 0"
    })
    void timeOnItsOwnIsReadByTheRulesOfLogs(String text, long after) {
        assertThat(TimeParser.micros(text)).isEqualTo(NOON + after);
    }

    @Test
    void numbersWithSeveralReadingsAreRefusedWithAllOfThem() {
        refused("1401042225", "epoch seconds, 2014-05-25", "yyMMddHHmm, 2014-01-04 22:25:00", "ISO-8601");
        refused("12", "no time of 1994 to 2099");
        refused("yesterday", "is not a time", "ISO-8601");
        refused("", "empty");
    }

    @Test
    void refusalNamesNoOptionOfLogs() {
        for (String text : List.of("04.01.2014", "22:25:00", "yesterday", "1401042225", "12")) {
            assertThatThrownBy(() -> TimeParser.micros(text))
                    .message()
                    .doesNotContain("--")
                    .contains("ISO-8601");
        }
    }

    private static void refused(String text, String... parts) {
        assertThatThrownBy(() -> TimeParser.micros(text))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContainingAll(parts);
    }
}
