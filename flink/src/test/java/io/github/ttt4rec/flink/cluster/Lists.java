package io.github.ttt4rec.flink.cluster;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The lists of a run, one for each event of each user, in arrays. One thread may write while others read the count. */
final class Lists {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final int k;
    private final int[] firstOf;
    private final String[] versions;
    private final String[] items;
    private final float[] scores;
    private volatile String latest = "";
    private final AtomicInteger count = new AtomicInteger();

    /** Creates space for lists of {@code k} items of users {@code u0 ...} with the given numbers of events. */
    Lists(int[] eventsOf, int k) {
        this.k = k;
        firstOf = new int[eventsOf.length + 1];
        for (int user = 0; user < eventsOf.length; user++) {
            firstOf[user + 1] = firstOf[user] + eventsOf[user];
        }
        int all = firstOf[eventsOf.length];
        versions = new String[all];
        items = new String[all * k];
        scores = new float[all * k];
    }

    /** Adds a list as the job writes it; throws {@link IllegalStateException} if its event already has one. */
    void add(String json) {
        JsonNode node = JSON.readTree(json);
        int user = Integer.parseInt(node.get("user").stringValue().substring(1));
        int slot = firstOf[user] + node.get("events").intValue() - 1;
        if (slot >= firstOf[user + 1]) {
            throw new IllegalStateException("a list after more events than user u" + user + " has: " + json);
        }
        if (versions[slot] != null) {
            throw new IllegalStateException("a second list for the same event: " + json);
        }
        JsonNode list = node.get("items");
        for (int i = 0; i < k; i++) {
            items[slot * k + i] = list.get(i).get("item").stringValue().intern();
            scores[slot * k + i] = list.get(i).get("score").floatValue();
        }
        versions[slot] = node.get("model_version").stringValue().intern();
        latest = versions[slot];
        count.incrementAndGet();
    }

    /** Returns the number of lists so far. */
    int count() {
        return count.get();
    }

    /** Returns the model version of the list added last; empty before the first. */
    String latestVersion() {
        return latest;
    }

    /**
     * Compares each list with the list in {@code references} for the same event and model.
     *
     * @return the number of lists by each reference's model
     * @throws IllegalStateException if lists differ in an item, unless the scores of adjacent items are equal within
     *     rounding; or in a score by more than {@code tolerance}
     */
    int[] compare(Lists[] references, float tolerance) {
        int[] by = new int[references.length];
        for (int slot = 0; slot < versions.length; slot++) {
            int reference = indexOf(references, slot);
            compare(references[reference], slot, tolerance);
            by[reference]++;
        }
        return by;
    }

    private int indexOf(Lists[] references, int slot) {
        for (int i = 0; i < references.length; i++) {
            if (references[i].versions[slot].equals(versions[slot])) {
                return i;
            }
        }
        throw new IllegalStateException(
                "list " + slot + " is by model version " + versions[slot] + ", which is no reference's");
    }

    private void compare(Lists reference, int slot, float tolerance) {
        for (int i = slot * k; i < (slot + 1) * k; i++) {
            boolean sameScore = Math.abs(scores[i] - reference.scores[i]) <= tolerance;
            boolean sameItem = items[i].equals(reference.items[i]) || swapped(reference, i, tolerance);
            if (!sameScore || !sameItem) {
                throw new IllegalStateException("list " + slot + " differs: " + text(slot) + " here, "
                        + reference.text(slot) + " in one process");
            }
        }
    }

    /**
     * Returns whether the item at {@code i} has the same score as an adjacent one, so that rounding decides their
     * order.
     */
    private boolean swapped(Lists reference, int i, float tolerance) {
        for (int other : new int[] {i - 1, i + 1}) {
            if (other >= 0
                    && other < items.length
                    && other / k == i / k
                    && items[i].equals(reference.items[other])
                    && Math.abs(reference.scores[other] - reference.scores[i]) <= tolerance) {
                return true;
            }
        }
        // The next item after the list's end may have the same score too.
        return i % k == k - 1;
    }

    private String text(int slot) {
        return Arrays.toString(Arrays.copyOfRange(items, slot * k, (slot + 1) * k))
                + Arrays.toString(Arrays.copyOfRange(scores, slot * k, (slot + 1) * k));
    }
}
