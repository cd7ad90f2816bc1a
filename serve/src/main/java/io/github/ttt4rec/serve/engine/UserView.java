package io.github.ttt4rec.serve.engine;

import java.util.List;

/**
 * The stored data of a user.
 *
 * @param user the id
 * @param events the number of events ever accepted, those no longer kept included
 * @param modelVersion the model that the losses are of
 * @param history the events kept, oldest first
 */
public record UserView(String user, long events, String modelVersion, List<SeenItem> history) {}
