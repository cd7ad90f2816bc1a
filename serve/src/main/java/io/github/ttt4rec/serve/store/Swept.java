package io.github.ttt4rec.serve.store;

import java.util.List;

/**
 * The result of applying retention to some users.
 *
 * @param last the number of the last user looked at; {@link Long#MAX_VALUE} where there was none left
 * @param forgotten the users forgotten
 * @param removedEvents events removed of users who had more than the maximum
 */
public record Swept(long last, List<String> forgotten, long removedEvents) {}
