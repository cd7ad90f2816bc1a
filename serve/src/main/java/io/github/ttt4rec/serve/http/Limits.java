package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.internal.Ranges;
import io.github.ttt4rec.internal.Withers;

/**
 * The limits of the server.
 *
 * @param bodyBytes the maximum size of a request body in bytes
 * @param batch the maximum number of events in a request
 * @param k the maximum number of items, or events of a user, in an answer
 * @param history the maximum number of items in a request's history
 * @param connections the maximum number of open connections; beyond it the server closes the oldest idle connection of
 *     the address that has the most
 * @param requests the maximum number of concurrent requests; the server answers further ones with 503
 * @param rate the maximum number of requests per second for each token, with a burst of one second's worth; 0 for no
 *     limit
 * @param timeouts how long the server waits for clients
 */
@Withers
public record Limits(
        int bodyBytes, int batch, int k, int history, int connections, int requests, int rate, Timeouts timeouts)
        implements LimitsBuilder.With {
    /** Validates the numbers. */
    public Limits {
        Ranges.require(bodyBytes >= 1 << 10 && bodyBytes <= 1 << 30, "body_bytes must be between 1 KiB and 1 GiB");
        Ranges.require(batch > 0, "batch must be at least 1");
        Ranges.require(k > 0, "k must be at least 1");
        Ranges.require(history > 0, "history must be at least 1");
        Ranges.require(connections > 0, "connections must be at least 1");
        Ranges.require(requests > 0, "requests must be at least 1");
        Ranges.require(rate >= 0, "rate must be 0 (no limit) or more");
    }

    /** 1 MiB, 1,000 events, k of 1,000, 1,024 connections, 256 requests at once, no rate, default timeouts. */
    public static Limits defaults() {
        return new Limits(1 << 20, 1000, 1000, 10_000, 1024, 256, 0, Timeouts.defaults());
    }
}
