package io.github.ttt4rec.serve.engine;

import java.util.List;

/**
 * The stored data of a user.
 *
 * @param user the id
 * @param events the number of events accepted so far, those no longer kept included
 * @param modelVersion the version of the model that computed the losses
 * @param history the kept events, oldest first
 */
public record UserView(String user, long events, String modelVersion, List<SeenItem> history) {}
