package io.github.ttt4rec.benchmarks.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Records the events that the server has acknowledged, as the reference for its state. An event that was sent but not
 * acknowledged may be stored or not, but not twice.
 */
final class Ledger {
    private final Map<String, Map<Long, Entry>> acknowledged = new TreeMap<>();
    private final Set<String> sent = new HashSet<>();
    private long forgotten;

    /**
     * An event.
     *
     * @param id its id
     * @param item its item
     */
    record Entry(String id, String item) {}

    /** An event as the server reports it. */
    record Stored(long position, String id, String item) {}

    synchronized void sent(String id) {
        sent.add(id);
    }

    /** Returns contradictions to earlier acknowledgements, one line each. */
    synchronized List<String> acknowledge(String user, long position, Entry entry) {
        Entry before =
                acknowledged.computeIfAbsent(user, any -> new TreeMap<>()).put(position, entry);
        return before == null || before.equals(entry)
                ? List.of()
                : List.of("position " + position + " of " + user + " was acknowledged for " + before.id
                        + " and then for " + entry.id);
    }

    /** The number of events acknowledged for users who are not forgotten. */
    synchronized long size() {
        return acknowledged.values().stream().mapToLong(Map::size).sum();
    }

    /** The total number of events acknowledged. */
    synchronized long acknowledged() {
        return size() + forgotten;
    }

    synchronized List<String> users() {
        return List.copyOf(acknowledged.keySet());
    }

    /** Returns the ids of all events that were sent for a user. */
    synchronized List<String> forget(String user) {
        Map<Long, Entry> gone = acknowledged.remove(user);
        forgotten += gone == null ? 0 : gone.size();
        return gone == null ? List.of() : gone.values().stream().map(Entry::id).toList();
    }

    /** Compares a user's stored events with the acknowledged ones and returns the errors, one line each. */
    synchronized List<String> compare(String user, List<Stored> stored) {
        List<String> wrong = new ArrayList<>();
        Map<String, Long> places = new HashMap<>();
        for (int i = 0; i < stored.size(); i++) {
            Stored each = stored.get(i);
            if (i > 0 && each.position() != stored.get(i - 1).position() + 1) {
                wrong.add(user + ": position " + each.position() + " follows "
                        + stored.get(i - 1).position());
            }
            Long other = places.put(each.id(), each.position());
            if (other != null) {
                wrong.add(user + ": " + each.id() + " is there twice, at " + other + " and " + each.position());
            }
            if (!sent.contains(each.id())) {
                wrong.add(user + ": " + each.id() + " was never sent");
            }
        }
        acknowledged.getOrDefault(user, Map.of()).forEach((position, entry) -> {
            Stored there = stored.stream()
                    .filter(each -> each.position() == position)
                    .findFirst()
                    .orElse(null);
            if (there == null) {
                wrong.add(user + ": " + entry.id + " was acknowledged at " + position + " and is lost");
            } else if (!there.id().equals(entry.id) || !there.item().equals(entry.item)) {
                wrong.add(user + ": " + entry.id + " was acknowledged at " + position + ", and " + there.id()
                        + " is there");
            }
        });
        return wrong;
    }
}
