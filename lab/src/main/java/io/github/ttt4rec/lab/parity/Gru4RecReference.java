package io.github.ttt4rec.lab.parity;

import io.github.ttt4rec.baseline.Gru4Rec;

/** Reference files of GRU4Rec. */
final class Gru4RecReference implements ReferenceModel {
    @Override
    public String type() {
        return "gru4rec";
    }

    @Override
    public Gru4Rec.Config config(ReferenceConfig config) {
        return new Gru4Rec.Config(
                config.wholeNumber("embedding_size"),
                config.wholeNumber("hidden_size"),
                config.wholeNumber("num_layers"),
                config.number("dropout_prob"));
    }
}
