package io.github.ttt4rec.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.read.Datasets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EventsInMemoryTest {
    private static final Instant NOON = Instant.parse("2025-01-31T12:00:00Z");
    private static final long NOON_MICROS = 1_738_324_800_000_000L;
    private static final PrepareOptions ALL = PrepareOptions.keepAll();

    private static Interaction at(String user, String item, long microsAfterNoon) {
        return new Interaction(user, item, NOON.plusNanos(1000 * microsAfterNoon));
    }

    @Test
    void eventsWithTimesAreSortedToTheMicrosecond() {
        Dataset data = Datasets.of(List.of(at("ann", "hat", 2), at("bob", "bag", 0), at("ann", "bag", 1)), ALL);
        assertThat(data.hasTimes()).isTrue();
        assertThat(Event.of(data))
                .containsExactly(
                        new Event("ann", "bag", NOON_MICROS + 1),
                        new Event("ann", "hat", NOON_MICROS + 2),
                        new Event("bob", "bag", NOON_MICROS));
    }

    @Test
    void eventsWithoutTimesKeepTheirOrder() {
        List<Interaction> events = Stream.of("hat", "bag", "hat")
                .map(item -> new Interaction(" ann ", item))
                .toList();
        Dataset data = Datasets.of(events, ALL);
        assertThat(data.hasTimes()).isFalse();
        assertThat(Event.of(data))
                .containsExactly(new Event("ann", "hat", 0), new Event("ann", "bag", 1), new Event("ann", "hat", 2));
    }

    @Test
    void timesBefore1970AreTimes() {
        Dataset data =
                Datasets.of(List.of(new Interaction("ann", "hat", Instant.parse("1969-12-31T23:59:59.999999Z"))), ALL);
        assertThat(data.times()).containsExactly(-1);
        assertThat(new EventTime(data.times()[0], data.hasTimes())).hasToString("1969-12-31 23:59:59.999999");
    }

    @Test
    void sourceIsKnownByTheEvents() {
        DataSource source = Datasets.of(List.of(at("ann", "hat", 0)), ALL).source();
        assertThat(Datasets.of(List.of(at("ann", "hat", 0)), ALL).source()).isEqualTo(source);
        assertThat(Datasets.of(List.of(at("ann", "hat", 1)), ALL).source().sha256())
                .isNotEqualTo(source.sha256());
        assertThat(Datasets.of(List.of(at("annh", "at", 0)), ALL).source().sha256())
                .isNotEqualTo(source.sha256());
    }

    @Test
    void badEventsAreRefusedByTheirNumber() {
        refused("event 2: as item, the id is empty", List.of(at("ann", "hat", 0), at("ann", " ", 0)));
        refused("event 1: as user, unpaired surrogate", List.of(at("\uD800", "hat", 0)));
        refused("event 2: it has no time", List.of(at("ann", "hat", 0), new Interaction("ann", "hat")));
        refused("event 2: it has a time", List.of(new Interaction("ann", "hat"), at("ann", "hat", 0)));
        refused("there are no events", List.of());
        refused("event 1: the time", List.of(new Interaction("ann", "hat", Instant.MAX)));
    }

    private static void refused(String message, List<Interaction> events) {
        assertThatThrownBy(() -> Datasets.of(events, ALL))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining(message);
    }
}
