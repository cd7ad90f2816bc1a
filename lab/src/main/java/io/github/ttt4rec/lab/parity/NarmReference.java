package io.github.ttt4rec.lab.parity;

import io.github.ttt4rec.baseline.Narm;
import java.util.List;

/** Reference files of NARM. */
final class NarmReference implements ReferenceModel {
    @Override
    public String type() {
        return "narm";
    }

    @Override
    public Narm.Config config(ReferenceConfig config) {
        List<Double> rates = config.numbers("dropout_probs", 2);
        return new Narm.Config(
                config.wholeNumber("embedding_size"),
                config.wholeNumber("hidden_size"),
                config.wholeNumber("n_layers"),
                rates.getFirst(),
                rates.getLast());
    }
}
