package io.github.ttt4rec.benchmarks.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.data.Dataset;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SyntheticLogTest {
    private static final Dataset LOG = new SyntheticLog(50_000, 1000, 3).generate();

    @Test
    void logHasTheRequestedSize() {
        assertThat(LOG.eventCount()).isEqualTo(50_000);
        assertThat(LOG.itemCount()).isEqualTo(1000);
        assertThat(LOG.offsets()[LOG.userCount()]).isEqualTo(50_000);
        assertThat(50_000.0 / LOG.userCount()).as("mean length").isBetween(9.5, 10.5);
        assertThat(Arrays.stream(LOG.events())).allMatch(item -> item >= 1 && item <= 1000);
        for (int user = 0; user < LOG.userCount(); user++) {
            assertThat(LOG.length(user)).isGreaterThanOrEqualTo(user == LOG.userCount() - 1 ? 1 : 5);
            for (int at = LOG.start(user) + 1; at < LOG.offsets()[user + 1]; at++) {
                assertThat(LOG.times()[at]).isGreaterThan(LOG.times()[at - 1]);
            }
        }
    }

    @Test
    void sameSeedMakesTheSameLog() {
        Dataset again = new SyntheticLog(50_000, 1000, 3).generate();
        assertThat(again.events()).isEqualTo(LOG.events());
        assertThat(again.offsets()).isEqualTo(LOG.offsets());
        assertThat(again.times()).isEqualTo(LOG.times());
        assertThat(new SyntheticLog(50_000, 1000, 4).generate().events()).isNotEqualTo(LOG.events());
    }

    @Test
    void fewItemsHaveMostEvents() {
        int[] counts = new int[1001];
        Arrays.stream(LOG.events()).forEach(item -> counts[item]++);
        int[] sorted = Arrays.stream(counts).sorted().toArray();
        int top = Arrays.stream(sorted, 1001 - 100, 1001).sum();
        assertThat(top / 50_000.0).as("the tenth that is most popular").isBetween(0.4, 0.75);
        assertThat(Arrays.stream(counts, 1, 1001).filter(c -> c > 0).count()).isGreaterThan(900);
    }

    /**
     * With 20 topics, two events of a user share a topic by chance in one case of 20; the share above that decreases as
     * the user drifts.
     */
    @Test
    void usersStayInATopicAndDriftToOthers() {
        double near = sameTopic(1);
        double far = sameTopic(20);
        assertThat(near).isGreaterThan(0.85);
        assertThat(far).isBetween(0.2, 0.6);
    }

    private static double sameTopic(int apart) {
        int same = 0;
        int all = 0;
        for (int user = 0; user < LOG.userCount(); user++) {
            for (int p = apart; p < LOG.length(user); p++) {
                all++;
                same += (LOG.item(user, p) - LOG.item(user, p - apart)) % 20 == 0 ? 1 : 0;
            }
        }
        return (double) same / all;
    }

    @Test
    void logOfOneItemAndOneEventWorks() {
        assertThat(new SyntheticLog(1, 1, 1).generate().events()).containsExactly(1);
        assertThat(Arrays.stream(new SyntheticLog(30, 3, 1).generate().events()))
                .allMatch(item -> item >= 1 && item <= 3);
    }
}
