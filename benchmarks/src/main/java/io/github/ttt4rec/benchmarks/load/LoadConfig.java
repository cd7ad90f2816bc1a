package io.github.ttt4rec.benchmarks.load;

import io.github.ttt4rec.internal.Ranges;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The load to generate and the server to put it on.
 *
 * @param target the server
 * @param token its token for clients; null if it has none
 * @param rate requests a second
 * @param duration how long to measure
 * @param warmup how long to send at the same rate before that
 * @param users the number of users: {@code load-1}, {@code load-2}, ...
 * @param skew how unequal users are: user n is drawn in proportion to n<sup>-skew</sup>; 0 for all alike
 * @param eventsShare the share of requests that append an event; the others ask for recommendations
 * @param k how many recommendations to ask for
 * @param mix whether to load a server that holds the events of users of its own
 * @param preload events that every user gets before; a second run on the same store finds them there
 * @param connections the number of connections, which bounds the requests in flight
 * @param timeout for a response; also the longest delay with which a request may be sent
 * @param interval the time between lines of {@link LoadResult#intervals}
 * @param seed of users, items and kinds of requests
 * @param queries further parameters for requests for recommendations, such as {@code filter=price%3C30}: each request has one of them, drawn
 *     at random; none for no more
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
    /** One request carries at most so many events, a server's usual limit. */
    static final int MAX_PRELOAD = 1000;

    /** Checks the numbers. */
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
