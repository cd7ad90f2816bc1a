package io.github.ttt4rec.baseline;

import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.model.SequenceModel;

/**
 * A network whose item embedding serves as both its input and its output table.
 *
 * @param <C> its settings
 */
abstract class Baseline<C> implements SequenceModel {
    final ParameterSet parameters = new ParameterSet();
    private final C config;

    Baseline(C config) {
        this.config = config;
    }

    /** The item embedding {@code (V + 1, d)}, with further rows if the network has tokens that are not items. */
    abstract Parameter itemEmbedding();

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
