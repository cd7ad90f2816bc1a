package io.github.ttt4rec.hybrid;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.hybrid.OutputWeights.Term;
import java.util.List;
import org.junit.jupiter.api.Test;

class TermSetTest {
    private static final List<Term> TERMS = OutputWeights.terms(HybridConfig.defaults(), true);

    @Test
    void eachSetContainsTheOneBefore() {
        int before = 0;
        for (TermSet set : TermSet.values()) {
            List<Term> terms = TERMS.stream().filter(set::contains).toList();
            assertThat(terms).as(set.name()).hasSizeGreaterThan(before);
            for (TermSet larger : TermSet.values()) {
                assertThat(terms.stream().allMatch(larger::contains))
                        .as("%s in %s", set, larger)
                        .isEqualTo(larger.compareTo(set) >= 0);
            }
            before = terms.size();
        }
        assertThat(TERMS).hasSize(before);
    }
}
