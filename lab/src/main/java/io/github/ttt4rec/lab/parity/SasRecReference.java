package io.github.ttt4rec.lab.parity;

import io.github.ttt4rec.baseline.SasRec;

/** Reference files of SASRec. */
final class SasRecReference implements ReferenceModel {
    @Override
    public String type() {
        return "sasrec";
    }

    @Override
    public SasRec.Config config(ReferenceConfig config) {
        return new SasRec.Config(
                config.wholeNumber("n_layers"),
                config.wholeNumber("n_heads"),
                config.wholeNumber("hidden_size"),
                config.wholeNumber("inner_size"),
                config.number("hidden_dropout_prob"),
                config.number("attn_dropout_prob"),
                config.wholeNumber("max_len"));
    }
}
