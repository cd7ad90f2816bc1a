package io.github.ttt4rec.model;

/** What a model is made of, and how to make it. Implementations are records: the values a configuration file may set. */
public interface ModelConfig {
    /** The kind of model, one lower-case word such as {@code ttt4rec}; a configuration file chooses a model by it. */
    String type();

    /** For people: the type and what the model is made of, on one line. */
    default String describe() {
        String components = toString();
        return type() + ": " + components.substring(components.indexOf('[') + 1, components.length() - 1);
    }

    /** A model for V = {@code itemCount} items; its parameters are zero until initialised or loaded. */
    SequenceModel create(int itemCount);
}
