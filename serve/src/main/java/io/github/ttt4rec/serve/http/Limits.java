package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.Ranges;
import java.time.Duration;

/**
 * What one client may ask of the server.
 *
 * @param bodyBytes the largest body of a request
 * @param batch the most events in one request
 * @param k the most items in one answer, and the most events of one user
 * @param history the most items in a history that a request brings along
 * @param connections connections open at the same time; further ones wait until one closes
 * @param requests requests worked on at the same time; further ones are answered with 503
 * @param rate requests a second for each token, a second's worth at once; 0 for no limit
 * @param requestTime for a request to arrive in full, and for its answer to be taken
 * @param idleTime how long a connection may wait for its next request
 * @param stopTime for requests under way to end when the server stops
 */
public record Limits(
        int bodyBytes,
        int batch,
        int k,
        int history,
        int connections,
        int requests,
        int rate,
        Duration requestTime,
        Duration idleTime,
        Duration stopTime) {
    /** Checks the numbers. */
    public Limits {
        Ranges.require(bodyBytes >= 1 << 10 && bodyBytes <= 1 << 30, "body_bytes must be between 1 KiB and 1 GiB");
        Ranges.require(batch > 0, "batch must be at least 1");
        Ranges.require(k > 0, "k must be at least 1");
        Ranges.require(history > 0, "history must be at least 1");
        Ranges.require(connections > 0, "connections must be at least 1");
        Ranges.require(requests > 0, "requests must be at least 1");
        Ranges.require(rate >= 0, "rate must be 0 (no limit) or more");
        Ranges.require(requestTime.isPositive(), "request_time must be more than 0");
        Ranges.require(idleTime.isPositive(), "idle_time must be more than 0");
        Ranges.require(!stopTime.isNegative(), "stop_time must not be negative");
    }

    /** 1 MiB, 1,000 events, k of 1,000, 1,024 connections, 256 requests at once, no rate; 10 s, 60 s, 10 s. */
    public static Limits defaults() {
        return new Limits(
                1 << 20,
                1000,
                1000,
                10_000,
                1024,
                256,
                0,
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofSeconds(10));
    }
}
