package io.github.ttt4rec.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kernels")
class KernelProviderTest {
    /** The build runs this test with default settings, with narrow vectors and with the scalar kernels. */
    @Test
    void activeKernelsAreThoseAskedFor() {
        if (System.getProperty("ttt4rec.kernels", "auto").equals("scalar")) {
            assertThat(Kernels.active().name()).isEqualTo("scalar");
        } else {
            assertThat(Kernels.active().name()).isEqualTo("vector " + Lanes.SPECIES.vectorBitSize() + " bit");
        }
        Integer bits = Integer.getInteger("ttt4rec.vectorBits");
        if (bits != null) {
            assertThat(Lanes.SPECIES.vectorBitSize()).isEqualTo(bits);
        }
    }
}
