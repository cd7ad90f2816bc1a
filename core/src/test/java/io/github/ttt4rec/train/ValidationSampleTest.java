package io.github.ttt4rec.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.Split.Part;
import io.github.ttt4rec.data.SplitSpec;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ValidationSampleTest {
    private final Split split = SplitSpec.defaults().apply(PatternLog.pattern(1, 200, 30, 0.1));

    private static int cases(Split of, int user) {
        return of.to(Part.VALIDATION, user) - of.from(Part.VALIDATION, user);
    }

    @Test
    void hasWholeUsersAndHardlyMoreCasesThanAskedFor() {
        long all = split.cases(Part.VALIDATION);
        int asked = (int) all / 3;
        Split sample = ValidationSample.of(split, asked);
        int users = split.data().userCount();
        int largest = IntStream.range(0, users).map(u -> cases(split, u)).max().orElseThrow();
        assertThat(sample.cases(Part.VALIDATION)).isBetween((long) asked, asked + largest - 1L);
        for (int user = 0; user < users; user++) {
            assertThat(cases(sample, user)).isIn(0, cases(split, user));
            if (cases(sample, user) > 0) {
                assertThat(sample.from(Part.VALIDATION, user)).isEqualTo(split.from(Part.VALIDATION, user));
            }
        }
        assertThat(ValidationSample.of(split, asked).validStart()).isEqualTo(sample.validStart());
    }

    @Test
    void isAllWhereThereAreNoMore() {
        assertThat(ValidationSample.of(split, 0)).isSameAs(split);
        assertThat(ValidationSample.of(split, (int) split.cases(Part.VALIDATION)))
                .isSameAs(split);
    }
}
