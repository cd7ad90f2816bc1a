package io.github.ttt4rec.serve.store;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** First form, in memory; the SQLite form follows with the same {@code open}. */
public final class EventStore implements AutoCloseable {
    private final Map<String, List<Event>> events = new HashMap<>();

    private EventStore() {}

    /** Opens the store in {@code file}, which is made where there is none. */
    public static EventStore open(Path file, StoreConfig config) {
        return new EventStore();
    }

    /** An event's place, and whether it was there before. */
    public record Appended(long position, String eventId, boolean duplicate) {}

    /** Appends. */
    public synchronized Appended append(Event event) {
        List<Event> all = events.computeIfAbsent(event.user(), user -> new ArrayList<>());
        for (int i = 0; i < all.size(); i++) {
            if (event.eventId() != null && event.eventId().equals(all.get(i).eventId())) {
                return new Appended(i, event.eventId(), true);
            }
        }
        String id = event.eventId() == null ? "@" + all.size() : event.eventId();
        all.add(new Event(event.user(), event.item(), event.timeMillis(), id));
        return new Appended(all.size() - 1, id, false);
    }

    /** A user's events. */
    public synchronized List<Event> events(String user) {
        return List.copyOf(events.getOrDefault(user, List.of()));
    }

    /** Forgets a user. */
    public synchronized boolean forget(String user) {
        return events.remove(user) != null;
    }

    @Override
    public void close() {}
}
