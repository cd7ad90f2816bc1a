package io.github.ttt4rec.serve.store;

import java.util.List;

/**
 * The result of applying retention to some users.
 *
 * @param last the number of the last user checked; {@link Long#MAX_VALUE} if no user is left
 * @param forgotten the users forgotten
 * @param removedEvents the number of events removed because users had more than the maximum
 */
public record Swept(long last, List<String> forgotten, long removedEvents) {}
