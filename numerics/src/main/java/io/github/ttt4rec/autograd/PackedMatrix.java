package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;
import io.github.ttt4rec.kernels.Matrix;

/**
 * A weight matrix W {@code (out, in)}, transposed and divided into panels of {@value #PANEL} outputs, so that
 * {@code x·Wᵀ} reads memory sequentially: panel j holds, input by input, the weights of outputs
 * {@code 64j .. 64j + 63}. A panel takes 16 KB at d = 64 and stays in L1 while all rows of x are multiplied by it. The
 * matrix is packed again after each training step, which costs little compared with a product.
 */
public final class PackedMatrix {
    /** The number of outputs per panel: four 512-bit vectors. */
    public static final int PANEL = 64;

    private static final Kernels KERNELS = Kernels.active();

    private final int out;
    private final int in;
    private final float[] panels;

    PackedMatrix(int out, int in) {
        this.out = out;
        this.in = in;
        this.panels = new float[(out + PANEL - 1) / PANEL * PANEL * in];
    }

    /** The number of panels. */
    public int panelCount() {
        return (out + PANEL - 1) / PANEL;
    }

    /** Packs panels {@code first .. last − 1} of w. */
    public void pack(float[] w, int first, int last) {
        for (int o = first * PANEL; o < Math.min(last * PANEL, out); o++) {
            int to = o / PANEL * PANEL * in + o % PANEL;
            for (int i = 0; i < in; i++, to += PANEL) {
                panels[to] = w[o * in + i];
            }
        }
    }

    /**
     * Computes {@code y = x·Wᵀ}, or {@code y += x·Wᵀ}: x {@code (rows, in)} with adjacent rows, y {@code (rows, out)}
     * with rows {@code yRow} apart.
     */
    public void multiply(int rows, float[] x, int xOffset, float[] y, int yOffset, int yRow, boolean accumulate) {
        for (int panel = 0; panel < panelCount(); panel++) {
            multiplyPanel(panel, rows, x, xOffset, y, yOffset + panel * PANEL, yRow, accumulate);
        }
    }

    /** Computes only the outputs of one panel; y's offset is that of the panel's first output. */
    public void multiplyPanel(
            int panel, int rows, float[] x, int xOffset, float[] y, int yOffset, int yRow, boolean accumulate) {
        int outputs = Math.min(PANEL, out - panel * PANEL);
        multiplyPanel(panel, outputs, rows, Matrix.of(x, xOffset, in), Matrix.of(y, yOffset, yRow), accumulate);
    }

    /** Computes only the first {@code outputs} outputs of one panel: x {@code (rows, in)}, y {@code (rows, outputs)}. */
    void multiplyPanel(int panel, int outputs, int rows, Matrix x, Matrix y, boolean accumulate) {
        KERNELS.gemm(rows, outputs, in, x, Matrix.of(panels, panel * PANEL * in, PANEL), y, accumulate);
    }
}
