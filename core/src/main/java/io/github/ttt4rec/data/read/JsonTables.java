package io.github.ttt4rec.data.read;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Recognises a file that is one JSON object with a member for each column, row or user. Read as a row, such an object
 * would give a single event.
 */
final class JsonTables {
    private JsonTables() {}

    /**
     * Explains how to make a line of each event.
     *
     * @param paths the steps to each value of the object
     * @return the end of a message, or null if the members of the object are not alike
     */
    static @Nullable String advice(Collection<List<String>> paths) {
        Map<String, Set<List<String>>> members = new LinkedHashMap<>();
        for (List<String> path : paths) {
            members.computeIfAbsent(path.getFirst(), name -> new HashSet<>()).add(path.subList(1, path.size()));
        }
        Set<List<String>> inside = members.values().iterator().next();
        boolean alike = members.size() > 1
                && members.values().stream().allMatch(inside::equals)
                && inside.stream().noneMatch(List::isEmpty);
        if (!alike) {
            return null;
        }
        if (inside.stream().allMatch(rest -> rest.size() > 1 && rest.getFirst().equals(JsonLinesReader.ELEMENTS))) {
            return " holds an object with a list of events for each of its members; if these are users, write one event a"
                    + " line, for example with: jq -c 'to_entries[] | .key as $user | .value[] | {user: $user} + .' FILE >"
                    + " FILE.jsonl";
        }
        boolean flat = inside.stream()
                .allMatch(rest -> rest.size() == 1 && !rest.getFirst().equals(JsonLinesReader.ELEMENTS));
        if (flat && members.keySet().stream().anyMatch(Columns::isUsual)) {
            return " holds one object with a member for each column; write one event a line, for example with: jq -c '. as"
                    + " $o | ($o | first(.[]) | keys_unsorted[]) as $k | $o | map_values(.[$k])' FILE > FILE.jsonl";
        }
        return inside.stream().anyMatch(rest -> Columns.isUsual(rest.getFirst()))
                ? " holds one object with a member for each event; write one event a line, for example with: jq -c '.[]' FILE"
                        + " > FILE.jsonl"
                : null;
    }
}
