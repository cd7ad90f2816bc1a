package io.github.ttt4rec.live;

import io.github.ttt4rec.api.NewItem;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.read.Datasets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Updates a model's catalogue between two trainings: adds the items that it does not know yet, and recomputes
 * everything that comes from counting. The result depends only on the model and the events; the weights of the network
 * do not change.
 */
public final class LiveCatalogue {
    /** A server adds an item only if at least this many users had it, so that no single client can add one. */
    public static final int MIN_USERS = 2;

    /** The maximum number of similar items of a new item. */
    public static final int MAX_SIMILAR = 10;
    /** Items up to this many events apart in a history are related. */
    private static final int DISTANCE = 2;
    /**
     * The limit on the number of items without training events is the number of items that have some, or this if it is
     * larger.
     */
    private static final int MIN_LIMIT = 1_000;

    private LiveCatalogue() {}

    /** The users and neighbours of an unknown item. */
    private static final class Candidate {
        private final Set<Integer> users = new HashSet<>();
        private final Map<Integer, Integer> near = new HashMap<>();
    }

    /**
     * The items of a split's training part that a model does not know, each with the ten items that occur most often
     * near it in histories. A model has at most as many items without training events as items with them, or 1,000 if
     * that is more; items with the most users take precedence.
     *
     * @param minUsers items with fewer users are left out; with 2 or more, a single client cannot add an item
     */
    public static List<NewItem> newItems(TrainedModel model, Split split, int minUsers) {
        Dataset data = split.data();
        boolean[] known = new boolean[data.itemCount() + 1];
        for (int item = 1; item < known.length; item++) {
            known[item] = model.items().indexOf(data.items().name(item)) != null;
        }
        Map<Integer, Candidate> candidates = new HashMap<>();
        for (int user = 0; user < data.userCount(); user++) {
            int end = split.trainingLength(user);
            for (int position = 0; position < end; position++) {
                int item = data.item(user, position);
                if (known[item]) {
                    continue;
                }
                Candidate candidate = candidates.computeIfAbsent(item, unknown -> new Candidate());
                candidate.users.add(user);
                int to = Math.min(end, position + DISTANCE + 1);
                for (int other = Math.max(0, position - DISTANCE); other < to; other++) {
                    if (known[data.item(user, other)]) {
                        candidate.near.merge(data.item(user, other), 1, Integer::sum);
                    }
                }
            }
        }
        return candidates.entrySet().stream()
                .filter(entry -> entry.getValue().users.size() >= minUsers)
                .filter(entry -> !entry.getValue().near.isEmpty())
                .sorted(Comparator.<Map.Entry<Integer, Candidate>>comparingInt(
                                entry -> -entry.getValue().users.size())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(room(model))
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> new NewItem(data.items().name(entry.getKey()), similar(data, entry.getValue())))
                .toList();
    }

    /**
     * Items that a model does not know, with their attributes.
     *
     * @param added the items to add
     * @param strange the number of items without an attribute that training has seen
     * @param beyond the number of items for which the model has no room
     */
    public record Described(List<NewItem> added, long strange, long beyond) {}

    /**
     * The described items that a model does not know, for a model that computes their vectors from their attributes. A
     * model has at most as many items without training events as in
     * {@link #newItems(TrainedModel, Split, int)}; the first items take precedence.
     *
     * @param attributes the attributes of items by id
     */
    public static Described newItems(TrainedModel model, Map<String, ItemAttributes> attributes) {
        List<NewItem> added = new ArrayList<>();
        long strange = 0;
        long beyond = 0;
        long room = room(model);
        for (Map.Entry<String, ItemAttributes> item : attributes.entrySet()) {
            if (model.items().indexOf(item.getKey()) != null) {
                continue;
            }
            if (!model.encodes(item.getValue())) {
                strange++;
            } else if (added.size() >= room) {
                beyond++;
            } else {
                added.add(new NewItem(item.getKey(), item.getValue()));
            }
        }
        return new Described(added, strange, beyond);
    }

    /** The number of items that may still be added to a model. */
    public static long room(TrainedModel model) {
        long trained = IntStream.rangeClosed(1, model.items().size())
                .filter(model::isTrained)
                .count();
        return Math.max(0, Math.max(MIN_LIMIT, trained) - (model.items().size() - trained));
    }

    private static List<String> similar(Dataset data, Candidate candidate) {
        List<Map.Entry<String, Integer>> near = new ArrayList<>();
        candidate.near.forEach((item, count) -> near.add(Map.entry(data.items().name(item), count)));
        return near.stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MAX_SIMILAR)
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * The model with everything that it counts recomputed from the training part of a split; see
     * {@link TrainedModel#counted}.
     */
    public static TrainedModel counted(TrainedModel model, Split split) {
        return model.counted(known(split, model));
    }

    /** The same split, reduced to events on items that a model knows and with that model's indices. */
    public static Split known(Split split, TrainedModel model) {
        Dataset data = split.data();
        Dataset known = Datasets.withItems(data, model.items());
        int[] ends = new int[known.userCount()];
        int there = 0;
        for (int user = 0; user < data.userCount(); user++) {
            int all = 0;
            int training = 0;
            for (int position = 0; position < data.length(user); position++) {
                if (model.items().indexOf(data.items().name(data.item(user, position))) != null) {
                    all++;
                    training += position < split.trainingLength(user) ? 1 : 0;
                }
            }
            if (all > 0) {
                ends[there++] = training;
            }
        }
        return new Split(split.protocol(), known, ends, ends);
    }
}
