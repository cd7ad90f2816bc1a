package io.github.ttt4rec.data.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.data.EpochUnit;
import io.github.ttt4rec.data.internal.IsoTime;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeParserTest {
    @ParameterizedTest
    @CsvSource({
        "2011-10-31, 2011-10-31T00:00:00Z",
        "2011/10/31, 2011-10-31T00:00:00Z",
        "2011-10-31 17:05, 2011-10-31T17:05:00Z",
        "2011-10-31T17:05:09, 2011-10-31T17:05:09Z",
        "2011-10-31 17:05:09.5, 2011-10-31T17:05:09.5Z",
        "2011-10-31 17:05:09.1234567, 2011-10-31T17:05:09.123456Z",
        "2011-10-31T17:05:09Z, 2011-10-31T17:05:09Z",
        "2011-10-31T17:05:09+02:00, 2011-10-31T15:05:09Z",
        "2011-10-31T17:05+0530, 2011-10-31T11:35:00Z",
        "2011-10-31 17:05:09 UTC, 2011-10-31T17:05:09Z",
        "2011-10-31 17:05:09.25-08, 2011-11-01T01:05:09.25Z",
        "1969-12-31T23:59:59.999Z, 1969-12-31T23:59:59.999Z"
    })
    void isoVariantsAreParsed(String text, String instant) {
        assertThat(IsoTime.parse(text)).isEqualTo(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(instant)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2011",
                "2011-10",
                "2011-13-01",
                "2011-02-30",
                "2011-10-31T",
                "2011-10-31T17",
                "2011-10-31 25:00",
                "2011-10-31 17:05:",
                "2011-10-31 17:05:61",
                "2011-10-31 17:05:09.",
                "2011-10-31 17:05 later",
                "31-10-2011",
                "2011-10/31",
                "2011-1a-31",
                "2011-10-31x17:05"
            })
    void textThatIsNoTimeIsRefused(String text) {
        assertThat(IsoTime.parse(text)).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void isoParsingAgreesWithJavaTime() {
        Random random = new Random(8);
        for (int i = 0; i < 2000; i++) {
            LocalDateTime local = LocalDateTime.ofEpochSecond(
                            random.nextLong(-5_000_000_000L, 9_000_000_000L), 0, ZoneOffset.UTC)
                    .plusNanos(1000L * random.nextInt(1_000_000));
            OffsetDateTime time = local.atOffset(ZoneOffset.ofTotalSeconds(60 * random.nextInt(-600, 600)));
            assertThat(IsoTime.parse(time.toString()))
                    .as(time.toString())
                    .isEqualTo(ChronoUnit.MICROS.between(Instant.EPOCH, time.toInstant()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "17, 17",
        "1237098406, 1237098406000000",
        "1237098406.125, 1237098406125000",
        "1237098406.000123, 1237098406000123",
        "1.237098406E9, 1237098406000000",
        "1237098406123, 1237098406123000",
        "1237098406123.25, 1237098406123250",
        "1237098406123456, 1237098406123456",
        "1237098406123456789, 1237098406123456",
        "+1237098406, 1237098406000000"
    })
    void unitIsGuessedFromPlausibleTimes(String text, long micros) {
        TimeParser parser = new TimeParser(EpochUnit.AUTO, null, new LongColumn());
        assertThat(parser.parse(text.toCharArray(), 0, text.length())).isNull();
        assertThat(parser.finish()).isNull();
        assertThat(parser.scale().toMicros().applyAsLong(parser.value())).isEqualTo(micros);
    }

    @Test
    void givenUnitIsNotGuessed() {
        TimeParser parser = new TimeParser(EpochUnit.SECONDS, null, new LongColumn());
        assertThat(parser.parse("17".toCharArray(), 0, 2)).isNull();
        assertThat(parser.finish()).isNull();
        assertThat(parser.scale().toMicros().applyAsLong(parser.value())).isEqualTo(17_000_000);
        assertThat(parser.ordinal()).isFalse();
        TimeParser ordinal = new TimeParser(EpochUnit.ORDINAL, null, new LongColumn());
        assertThat(ordinal.parse("1237098406".toCharArray(), 0, 10)).isNull();
        assertThat(ordinal.finish()).isNull();
        assertThat(ordinal.scale().toMicros().applyAsLong(ordinal.value())).isEqualTo(1_237_098_406L);
    }

    @Test
    void fractionRescalesEarlierValues() {
        LongColumn column = new LongColumn();
        TimeParser parser = new TimeParser(EpochUnit.AUTO, null, column);
        for (String text : new String[] {"1300000000", "1300000001", "1300000000.5", "1300000002"}) {
            assertThat(parser.parse(text.toCharArray(), 0, text.length())).isNull();
            column.add(parser.value());
        }
        assertThat(parser.finish()).isNull();
        long[] micros = new long[4];
        for (int i = 0; i < 4; i++) {
            micros[i] = parser.scale().toMicros().applyAsLong(column.get(i));
        }
        assertThat(micros)
                .containsExactly(
                        1_300_000_000_000_000L, 1_300_000_001_000_000L, 1_300_000_000_500_000L, 1_300_000_002_000_000L);
    }
}
