package io.github.ttt4rec.api;

import io.github.ttt4rec.baseline.Bert4RecConfig;
import io.github.ttt4rec.baseline.FactorisedMarkovChain;
import io.github.ttt4rec.baseline.Gru4RecConfig;
import io.github.ttt4rec.baseline.Mamba4RecConfig;
import io.github.ttt4rec.baseline.NarmConfig;
import io.github.ttt4rec.baseline.SasRecConfig;
import io.github.ttt4rec.recommend.NetworkConfig;
import io.github.ttt4rec.ttt.TttConfig;
import java.util.List;
import java.util.Optional;

/** The networks that can be trained. A new one is its class with its configuration record, and a line here. */
public final class ModelTypes {
    private static final List<NetworkConfig> DEFAULTS = List.of(
            TttConfig.defaults(),
            Gru4RecConfig.defaults(),
            NarmConfig.defaults(),
            SasRecConfig.defaults(),
            Bert4RecConfig.defaults(),
            Mamba4RecConfig.defaults(),
            FactorisedMarkovChain.Config.defaults());

    private ModelTypes() {}

    /** Their names, as {@code model.type} takes them. */
    public static List<String> names() {
        return DEFAULTS.stream().map(NetworkConfig::type).toList();
    }

    /** The published defaults of a type of model; empty for a type that does not exist. */
    public static Optional<NetworkConfig> defaults(String type) {
        return DEFAULTS.stream().filter(config -> config.type().equals(type)).findFirst();
    }
}
