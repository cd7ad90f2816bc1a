package io.github.ttt4rec.flink.state;

import io.github.ttt4rec.recommend.ItemFilter;
import org.jspecify.annotations.Nullable;

/**
 * A request for recommendations for a user.
 *
 * @param user the user's id
 * @param requestId an id that the recommendations repeat
 * @param k the number of items
 * @param filter the items that may be recommended
 */
public record UserRequest(String user, @Nullable String requestId, int k, ItemFilter filter) implements Input {}
