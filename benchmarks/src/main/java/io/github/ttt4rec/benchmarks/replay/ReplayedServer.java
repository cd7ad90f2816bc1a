package io.github.ttt4rec.benchmarks.replay;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.benchmarks.chaos.Client;
import io.github.ttt4rec.benchmarks.chaos.ServerProcess;
import io.github.ttt4rec.data.EventTime;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server that receives the events of a log in order, and the weekly figures that it reports. */
final class ReplayedServer implements AutoCloseable {
    private static final int BATCH = 250;
    private static final int OK = 200;
    private static final int HEAP_MEGABYTES = 1024;
    /** The time limit of a start and of an answer. It is long, because the figures do not depend on time. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final ServerProcess server;
    private final Client client;
    private final Map<Method, List<Week>> figures = new EnumMap<>(Method.class);
    private int ranked;

    /** A method of ranking, by its name in the server's answer. */
    enum Method {
        /** The current model. */
        SERVED,
        /** The current model with frozen fast weights. */
        FROZEN,
        /** The number of events of each item. */
        POPULARITY
    }

    /**
     * Starts a server.
     *
     * @param launcher the words that start ttt4rec
     * @param sample the share of events to rank
     * @param catalogue how its catalogue follows the events
     * @throws UserFacingException if it does not start
     */
    ReplayedServer(List<String> launcher, Path model, Path state, double sample, String catalogue) {
        server = new ServerProcess(launcher, model, state, state.resolveSibling("server.log"), PATIENCE);
        client = new Client(server.uri("http"), PATIENCE);
        if (!server.start(
                client,
                ServerProcess.Way.USUAL
                        .withHeap(HEAP_MEGABYTES)
                        .withOptions(
                                "--quality-sample",
                                String.valueOf(sample),
                                "--durability",
                                "normal",
                                "--live-catalogue",
                                catalogue))) {
            String words = server.lastWords();
            close();
            throw new UserFacingException("the server did not start: " + words);
        }
    }

    URI uri() {
        return server.uri("http");
    }

    /** Sends events and waits until the sampled ones are ranked, so that none is left out. */
    void send(List<LogWeeks.Event> events) throws InterruptedException {
        for (int from = 0; from < events.size(); from += BATCH) {
            List<Map<String, Object>> body = events.subList(from, Math.min(events.size(), from + BATCH)).stream()
                    .map(event -> Map.<String, Object>of(
                            "user",
                            event.user(),
                            "item",
                            event.item(),
                            "time",
                            EventTime.instant(event.micros()).toString()))
                    .toList();
            answered(client.post("/v1/events", JsonMapper.shared().writeValueAsString(body)));
            while (quality(1).path("waiting").intValue() > 0) {
                Thread.sleep(1);
            }
        }
    }

    /** Makes the server recount its catalogue. */
    void countCatalogue() {
        answered(client.post("/v1/catalogue/count"));
    }

    /** Ends a week: stores the figures of the events ranked in it, and returns their number. */
    int endWeek() {
        int before = ranked;
        JsonNode now = quality(1);
        if (now.path("skipped").intValue() > 0) {
            throw new UserFacingException("the server left out events to rank: " + server.lastWords());
        }
        ranked = now.path("ranked").intValue();
        int window = Math.max(1, ranked - before);
        JsonNode rows = quality(window).path("figures");
        for (Method method : Method.values()) {
            JsonNode all = row(rows, method, "all", window);
            JsonNode fresh = row(rows, method, "new_item", window);
            figures.computeIfAbsent(method, unknown -> new ArrayList<>())
                    .add(new Week(
                            all.path("events").intValue(0),
                            all.path("ndcg_10").doubleValue(0),
                            all.path("ndcg_10_half_width").doubleValue(Double.NaN),
                            fresh.path("events").intValue(0),
                            fresh.path("hr_10").doubleValue(0),
                            firstDay(row(rows, method, "first_day", window))));
        }
        return ranked - before;
    }

    /** Returns the row of the figures; a missing node, whose figures are all 0, if there are no such events. */
    private static JsonNode row(JsonNode rows, Method method, String history, int window) {
        for (JsonNode row : rows.values()) {
            if (row.path("method").asString().equals(method.name().toLowerCase(Locale.ROOT))
                    && row.path("history").asString().equals(history)
                    && row.path("window").intValue() == window) {
                return row;
            }
        }
        return rows.path("none");
    }

    private static Week.FirstDay firstDay(JsonNode row) {
        return new Week.FirstDay(
                row.path("events").intValue(0),
                row.path("known_share").doubleValue(0),
                row.path("hr_10").doubleValue(0),
                row.path("median_rank").intValue(0));
    }

    /** Returns the weekly figures of a method so far. */
    List<Week> figures(Method method) {
        return List.copyOf(figures.getOrDefault(method, List.of()));
    }

    private JsonNode quality(int last) {
        return JsonMapper.shared().readTree(answered(client.get("/v1/quality?last=" + last)));
    }

    private static String answered(Client.Answer answer) {
        if (answer.status() != OK) {
            throw new UserFacingException("the server answered " + answer.status() + ": " + answer.body());
        }
        return answer.body();
    }

    @Override
    public void close() {
        server.stop();
        server.close();
        client.close();
    }
}
