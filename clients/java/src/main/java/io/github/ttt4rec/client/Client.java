package io.github.ttt4rec.client;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client of one server. Thread-safe.
 *
 * <p>Sends a request again, after growing pauses, if the server is busy (429, 503) or the connection breaks. Events
 * carry ids, so that the server stores none of them twice.
 *
 * <pre>{@code
 * try (Client client = new Client(URI.create("http://127.0.0.1:8080"), Client.Options.DEFAULTS)) {
 *     client.send(List.of(Event.of("u1", "B00005")));
 *     client.recommend("u1", ListOptions.of(5).where("price < 30")).items().forEach(System.out::println);
 * }
 * }</pre>
 */
public final class Client implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
    private static final int BATCH = 500;
    private static final Set<Integer> BUSY = Set.of(429, 503);

    private final URI server;
    private final Options options;
    private final HttpClient http;

    /**
     * Options for calling a server.
     *
     * @param token the token to send; null if the server needs none
     * @param tries attempts for each request, at least 1
     * @param timeout the time limit of one attempt
     * @param pause the pause before the second attempt; it doubles before each later one
     */
    public record Options(@Nullable String token, int tries, Duration timeout, Duration pause) {
        /** No token, 4 tries of 10 seconds. */
        public static final Options DEFAULTS = new Options(null, 4, Duration.ofSeconds(10), Duration.ofMillis(100));
    }

    /**
     * Creates a client of the server at a URI such as {@code http://127.0.0.1:8080}, or of a tenant such as {@code
     * http://127.0.0.1:8080/t/shoes}.
     */
    public Client(URI server, Options options) {
        this.server = URI.create(server.toString().replaceFirst("/+$", ""));
        this.options = options;
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(options.timeout())
                .build();
    }

    /**
     * Stores events, 500 per request, and returns the server's result for each, in order. The events are durable when
     * this method returns.
     */
    public List<EventResult> send(List<Event> events) {
        List<EventResult> results = new ArrayList<>(events.size());
        for (int from = 0; from < events.size(); from += BATCH) {
            List<Map<String, Object>> batch = events.subList(from, Math.min(events.size(), from + BATCH)).stream()
                    .map(Client::members)
                    .toList();
            for (JsonNode each :
                    call("POST", "/v1/events", batch).get("results").values()) {
                results.add(new EventResult(
                        each.get("status").stringValue(),
                        each.path("position").longValue(-1),
                        each.path("error").stringValue(null)));
            }
        }
        return results;
    }

    private static Map<String, Object> members(Event event) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("user", event.user());
        members.put("item", event.item());
        members.put("event_id", event.eventId());
        if (event.time() != null) {
            members.put("time", event.time().toString());
        }
        if (event.type() != null) {
            members.put("type", event.type());
        }
        if (event.value() != null) {
            members.put("value", event.value());
        }
        if (!event.context().isEmpty()) {
            members.put("context", event.context());
        }
        return members;
    }

    /** Recommends the next items for a user. */
    public ItemList recommend(String user, ListOptions conditions) {
        return list(call("GET", "/v1/users/" + encoded(user) + "/recommendations" + query(conditions.members()), null));
    }

    /**
     * Recommends the next items for a user. If the model knows no item of the user's events, the context decides on the
     * list.
     *
     * @param context the circumstances, such as a country under {@code country}
     */
    public ItemList recommend(String user, Map<String, String> context, ListOptions conditions) {
        Map<String, Object> members = new LinkedHashMap<>(conditions.members());
        members.put("context", JSON.writeValueAsString(context));
        return list(call("GET", "/v1/users/" + encoded(user) + "/recommendations" + query(members), null));
    }

    /** Recommends items for an unknown user in a context; stores nothing. */
    public ItemList recommendIn(Map<String, String> context, ListOptions conditions) {
        Map<String, Object> body = new LinkedHashMap<>(conditions.members());
        body.put("context", context);
        return list(call("POST", "/v1/recommendations", body));
    }

    /** Recommends the next items after a history, oldest item first, without storing it. */
    public ItemList recommendAfter(List<String> history, ListOptions conditions) {
        return recommendAfter(History.of(history), conditions);
    }

    /** The same for a history whose events have types and values, for a server that tells types of events apart. */
    public ItemList recommendAfter(History history, ListOptions conditions) {
        Map<String, Object> body = new LinkedHashMap<>(conditions.members());
        body.putAll(history.members());
        return list(call("POST", "/v1/recommendations", body));
    }

    /** Returns a page of the model's items. */
    public ItemPage findItems(ItemQuery wanted) {
        JsonNode answer = call("GET", "/v1/items" + query(wanted.members()), null);
        List<Map<String, Object>> items = new ArrayList<>();
        for (JsonNode each : answer.get("items").values()) {
            items.add(JSON.convertValue(each, OBJECT));
        }
        return new ItemPage(
                items, answer.get("total").intValue(), answer.path("next").stringValue(null));
    }

    /** Returns the items most similar to one. */
    public List<Item> similar(String item, ListOptions conditions) {
        return items(call("GET", "/v1/items/" + encoded(item) + "/similar" + query(conditions.members()), null));
    }

    /** Returns several lists; none repeats an item of an earlier one. They are not personal if {@code user} is null. */
    public List<Shelf> shelves(@Nullable String user, List<ShelfRequest> requests) {
        return shelvesOf(user == null ? Map.of() : Map.of("user", user), requests);
    }

    /**
     * Returns several lists; none repeats an item of an earlier one. If the model knows no item of the user's events, the
     * context decides on the personal ones.
     *
     * @param user the user; null for an unknown one
     */
    public List<Shelf> shelves(@Nullable String user, Map<String, String> context, List<ShelfRequest> requests) {
        Map<String, Object> whose = new LinkedHashMap<>(user == null ? Map.of() : Map.of("user", user));
        whose.put("context", context);
        return shelvesOf(whose, requests);
    }

    /** Returns several lists after a history, without storing it; none repeats an item of an earlier one. */
    public List<Shelf> shelvesAfter(History history, List<ShelfRequest> requests) {
        return shelvesOf(history.members(), requests);
    }

    private List<Shelf> shelvesOf(Map<String, Object> whose, List<ShelfRequest> requests) {
        Map<String, Object> body = new LinkedHashMap<>(whose);
        body.put("shelves", requests.stream().map(ShelfRequest::members).toList());
        List<Shelf> shelves = new ArrayList<>();
        for (JsonNode each : call("POST", "/v1/shelves", body).get("shelves").values()) {
            shelves.add(new Shelf(
                    each.get("kind").stringValue(),
                    items(each),
                    each.path("because").path("item").stringValue(null),
                    each.path("emptied_by").stringValue(null)));
        }
        return shelves;
    }

    /**
     * Reports a list that a user was shown at a place of the shop and returns the number of items counted. The report
     * carries an id, so that it counts once.
     */
    public int shown(String user, List<String> items, String scenario) {
        String list = UUID.randomUUID().toString();
        return call("POST", "/v1/impressions", Map.of("user", user, "items", items, "scenario", scenario, "list", list))
                .get("counted")
                .intValue();
    }

    /**
     * Stores attributes of items, 500 per request. Each item is an object as {@code POST /v1/items} takes it. Needs an
     * admin token.
     */
    public void putItems(List<Map<String, Object>> items) {
        for (int from = 0; from < items.size(); from += BATCH) {
            call("POST", "/v1/items", items.subList(from, Math.min(items.size(), from + BATCH)));
        }
    }

    /**
     * Stores the rules and defaults of a scenario, an object as {@code PUT /v1/scenarios/{name}} takes it. Needs an admin
     * token.
     */
    public void putScenario(String name, Map<String, Object> scenario) {
        call("PUT", "/v1/scenarios/" + encoded(name), scenario);
    }

    /** Deletes all data of a user; returns false if there is none. Needs an admin token. */
    public boolean forget(String user) {
        try {
            call("DELETE", "/v1/users/" + encoded(user), null);
            return true;
        } catch (ClientException refused) {
            if (refused.status() == 404) {
                return false;
            }
            throw refused;
        }
    }

    /**
     * Returns whether the server takes requests now; false while it stops or cannot store events. Tries once.
     *
     * @throws ClientException if it does not answer, or answers otherwise
     */
    public boolean ready() {
        try {
            call("GET", "/health/ready", null, 1);
            return true;
        } catch (ClientException refused) {
            if (refused.status() == 503) {
                return false;
            }
            throw refused;
        }
    }

    private static ItemList list(JsonNode answer) {
        return new ItemList(
                items(answer),
                answer.get("basis").stringValue(),
                answer.get("model_version").stringValue(),
                answer.get("events").longValue(),
                answer.path("emptied_by").stringValue(null));
    }

    private static List<Item> items(JsonNode answer) {
        List<Item> items = new ArrayList<>();
        for (JsonNode each : answer.get("items").values()) {
            items.add(new Item(
                    each.get("item").stringValue(),
                    each.get("score").doubleValue(),
                    each.path("name").stringValue(null),
                    each.path("pinned").booleanValue(false),
                    each.has("explanation") ? explanation(each.get("explanation")) : null));
        }
        return items;
    }

    private static Explanation explanation(JsonNode terms) {
        List<Explanation.Cause> events = new ArrayList<>();
        for (JsonNode each : terms.get("events").values()) {
            events.add(new Explanation.Cause(
                    each.get("item").stringValue(),
                    each.path("name").stringValue(null),
                    each.get("logit").doubleValue()));
        }
        return new Explanation(
                terms.get("network").doubleValue(),
                terms.get("popularity").doubleValue(),
                terms.get("repeat").doubleValue(),
                terms.get("memory").doubleValue(),
                events);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String query(Map<String, Object> members) {
        return members.entrySet().stream()
                .map(each -> each.getKey() + "=" + value(each.getValue()))
                .collect(Collectors.joining("&", members.isEmpty() ? "" : "?", ""));
    }

    /** Commas separate the elements of a list; those within an element are percent-encoded. */
    private static String value(Object value) {
        return value instanceof List<?> list
                ? list.stream().map(each -> encoded(String.valueOf(each))).collect(Collectors.joining(","))
                : encoded(value.toString());
    }

    private JsonNode call(String method, String path, @Nullable Object body) {
        return call(method, path, body, options.tries());
    }

    private JsonNode call(String method, String path, @Nullable Object body, int tries) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(server + path)).timeout(options.timeout());
        if (options.token() != null) {
            request.header("Authorization", "Bearer " + options.token());
        }
        if (body == null) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, BodyPublishers.ofString(JSON.writeValueAsString(body)));
        }
        Duration pause = options.pause();
        for (int left = tries - 1; ; left--) {
            try {
                HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
                if (response.statusCode() / 100 == 2) {
                    return JSON.readTree(response.body().isEmpty() ? "{}" : response.body());
                }
                if (left <= 0 || !BUSY.contains(response.statusCode())) {
                    throw refused(response);
                }
            } catch (IOException failure) {
                if (left <= 0) {
                    throw new ClientException(server + " does not answer: " + failure, failure);
                }
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
                throw new ClientException("interrupted while waiting for " + server, interruption);
            }
            sleep(pause);
            pause = pause.multipliedBy(2);
        }
    }

    private static ClientException refused(HttpResponse<String> response) {
        String type = response.headers().firstValue("Content-Type").orElse("");
        String detail = type.contains("json")
                ? JSON.readTree(response.body()).path("detail").stringValue("")
                : response.body();
        return new ClientException(response.statusCode(), response.statusCode() + ": " + detail);
    }

    private static void sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new ClientException("interrupted while waiting to try again", interruption);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
