package io.github.ttt4rec.baseline;

import io.github.ttt4rec.internal.Ranges;
import io.github.ttt4rec.recommend.NetworkConfig;

/**
 * The settings of a Mamba4Rec model. Names are the published code's.
 *
 * @param numLayers Mamba layers; with more than one, each has a residual connection
 * @param hiddenSize d
 * @param dState hidden states of each channel
 * @param dConv width of the causal convolution
 * @param expand channels for each hidden unit
 * @param dropout rate on the embedding and on each part's output
 */
public record Mamba4RecConfig(int numLayers, int hiddenSize, int dState, int dConv, int expand, double dropout)
        implements NetworkConfig {

    /** Checks the ranges. */
    public Mamba4RecConfig {
        Ranges.require(numLayers >= 1, "num_layers must be at least 1");
        Ranges.require(hiddenSize >= 1, "hidden_size must be at least 1");
        Ranges.require(dState >= 1, "d_state must be at least 1");
        Ranges.require(dConv >= 1, "d_conv must be at least 1");
        Ranges.require(expand >= 1, "expand must be at least 1");
        Ranges.requireRate(dropout, "dropout");
    }

    /** The published code's defaults. */
    public static Mamba4RecConfig defaults() {
        return new Mamba4RecConfig(1, 64, 32, 4, 2, 0.2);
    }

    @Override
    public String type() {
        return "mamba4rec";
    }

    @Override
    public Mamba4Rec create(int itemCount) {
        return new Mamba4Rec(this, itemCount);
    }

    /** The channels of the scan. */
    public int channels() {
        return expand * hiddenSize;
    }

    /** The rank of the map to the step sizes, Mamba's "auto": ⌈d/16⌉. */
    public int stepRank() {
        return (hiddenSize + 15) / 16;
    }
}
