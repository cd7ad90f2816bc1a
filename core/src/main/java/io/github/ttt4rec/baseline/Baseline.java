package io.github.ttt4rec.baseline;

import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.model.SequenceModel;

/**
 * A network that scores by the table it reads items from.
 *
 * @param <C> its settings
 */
abstract class Baseline<C> implements SequenceModel {
    final ParameterSet parameters = new ParameterSet();
    private final C config;

    Baseline(C config) {
        this.config = config;
    }

    /** The item embedding {@code (V + 1, d)}, or with more rows for tokens that are not items. */
    abstract Parameter itemEmbedding();

    /** The settings. */
    public final C config() {
        return config;
    }

    @Override
    public final ParameterSet parameters() {
        return parameters;
    }

    @Override
    public final Parameter inputTable() {
        return itemEmbedding();
    }

    @Override
    public final Parameter outputTable() {
        return itemEmbedding();
    }
}
