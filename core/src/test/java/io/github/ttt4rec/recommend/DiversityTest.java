package io.github.ttt4rec.recommend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DiversityTest {
    private static final int[] ITEMS = {1, 2, 3, 4};
    private static final float[] SCORES = {10, 9, 8, 2};

    /** Items 1, 2 and 3 are identical; item 4 is different from them. */
    private static float cosine(int item, int other) {
        return item == 4 == (other == 4) ? 1 : 0;
    }

    @Test
    void strengthZeroKeepsTheOrderOfTheScores() {
        assertThat(Diversity.choose(DiversityTest::cosine, ITEMS, SCORES, 3, 0)).containsExactly(0, 1, 2);
    }

    @Test
    void strengthMovesUnlikeItemsForward() {
        // Item 2: 0.5 · 7/8 − 0.5 · 1 = −0.06; item 4: 0.5 · 0 − 0 = 0.
        assertThat(Diversity.choose(DiversityTest::cosine, ITEMS, SCORES, 3, 0.5))
                .containsExactly(0, 3, 1);
        assertThat(Diversity.choose(DiversityTest::cosine, ITEMS, SCORES, 2, 0.4))
                .containsExactly(0, 1);
    }

    @Test
    void listIsNoLongerThanTheCandidates() {
        assertThat(Diversity.choose(DiversityTest::cosine, ITEMS, SCORES, 9, 1)).containsExactlyInAnyOrder(0, 1, 2, 3);
        assertThat(Diversity.choose(DiversityTest::cosine, new int[0], new float[0], 3, 1))
                .isEmpty();
    }

    @Test
    void candidatesGrowWithTheListUpToABound() {
        assertThat(Diversity.candidates(10)).isEqualTo(50);
        assertThat(Diversity.candidates(1000)).isEqualTo(1200);
    }
}
