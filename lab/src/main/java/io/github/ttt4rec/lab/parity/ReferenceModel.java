package io.github.ttt4rec.lab.parity;

import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.recommend.NetworkConfig;

/** How reference files of one kind of model are read. A new kind is one class and one entry in {@link Parity}'s list. */
interface ReferenceModel {
    /** The entry {@code model} of the files' configuration. */
    String type();

    /** The model's configuration; throws {@link IllegalArgumentException} if a value is wrong. */
    NetworkConfig config(ReferenceConfig config);

    /**
     * Compares the model, which has the file's parameters, with all that the file holds. As it stands, for files whose loss
     * is that of each row's last position.
     */
    default void compare(Comparison comparison, SequenceModel model) {
        LastPosition.compare(comparison, model);
    }
}
