package io.github.ttt4rec.client;

import org.jspecify.annotations.Nullable;

/**
 * The server's answer to an event.
 *
 * @param status {@code accepted}, {@code accepted_unknown_item}, {@code duplicate} or {@code rejected}
 * @param position its place among the user's events, from 0; −1 if it is rejected
 * @param error the reason if it is rejected; null otherwise
 */
public record EventResult(
        String status, long position, @Nullable String error) {}
