package io.github.ttt4rec.serve.store;

import java.util.List;

/**
 * The items of the events kept of a user, side by side.
 *
 * @param user the store's own number of the user, which is never used again once the user is forgotten
 * @param first the position of the first event kept
 * @param items their items, oldest first
 * @param times their times in epoch microseconds, parallel to {@code items}
 */
public record History(long user, long first, List<String> items, long[] times) {
    /** The number of events ever accepted: the position of the next one. */
    public long next() {
        return first + items.size();
    }
}
