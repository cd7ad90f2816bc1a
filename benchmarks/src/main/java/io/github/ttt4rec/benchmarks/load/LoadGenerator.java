package io.github.ttt4rec.benchmarks.load;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Puts load on a server: sends the users' first events, warms up, measures. */
public final class LoadGenerator {
    private static final JsonMapper JSON = JsonMapper.shared();

    /**
     * The number of items to use. A server returns no more in one list by default, and the choice of items does not
     * change the cost of a request.
     */
    private static final int MAX_ITEMS = 1000;

    private final LoadConfig config;
    private final LoadListener listener;
    private volatile boolean stopped;

    /** Creates a generator for one run. */
    public LoadGenerator(LoadConfig config, LoadListener listener) {
        this.config = config;
        this.listener = listener;
    }

    /** Ends the run soon, with the results so far. Thread-safe. */
    public void requestStop() {
        stopped = true;
    }

    /**
     * Runs the load to its end.
     *
     * @throws UserFacingException if the server does not answer or refuses access
     */
    public LoadResult run() throws InterruptedException {
        try (HttpConnection connection = new HttpConnection(config.target())) {
            JsonNode model = ask(connection, "/v1/model");
            ServerView server = new ServerView(
                    model.path("version").asString("?"),
                    model.path("type").asString("?"),
                    model.path("policy").asString("?"),
                    model.path("items").asLong(0));
            listener.connected(server);
            List<String> items = new ArrayList<>();
            ask(connection, "/v1/items?limit=" + MAX_ITEMS)
                    .path("items")
                    .forEach(item -> items.add(item.path("item").asString("")));
            if (items.isEmpty()) {
                throw new UserFacingException(config.target() + ": its catalogue has no items");
            }
            mark(connection, items.getFirst());
            return run(server, items);
        } catch (IOException e) {
            throw new UserFacingException(config.target() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Checks that the load does not mix with real events by mistake: if a server has events, it must have the marker
     * event that a load stores first.
     */
    private void mark(HttpConnection connection, String item) {
        HttpReply marked = exchange(connection, Requests.get(config, "/v1/users/" + Requests.MARK));
        if (marked.status() == 200) {
            return;
        }
        ServerMemory server = memory();
        Long users = server == null ? null : server.users();
        if (users != null && users > 0 && !config.mix()) {
            throw new UserFacingException(config.target() + ": holds the events of " + users
                    + " users, with which the events of the load would mix: start a server with a separate --state, or give"
                    + " --mix");
        }
        HttpReply reply = exchange(connection, Requests.mark(config, item));
        if (reply.status() != 200) {
            throw new UserFacingException(
                    config.target() + ": the first event was answered " + reply.status() + ": " + reply.body());
        }
    }

    private LoadResult run(ServerView server, List<String> items) throws InterruptedException {
        String name = UUID.randomUUID().toString().substring(0, 8);
        Requests requests = new Requests(config, name, items);
        long preloaded = 0;
        if (config.preload() > 0) {
            listener.preloading((long) config.users() * config.preload());
            preloaded = new Preload(config, requests, () -> stopped).run();
        }

        Tally warmup = tally();
        OpenLoop before = new OpenLoop(config, requests, 0, config.warmup(), warmup, () -> stopped);
        listener.warmingUp(config.warmup().toMillis() / 1e3);
        before.run(seconds -> {});

        Tally tally = tally();
        OpenLoop loop = new OpenLoop(config, requests, before.count(), config.duration(), tally, () -> stopped);
        Intervals intervals = new Intervals(tally, listener, config.interval().toMillis() / 1e3, this::memory);
        Duration cpu = processorTime();
        loop.run(intervals::tick);
        double seconds = loop.seconds();
        intervals.end(seconds);
        return new LoadResult(
                config,
                server,
                preloaded,
                seconds,
                loop.due(seconds),
                tally.inTime(),
                tally.latencies(),
                tally.latencies(RequestKind.EVENT),
                tally.latencies(RequestKind.RECOMMENDATION),
                tally.lateness(),
                tally.failures(),
                warmup.failures(),
                tally.retries() + warmup.retries(),
                tally.duplicates(),
                tally.coldAnswers(),
                processorTime().minus(cpu).toNanos() / 1e9,
                intervals.all(),
                stopped);
    }

    private Tally tally() {
        // A request is sent at most one timeout late and answered within another.
        return new Tally(2 * config.timeout().toNanos() / 1000 + 1_000_000);
    }

    private static Duration processorTime() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private HttpReply exchange(HttpConnection connection, byte[] request) {
        try {
            return connection.exchange(request, (int) config.timeout().toMillis());
        } catch (IOException e) {
            throw new UserFacingException(
                    config.target() + ": no server answers (" + e.getMessage()
                            + "): start one with './ttt4rec serve --model DIR'",
                    e);
        }
    }

    private JsonNode ask(HttpConnection connection, String path) {
        HttpReply reply = exchange(connection, Requests.get(config, path));
        if (reply.status() == 401) {
            throw new UserFacingException(config.target() + ": needs a token that it knows: give --token-file FILE");
        }
        try {
            if (reply.status() == 200) {
                return JSON.readTree(reply.body());
            }
        } catch (JacksonException e) {
            throw new UserFacingException(
                    config.target() + path + " does not answer with JSON: is this ttt4rec's server?", e);
        }
        throw new UserFacingException(
                config.target() + path + " answers with status " + reply.status() + ": is this ttt4rec's server?");
    }

    private @Nullable ServerMemory memory() {
        try (HttpConnection connection = new HttpConnection(config.target())) {
            HttpReply reply = connection.exchange(
                    Requests.get(config, "/metrics"), (int) config.timeout().toMillis());
            return reply.status() == 200 ? ServerMemory.parse(reply.body()) : null;
        } catch (IOException e) {
            // The load itself counts and reports missing answers.
            return null;
        }
    }
}
