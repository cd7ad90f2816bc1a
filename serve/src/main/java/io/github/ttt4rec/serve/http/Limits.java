package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.internal.Ranges;
import io.github.ttt4rec.internal.Withers;

/**
 * How much the server accepts.
 *
 * @param bodyBytes the largest body of a request
 * @param batch the most events in one request
 * @param k the most items in one answer, and the most events of one user
 * @param history the most items in a history that a request brings along
 * @param connections connections open at the same time; beyond that the server closes the oldest idle connection of the
 *     address that has most
 * @param requests requests worked on at the same time; the server answers further ones with 503
 * @param rate requests a second for each token, a second's worth at once; 0 for no limit
 * @param timeouts how long the server waits for clients
 */
@Withers
public record Limits(
        int bodyBytes, int batch, int k, int history, int connections, int requests, int rate, Timeouts timeouts)
        implements LimitsBuilder.With {
    /** Checks the numbers. */
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
