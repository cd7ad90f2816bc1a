package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.recommend.HistoryPolicy;
import java.time.Instant;
import java.util.List;

/**
 * The model in use.
 *
 * @param version its hash, of weights and catalogue, before its catalogue was counted anew
 * @param type the network, such as {@code ttt4rec}
 * @param items the size of the catalogue, added items included
 * @param loadedAt when it was taken into use
 * @param policy which part of a long history it reads
 * @param adaptive whether it has fast weights that learn, so that {@link Engine#recommendFrozen} has something to show
 * @param addedItems items that were added to its catalogue since it was trained
 * @param leftOut items added to an earlier model that this one lacks and that could not be added again, as it knows none of
 *     the similar items
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

    /** The same after its catalogue was counted anew, with more items at its end. */
    ModelInfo counted(int allItems, List<String> allAdded) {
        return new ModelInfo(version, type, allItems, loadedAt, policy, adaptive, allAdded, leftOut);
    }
}
