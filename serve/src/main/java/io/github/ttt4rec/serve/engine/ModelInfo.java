package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.recommend.HistoryPolicy;
import java.time.Instant;
import java.util.List;

/**
 * The model in use.
 *
 * @param version its hash, of weights and catalogue
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
        List<String> leftOut) {}
