package io.github.ttt4rec.cli.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CoresTest {
    @Test
    void firstCoreOfAListIsLeftOut() {
        assertThat(Cores.allButFirst("0-1")).containsExactly("1");
        assertThat(Cores.allButFirst("2,4-6,9")).containsExactly("4", "5", "6", "9");
        assertThat(Cores.allButFirst("3")).isEmpty();
    }
}
