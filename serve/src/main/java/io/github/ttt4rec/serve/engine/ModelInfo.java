package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.recommend.HistoryPolicy;
import java.time.Instant;
import java.util.List;

/**
 * A description of the current model.
 *
 * @param version the hash of its weights and catalogue, before any recount of the catalogue
 * @param type the type of model, such as {@code ttt4rec}
 * @param items the size of the catalogue, added items included
 * @param loadedAt the time at which it became the current model
 * @param policy the part of a long history that it reads
 * @param adaptive whether it has fast weights that learn, which {@link Engine#recommendFrozen} needs
 * @param addedItems the number of items added to its catalogue since it was trained
 * @param leftOut the number of items that were added to an earlier model but not to this one, because it knows none of
 *     their similar items
 */
public record ModelInfo(
        String version,
        String type,
        int items,
        Instant loadedAt,
        HistoryPolicy policy,
        boolean adaptive,
        List<String> addedItems,
        List<String> leftOut) {

    static ModelInfo of(
            TrainedModel model, HistoryPolicy policy, Instant loadedAt, List<String> addedItems, List<String> leftOut) {
        return new ModelInfo(
                model.version(),
                model.config().model().type(),
                model.items().size(),
                loadedAt,
                policy,
                model.isAdaptive(),
                addedItems,
                leftOut);
    }

    /** Returns this description after a recount of the catalogue that added items. */
    ModelInfo counted(int allItems, List<String> allAdded) {
        return new ModelInfo(version, type, allItems, loadedAt, policy, adaptive, allAdded, leftOut);
    }
}
