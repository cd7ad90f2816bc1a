package io.github.ttt4rec.lab.parity;

import io.github.ttt4rec.baseline.Mamba4Rec;

/** Reference files of Mamba4Rec. */
final class Mamba4RecReference implements ReferenceModel {
    @Override
    public String type() {
        return "mamba4rec";
    }

    @Override
    public Mamba4Rec.Config config(ReferenceConfig config) {
        return new Mamba4Rec.Config(
                config.wholeNumber("num_layers"),
                config.wholeNumber("hidden_size"),
                config.wholeNumber("d_state"),
                config.wholeNumber("d_conv"),
                config.wholeNumber("expand"),
                config.number("dropout_prob"));
    }
}
