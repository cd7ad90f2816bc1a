package io.github.ttt4rec.benchmarks.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The requests of a load as bytes. Kind, user and item of the n-th request depend only on the seed and n, not on the
 * number of connections.
 */
final class Requests {
    /** The user of the marker event that a load stores first. */
    static final String MARK = "load";

    /** The approximate number of events in a preloading request. */
    private static final int BATCH = 500;

    private static final JsonMapper JSON = JsonMapper.shared();

    private final LoadConfig config;
    private final String run;
    private final List<String> items;
    private final String headers;
    private final double @Nullable [] cumulative;

    /** A request. An event that is sent twice counts once, because its id is in the bytes. */
    record Request(RequestKind kind, byte[] bytes) {}

    /**
     * @param run the prefix of events' ids, different in every run, so that no event is a duplicate of one of an
     *     earlier run
     * @param items the items of the events, drawn uniformly
     */
    Requests(LoadConfig config, String run, List<String> items) {
        this.config = config;
        this.run = run;
        this.items = items.stream().map(JSON::writeValueAsString).toList();
        this.headers = headers(config);
        this.cumulative = config.skew() == 0 ? null : cumulative(config.users(), config.skew());
    }

    private static double[] cumulative(int users, double skew) {
        double[] sums = new double[users];
        double sum = 0;
        for (int i = 0; i < users; i++) {
            sum += Math.pow(i + 1, -skew);
            sums[i] = sum;
        }
        return sums;
    }

    private static String headers(LoadConfig config) {
        return "Host: " + config.target().authority() + "\r\n"
                + (config.token() == null ? "" : "Authorization: Bearer " + config.token() + "\r\n");
    }

    /** Returns a GET request for {@code path}. */
    static byte[] get(LoadConfig config, String path) {
        return ("GET " + config.target().path() + path + " HTTP/1.1\r\n" + headers(config) + "\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Returns a DELETE request for {@code path}. */
    static byte[] delete(LoadConfig config, String path) {
        return ("DELETE " + config.target().path() + path + " HTTP/1.1\r\n" + headers(config) + "\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Returns a request that appends one event, or an array of events, as JSON. */
    static byte[] post(LoadConfig config, String json) {
        return postEvents(config.target(), headers(config), json);
    }

    /** Returns the first item, as JSON, of a page of items. */
    static String firstItem(String page) {
        return JSON.writeValueAsString(
                JSON.readTree(page).path("items").path(0).path("item").asString(""));
    }

    /** Returns a request that stores an event of {@link #MARK}. */
    static byte[] mark(LoadConfig config, String item) {
        return post(
                config,
                "{\"user\":\"" + MARK + "\",\"item\":" + JSON.writeValueAsString(item) + ",\"event_id\":\"first\"}");
    }

    /** Returns the n-th request, from 0. */
    Request at(long n) {
        SplittableRandom random = random(n);
        boolean event = random.nextDouble() < config.eventsShare();
        String user = user(random);
        if (!event) {
            List<String> queries = config.queries();
            String more = queries.isEmpty() ? "" : "&" + queries.get(random.nextInt(queries.size()));
            String path = "GET " + config.target().path() + "/v1/users/" + user + "/recommendations?k=" + config.k()
                    + more + " HTTP/1.1\r\n";
            return new Request(RequestKind.RECOMMENDATION, (path + headers + "\r\n").getBytes(StandardCharsets.UTF_8));
        }
        String body = "{\"user\":\"" + user + "\",\"item\":" + items.get(random.nextInt(items.size()))
                + ",\"event_id\":\"" + run + "-" + n + "\"}";
        return new Request(RequestKind.EVENT, postEvents(config.target(), headers, body));
    }

    /** Returns the number of requests that send every user's first events. */
    int preloads() {
        return config.preload() == 0 ? 0 : (config.users() + usersAtOnce() - 1) / usersAtOnce();
    }

    private int usersAtOnce() {
        return Math.max(1, BATCH / config.preload());
    }

    /** Returns the range of users of the n-th such request; the end is exclusive. */
    private int[] preloaded(int n) {
        return new int[] {n * usersAtOnce(), Math.min(config.users(), (n + 1) * usersAtOnce())};
    }

    /** Returns the n-th such request, from 0. Its events' ids are the same in every run. */
    byte[] preload(int n) {
        SplittableRandom random = random(-1L - n);
        StringBuilder body = new StringBuilder("[");
        for (int user = preloaded(n)[0]; user < preloaded(n)[1]; user++) {
            for (int i = 0; i < config.preload(); i++) {
                body.append(body.length() == 1 ? "" : ",")
                        .append("{\"user\":\"")
                        .append(name(user))
                        .append("\",\"item\":")
                        .append(items.get(random.nextInt(items.size())))
                        .append(",\"event_id\":\"preload-")
                        .append(i)
                        .append("\"}");
            }
        }
        return postEvents(config.target(), headers, body.append(']').toString());
    }

    private static byte[] postEvents(LoadTarget target, String headers, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        byte[] head = ("POST " + target.path() + "/v1/events HTTP/1.1\r\n" + headers
                        + "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
        byte[] request = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, request, head.length, body.length);
        return request;
    }

    private SplittableRandom random(long n) {
        // Differs from the generator's own increment, with which adjacent sequences would be shifted copies of each
        // other.
        return new SplittableRandom(config.seed() + n * 0xD1342543DE82EF95L);
    }

    private String user(SplittableRandom random) {
        if (cumulative == null) {
            return name(random.nextInt(config.users()));
        }
        int found = Arrays.binarySearch(cumulative, random.nextDouble() * cumulative[cumulative.length - 1]);
        return name(found < 0 ? Math.min(-found - 1, cumulative.length - 1) : found);
    }

    private static String name(int user) {
        return "load-" + (user + 1);
    }
}
