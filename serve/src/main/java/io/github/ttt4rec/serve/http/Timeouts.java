package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.internal.Ranges;
import java.time.Duration;

/**
 * How long the server waits for its clients.
 *
 * @param request for a request to arrive in full, counted from its first byte, and for its answer to be taken
 * @param idle how long a connection may wait for its next request
 * @param stop for requests under way to end when the server stops
 */
public record Timeouts(Duration request, Duration idle, Duration stop) {
    /** Checks the durations. */
    public Timeouts {
        Ranges.require(request.isPositive(), "request_time must be more than 0");
        Ranges.require(idle.isPositive(), "idle_time must be more than 0");
        Ranges.require(!stop.isNegative(), "stop_time must not be negative");
    }

    /** 8 s for a request, so that every request has an answer within 10 s even on a busy machine; 60 s between requests, 10 s for stopping. */
    public static Timeouts defaults() {
        return new Timeouts(Duration.ofSeconds(8), Duration.ofSeconds(60), Duration.ofSeconds(10));
    }
}
