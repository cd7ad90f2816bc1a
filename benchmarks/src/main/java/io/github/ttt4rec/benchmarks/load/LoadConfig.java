package io.github.ttt4rec.benchmarks.load;

import io.github.ttt4rec.internal.Ranges;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The load to generate, and the target server.
 *
 * @param target the server
 * @param token the client token to send; null if the server needs none
 * @param rate requests per second
 * @param duration the duration of the measurement
 * @param warmup the duration of the load at the same rate before the measurement
 * @param users the number of users: {@code load-1}, {@code load-2}, ...
 * @param skew the skew of the users: user n is drawn in proportion to n<sup>-skew</sup>; 0 is uniform
 * @param eventsShare the share of requests that append an event; the others are for recommendations
 * @param k the number of recommendations per request
 * @param mix whether to load a server that has events of other users
 * @param preload the number of events to send for every user before; a second run on the same store finds them there
 * @param connections the number of connections, which bounds the requests in flight
 * @param timeout the time limit of a response, and the maximum delay with which a request may be sent
 * @param interval the time between lines of {@link LoadResult#intervals}
 * @param seed the seed of users, items and kinds of requests
 * @param queries additional parameters of requests for recommendations, such as {@code filter=price%3C30}; each request
 *     has a random one of them; empty for none
 */
public record LoadConfig(
        LoadTarget target,
        @Nullable String token,
        double rate,
        Duration duration,
        Duration warmup,
        int users,
        double skew,
        double eventsShare,
        int k,
        boolean mix,
        int preload,
        int connections,
        Duration timeout,
        Duration interval,
        long seed,
        List<String> queries) {
    /** The maximum number of events in a request, the default limit of a server. */
    static final int MAX_PRELOAD = 1000;

    /** Validates the numbers. */
    public LoadConfig {
        queries = List.copyOf(queries);
        Ranges.require(rate > 0 && rate <= 1_000_000, "rate must be above 0 and at most 1,000,000 requests a second");
        Ranges.require(duration.isPositive(), "duration must be more than 0");
        Ranges.require(duration.compareTo(Duration.ofDays(7)) <= 0, "duration must be at most 7 days");
        Ranges.require(rate * duration.toMillis() >= 1000, "rate times duration must be at least one request");
        Ranges.require(!warmup.isNegative() && warmup.compareTo(Duration.ofDays(1)) <= 0, "warmup must be 0 to 1 day");
        Ranges.require(users >= 1 && users <= 100_000_000, "users must be between 1 and 100,000,000");
        Ranges.require(skew >= 0 && skew <= 10, "skew must be between 0 and 10");
        Ranges.require(eventsShare >= 0 && eventsShare <= 1, "events-share must be between 0 and 1");
        Ranges.require(k >= 1, "k must be at least 1");
        Ranges.require(preload >= 0 && preload <= MAX_PRELOAD, "preload must be between 0 and " + MAX_PRELOAD);
        Ranges.require(connections >= 1 && connections <= 4096, "connections must be between 1 and 4096");
        Ranges.require(
                timeout.isPositive() && timeout.compareTo(Duration.ofMinutes(10)) <= 0,
                "timeout must be above 0 and at most 10 minutes");
        Ranges.require(interval.compareTo(Duration.ofSeconds(1)) >= 0, "interval must be at least 1 second");
    }
}
