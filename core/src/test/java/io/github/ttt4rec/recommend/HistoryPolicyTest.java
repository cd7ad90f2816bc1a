package io.github.ttt4rec.recommend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.baseline.SasRec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Compares each policy with its stated rule, event by event. */
class HistoryPolicyTest {
    private static final int LENGTH = 4;

    @Test
    void hopCarriesToTwiceTheLengthThenRebuildsFromTheLast() {
        int start = 0;
        for (int n = 1; n < 50; n++) {
            if (n - start == 2 * LENGTH) {
                start = n - LENGTH;
            }
            assertThat(HistoryPolicy.HOP.start(n, LENGTH)).as("%d items", n).isEqualTo(start);
        }
    }

    @Test
    void resetStartsFromNothingAfterEveryLength() {
        int start = 0;
        for (int n = 1; n < 50; n++) {
            if (n - start > LENGTH) {
                start = n - 1;
            }
            assertThat(HistoryPolicy.RESET.start(n, LENGTH)).as("%d items", n).isEqualTo(start);
        }
    }

    @ParameterizedTest
    @EnumSource
    void noPolicyForgetsWithinTheLength(HistoryPolicy policy) {
        for (int n = 0; n <= LENGTH; n++) {
            assertThat(policy.start(n, LENGTH)).isZero();
        }
        for (int n = 1; n < 100; n++) {
            assertThat(policy.start(n, LENGTH)).isBetween(policy.start(n - 1, LENGTH), n - 1);
        }
    }

    @Test
    void modelWithPositionsCannotReadMore() {
        var model = new SasRec.Config(1, 1, 8, 16, 0, 0, LENGTH).create(10);
        SequenceRecommender recommender = new SequenceRecommender(model, LENGTH);
        assertThat(recommender.supports(HistoryPolicy.HOP)).isFalse();
        assertThatThrownBy(() -> recommender.withPolicy(HistoryPolicy.HOP))
                .isInstanceOf(UserFacingException.class)
                .hasMessage("history policy hop reads up to 7 items, but the model knows 4 positions");
        assertThat(recommender.refusal(HistoryPolicy.UNBOUNDED))
                .hasValueSatisfying(reason -> assertThat(reason).contains("reads any number of items"));
        assertThat(recommender.withPolicy(HistoryPolicy.RESET).itemCount()).isEqualTo(10);
    }

    @Test
    void longestHistoryIsTheMostThatIsRead() {
        for (HistoryPolicy policy : HistoryPolicy.values()) {
            int longest = 0;
            for (int n = 0; n < 100; n++) {
                longest = Math.max(longest, n - policy.start(n, LENGTH));
            }
            assertThat(policy.longest(LENGTH)).isEqualTo(policy == HistoryPolicy.UNBOUNDED ? Long.MAX_VALUE : longest);
        }
    }
}
