package io.github.ttt4rec.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.Split.Part;
import io.github.ttt4rec.data.SplitSpec;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SplitSampleTest {
    private static final long SEED = 20;

    private final Split split = SplitSpec.defaults().apply(PatternLog.pattern(1, 200, 30, 0.1));

    private static int cases(Split of, Part part, int user) {
        return of.to(part, user) - of.from(part, user);
    }

    @ParameterizedTest
    @EnumSource(
            value = Part.class,
            names = {"VALIDATION", "TEST"})
    void sampleHasWholeUsersAndHardlyMoreCasesThanAskedFor(Part part) {
        long all = split.cases(part);
        long asked = all / 3;
        Split sample = split.sample(part, asked, SEED);
        int users = split.data().userCount();
        int largest =
                IntStream.range(0, users).map(u -> cases(split, part, u)).max().orElseThrow();
        assertThat(sample.cases(part)).isBetween(asked, asked + largest - 1L);
        for (int user = 0; user < users; user++) {
            assertThat(cases(sample, part, user)).isIn(0, cases(split, part, user));
            if (cases(sample, part, user) > 0) {
                assertThat(sample.from(part, user)).isEqualTo(split.from(part, user));
            }
        }
        Split again = split.sample(part, asked, SEED);
        assertThat(again.validStart()).isEqualTo(sample.validStart());
        assertThat(again.testStart()).isEqualTo(sample.testStart());
        Split other = split.sample(part, asked, SEED + 1);
        assertThat(part == Part.TEST ? other.testStart() : other.validStart())
                .isNotEqualTo(part == Part.TEST ? sample.testStart() : sample.validStart());
    }

    @Test
    void sampleOfNoFewerCasesIsTheSplitItself() {
        assertThat(split.sample(Part.VALIDATION, split.cases(Part.VALIDATION), SEED))
                .isSameAs(split);
        assertThat(split.sample(Part.TEST, Long.MAX_VALUE, SEED)).isSameAs(split);
    }

    @Test
    void trainingCasesHaveNoSample() {
        assertThatThrownBy(() -> split.sample(Part.TRAIN, 1, SEED)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> split.sample(Part.TEST, 0, SEED)).isInstanceOf(IllegalArgumentException.class);
    }
}
