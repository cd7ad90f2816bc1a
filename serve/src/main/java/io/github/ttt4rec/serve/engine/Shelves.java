package io.github.ttt4rec.serve.engine;

import java.util.List;

/**
 * The lists of one request.
 *
 * @param modelVersion the version of the model that made the lists
 * @param events the number of the user's events that the lists reflect, those of unknown items included
 * @param shelves the lists, in the order of the request
 */
public record Shelves(String modelVersion, long events, List<Shelf> shelves) {}
