package io.github.ttt4rec.flink.state;

import io.github.ttt4rec.recommend.ItemFilter;
import org.jspecify.annotations.Nullable;

/**
 * Someone wants a list for a user.
 *
 * @param user the user's id
 * @param requestId comes back with the answer
 * @param k how many items
 * @param filter which ones
 */
public record UserRequest(String user, @Nullable String requestId, int k, ItemFilter filter) implements Input {}
