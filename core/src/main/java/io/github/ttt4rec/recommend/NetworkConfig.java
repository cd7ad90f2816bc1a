package io.github.ttt4rec.recommend;

import io.github.ttt4rec.model.SequenceModel;

/** The settings of a network and its factory. Implementations are records whose components are the configuration's keys. */
public interface NetworkConfig {
    /** The kind of model, one lower-case word such as {@code ttt4rec}; a configuration file chooses a model by it. */
    String type();

    /** The type and all settings on one line, for people. */
    default String describe() {
        String components = toString();
        return type() + ": " + components.substring(components.indexOf('[') + 1, components.length() - 1);
    }

    /** A model for V = {@code itemCount} items; its parameters are zero until initialised or loaded. */
    SequenceModel create(int itemCount);
}
