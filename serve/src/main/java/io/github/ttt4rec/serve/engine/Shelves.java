package io.github.ttt4rec.serve.engine;

import java.util.List;

/**
 * Several lists of one request.
 *
 * @param modelVersion the model that made them
 * @param events the number of the user's events that they reflect, those of unknown items included
 * @param shelves the lists, in the order of the request
 */
public record Shelves(String modelVersion, long events, List<Shelf> shelves) {}
