package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.internal.Ranges;
import java.time.Duration;

/**
 * The server's time limits for clients.
 *
 * @param request the time for a complete request to arrive, from its first byte, and for the client to receive the
 *     answer
 * @param idle the time that a connection may be idle between requests
 * @param stop the time for requests in progress to finish when the server stops
 */
public record Timeouts(Duration request, Duration idle, Duration stop) {
    /** Validates the durations. */
    public Timeouts {
        Ranges.require(request.isPositive(), "request_time must be more than 0");
        Ranges.require(idle.isPositive(), "idle_time must be more than 0");
        Ranges.require(!stop.isNegative(), "stop_time must not be negative");
    }

    /**
     * The defaults: 8 s for a request, so that every request is answered within 10 s even on a busy machine; 60 s
     * between requests; 10 s for stopping.
     */
    public static Timeouts defaults() {
        return new Timeouts(Duration.ofSeconds(8), Duration.ofSeconds(60), Duration.ofSeconds(10));
    }
}
