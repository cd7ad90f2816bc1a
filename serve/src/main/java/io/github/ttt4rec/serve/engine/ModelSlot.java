package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.ModelReader;
import io.github.ttt4rec.api.Recommendation;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.eval.HistoryPolicy;
import io.github.ttt4rec.model.InnerStep;
import io.github.ttt4rec.model.Objective;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.model.TttModel;
import io.github.ttt4rec.serve.Pool;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A model in use, with what belongs to it alone: how it reads histories, which items it may recommend now, and the workspaces
 * to do so. For any number of threads.
 */
final class ModelSlot {
    private static final int WORKSPACES = 2 * Runtime.getRuntime().availableProcessors();

    private final TrainedModel model;
    private final long lineage;
    private final HistoryPolicy policy;
    private final int maxLen;
    private final ModelInfo info;
    private final Pool<ModelReader, RuntimeException> readers;
    /** Indices of the items that may be recommended at all. Never written to, only replaced. */
    private volatile BitSet allowed;

    private volatile @Nullable ModelSlot frozen;

    /**
     * A slot for a model.
     *
     * @param lineage see {@link ModelStamp#lineage}
     * @param policy which part of a long history it reads
     * @param blocked items never to be recommended
     * @param added items that it has beyond those it was trained with
     * @param leftOut items that could not be added
     */
    ModelSlot(
            TrainedModel model,
            long lineage,
            HistoryPolicy policy,
            Instant loadedAt,
            Set<String> blocked,
            List<String> added,
            List<String> leftOut) {
        this.model = model;
        this.lineage = lineage;
        this.policy = policy;
        maxLen = model.config().train().maxLen();
        info = new ModelInfo(
                model.version(),
                model.config().model().type(),
                model.items().size(),
                loadedAt,
                policy,
                model.network() instanceof TttModel ttt && ttt.config().baseLr() > 0,
                added,
                leftOut);
        readers = new Pool<>(WORKSPACES, model::newReader, reader -> {});
        allowed = new BitSet();
        block(blocked);
    }

    TrainedModel model() {
        return model;
    }

    ModelInfo info() {
        return info;
    }

    long lineage() {
        return lineage;
    }

    /** Replaces the items never to be recommended. */
    void block(Set<String> items) {
        BitSet others = new BitSet(model.items().size() + 1);
        others.set(1, model.items().size() + 1);
        for (int index : indices(items)) {
            others.clear(index);
        }
        allowed = others;
    }

    /** What marks things made with this model. */
    ModelStamp stamp(boolean allKnown) {
        return new ModelStamp(lineage, model.items().size(), allKnown);
    }

    /** Whether something made with another model is what this one would have made. */
    boolean accepts(ModelStamp stamp) {
        return stamp.lineage() == lineage
                && (stamp.items() == model.items().size()
                        || (stamp.allKnown() && stamp.items() < model.items().size()));
    }

    /** The position from which the model reads a history of n events. */
    long start(long n) {
        if (model.network().objective() instanceof Objective.MaskedItem) {
            // One place of the window is the mask's.
            return Math.max(0, n - (maxLen - 1));
        }
        return policy.start(Math.toIntExact(n), maxLen);
    }

    /** The index of an item, 0 where the model does not know it. */
    int index(String item) {
        Integer index = model.items().indexOf(item);
        return index == null ? 0 : index;
    }

    /** The indices of items, 0 where the model does not know one. */
    int[] indices(Collection<String> items) {
        return items.stream().mapToInt(this::index).toArray();
    }

    /** The state before a user's first event. */
    SequenceState newState() {
        return model.network().newState();
    }

    /** Reads known items, at least one; returns what scores the next one. */
    float[] append(SequenceState state, int[] known) {
        return readers.with(reader -> reader.append(state, known));
    }

    /** What scores the item after a history of indices; empty where the model knows none of those it reads. */
    float[] read(int[] history) {
        int[] known = known(history, (int) start(history.length), history.length);
        return known.length == 0 ? new float[0] : append(newState(), known);
    }

    /** Those of {@code from .. to − 1} that the model knows. */
    static int[] known(int[] items, int from, int to) {
        return Arrays.stream(items, from, to).filter(item -> item != 0).toArray();
    }

    /**
     * What each event of a history that the model reads did to the fast weights, by place in the history; empty for those
     * before, for unknown ones, and for a network without fast weights.
     */
    List<Optional<InnerStep>> steps(int[] history, int from) {
        List<Optional<InnerStep>> steps = new ArrayList<>();
        SequenceState state = newState();
        readers.with(reader -> {
            for (int i = 0; i < history.length; i++) {
                boolean read = info.adaptive() && i >= from && history[i] != 0;
                if (read) {
                    reader.append(state, history[i]);
                }
                steps.add(read ? state.lastStep() : Optional.empty());
            }
            return reader;
        });
        return steps;
    }

    /** The k best items after what was read: popular ones where that is nothing. */
    List<Recommendation> recommend(float[] hidden, int k, Filter filter, int[] seen) {
        BitSet candidates = candidates(filter, seen);
        return hidden.length == 0
                ? model.mostPopular(k, candidates)
                : readers.with(reader -> reader.recommend(hidden, k, candidates));
    }

    /** The k items most like one. */
    List<Recommendation> similarItems(String item, int k, Filter filter) {
        return model.similarItems(item, k, candidates(filter, new int[0]));
    }

    /** This model with fast weights that do not learn; throws {@link UserFacingException} where it has none. */
    ModelSlot frozen() {
        ModelSlot made = frozen;
        if (made == null) {
            // Two threads may both make one; either will do.
            made = new ModelSlot(
                    model.frozen(), lineage, policy, info.loadedAt(), Set.of(), info.addedItems(), info.leftOut());
            frozen = made;
        }
        // It has no list of its own that would have to be kept up to date.
        made.allowed = allowed;
        return made;
    }

    /** Which items a filter leaves. Most requests have none, and share one set. */
    private BitSet candidates(Filter filter, int[] seen) {
        BitSet all = allowed;
        List<String> only = filter.only();
        if (only == null && filter.exclude().isEmpty() && (!filter.excludeSeen() || seen.length == 0)) {
            return all;
        }
        BitSet candidates;
        if (only == null) {
            candidates = (BitSet) all.clone();
        } else {
            candidates = new BitSet();
            Arrays.stream(indices(only)).forEach(candidates::set);
            candidates.and(all);
        }
        Arrays.stream(indices(filter.exclude())).forEach(candidates::clear);
        if (filter.excludeSeen()) {
            Arrays.stream(seen).forEach(candidates::clear);
        }
        return candidates;
    }

    /**
     * Uses it once before users do: the first lists cost more. Throws {@link UserFacingException} where what it computes are
     * no numbers.
     */
    void warm() {
        int items = Math.min(model.items().size(), 2 * maxLen);
        float[] hidden = read(IntStream.rangeClosed(1, items).toArray());
        recommend(hidden, 10, Filter.NONE, new int[0]);
        readers.with(reader -> {
            float[] scores = reader.score(hidden);
            for (int item = 1; item < scores.length; item++) {
                if (!Float.isFinite(scores[item])) {
                    throw new UserFacingException("the model " + info.version() + " scores item \""
                            + model.items().name(item) + "\" with " + scores[item]
                            + ": its weights are not fit for use");
                }
            }
            return reader;
        });
    }
}
