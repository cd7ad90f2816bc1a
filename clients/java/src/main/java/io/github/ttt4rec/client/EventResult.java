package io.github.ttt4rec.client;

import org.jspecify.annotations.Nullable;

/**
 * The server's result for one event.
 *
 * @param status {@code accepted}, {@code accepted_unknown_item}, {@code duplicate} or {@code rejected}
 * @param position the event's position among the user's events, from 0; −1 if it was rejected
 * @param error the reason if it was rejected; null otherwise
 */
public record EventResult(
        String status, long position, @Nullable String error) {}
