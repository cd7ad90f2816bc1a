package io.github.ttt4rec.lab.parity;

import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.recommend.NetworkConfig;

/**
 * Reads the reference files of one type of model. To add a type, write a class and add an entry to the list in
 * {@link Parity}.
 */
interface ReferenceModel {
    /** The entry {@code model} of the files' configuration. */
    String type();

    /**
     * The model's configuration.
     *
     * @throws IllegalArgumentException if a value is wrong
     */
    NetworkConfig config(ReferenceConfig config);

    /**
     * Compares the model, which has the file's parameters, with everything in the file. The default is for files whose
     * loss is that of each row's last position.
     */
    default void compare(Comparison comparison, SequenceModel model) {
        LastPosition.compare(comparison, model);
    }
}
