package io.github.ttt4rec.flink.job;

import io.github.ttt4rec.flink.ends.LogFiles;
import io.github.ttt4rec.flink.state.UserEvent;
import io.github.ttt4rec.flink.state.UserRecommendations;
import io.github.ttt4rec.recommend.Recommendation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Logs of events for tests, and access to the job's output. */
public final class Logs {
    static final int USERS = 7;

    private Logs() {}

    /**
     * Generates events of users {@code u0 .. u6}: one in eight is repeated later, one in ten has no id, one in twelve
     * is of an item that no model knows, and some are of items that only the second model knows.
     */
    public static List<UserEvent> events(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<UserEvent> events = new ArrayList<>();
        while (events.size() < count) {
            int n = events.size();
            if (n > 3 && random.nextInt(8) == 0) {
                UserEvent again = events.get(n - 1 - random.nextInt(3));
                if (again.eventId() != null) {
                    events.add(again);
                }
            } else {
                String item = random.nextInt(12) == 0 ? "unknown" : "i" + random.nextInt(24);
                String id = random.nextInt(10) == 0 ? null : "event-" + seed + "-" + n;
                events.add(new UserEvent("u" + random.nextInt(USERS), item, 1_700_000_000_000L + n, id));
            }
        }
        return events;
    }

    static void writeJson(Path file, List<UserEvent> events) throws IOException {
        StringBuilder text = new StringBuilder();
        events.forEach(event -> text.append(json(event)).append('\n'));
        write(file, text.toString());
    }

    public static String json(UserEvent event) {
        String id = event.eventId() == null ? "" : ", \"event_id\": \"" + event.eventId() + "\"";
        return "{\"user\": \"" + event.user() + "\", \"item\": \"" + event.item() + "\", \"time\": " + event.time() + id
                + "}";
    }

    public static void writeCsv(Path file, List<UserEvent> events) throws IOException {
        StringBuilder text = new StringBuilder("event_id,user,item,time\n");
        for (UserEvent event : events) {
            text.append((event.eventId() == null ? "" : event.eventId()) + "," + event.user() + "," + event.item() + ","
                    + event.time() + "\n");
        }
        write(file, text.toString());
    }

    /** Writes the file atomically, because a job may watch the directory. */
    static void write(Path file, String text) throws IOException {
        Path hidden = file.resolveSibling("." + file.getFileName());
        Files.writeString(hidden, text);
        Files.move(hidden, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Reads the lists in a job's output directory, in no particular order. */
    public static List<UserRecommendations> answers(Path directory) throws IOException {
        List<UserRecommendations> answers = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith(LogFiles.PREFIX))
                    .toList()) {
                Files.readAllLines(file).forEach(line -> answers.add(answer(line)));
            }
        }
        return answers;
    }

    public static UserRecommendations answer(String line) {
        JsonNode json = JsonMapper.shared().readTree(line);
        UserRecommendations.Reason reason = UserRecommendations.Reason.valueOf(
                json.get("reason").stringValue().toUpperCase(Locale.ROOT));
        JsonNode id = json.get(reason == UserRecommendations.Reason.EVENT ? "event_id" : "request_id");
        List<Recommendation> items = new ArrayList<>();
        for (JsonNode item : json.get("items").values()) {
            items.add(new Recommendation(
                    item.get("item").stringValue(), item.get("score").floatValue()));
        }
        return new UserRecommendations(
                json.get("user").stringValue(),
                reason,
                id == null ? null : id.stringValue(),
                json.get("events").longValue(),
                json.get("basis").stringValue().equals("personal"),
                json.get("model_version").stringValue(),
                items);
    }
}
