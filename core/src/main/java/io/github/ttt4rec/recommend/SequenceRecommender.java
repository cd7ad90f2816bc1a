package io.github.ttt4rec.recommend;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.internal.EventTokens;
import io.github.ttt4rec.internal.retrieval.Ranked;
import io.github.ttt4rec.internal.retrieval.Request;
import io.github.ttt4rec.internal.retrieval.Retriever;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.model.Objective;
import io.github.ttt4rec.model.SequenceBatch;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.model.SequenceState;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A network under a history policy. Under the published protocol, {@code WINDOW}, the history is the last maxLen items
 * before the target. With a causal network, one pass serves all cases of a user whose histories are read from the same
 * start. A network that restores masked items needs a separate pass for each case, over the last maxLen − 1 items and
 * the mask.
 */
public final class SequenceRecommender implements Recommender {
    /** The number of tokens encoded at once, so that their activations stay in the caches near the core. */
    private static final int TOKENS = 512;

    private final SequenceModel model;
    private final int maxLen;
    private final HistoryPolicy policy;
    private final SharedLookups lookups;
    private final Objective objective;

    /**
     * Scores with {@code model} from the last {@code maxLen} items.
     *
     * @throws IllegalArgumentException if the model cannot read that many items
     */
    public SequenceRecommender(SequenceModel model, int maxLen) {
        this(model, maxLen, HistoryPolicy.WINDOW, new SharedLookups(model));
        refusal(HistoryPolicy.WINDOW).ifPresent(reason -> {
            throw new IllegalArgumentException(reason);
        });
    }

    private SequenceRecommender(SequenceModel model, int maxLen, HistoryPolicy policy, SharedLookups lookups) {
        this.model = model;
        this.maxLen = maxLen;
        this.policy = policy;
        this.lookups = lookups;
        objective = model.objective();
    }

    public SequenceModel network() {
        return model;
    }

    /** This recommender, under its policy, with a network for more items. */
    public SequenceRecommender withLargerNetwork(SequenceModel larger) {
        return new SequenceRecommender(larger, maxLen, policy, new SharedLookups(larger));
    }

    /** This recommender with another network that has the same output table. */
    public SequenceRecommender withNetwork(SequenceModel other) {
        return new SequenceRecommender(other, maxLen, policy, lookups);
    }

    /**
     * The fastest search for the best items for a query vector. Built on first use, which takes some seconds for
     * millions of items. Thread-safe.
     */
    public Retriever retriever() {
        return lookups.retriever();
    }

    @Override
    public int itemCount() {
        return model.itemCount();
    }

    @Override
    public HistoryPolicy policy() {
        return policy;
    }

    @Override
    public Optional<String> refusal(HistoryPolicy other) {
        long longest = other.longest(maxLen);
        if (model.maxLength() != Integer.MAX_VALUE && longest > model.maxLength()) {
            return Optional.of("history policy " + other.name().toLowerCase(Locale.ROOT) + " reads "
                    + (longest == Long.MAX_VALUE ? "any number of" : "up to " + longest)
                    + " items, but the model knows " + model.maxLength() + " positions");
        }
        return objective instanceof Objective.MaskedItem && other != HistoryPolicy.WINDOW
                ? Optional.of("a model that restores masked items reads a window")
                : Optional.empty();
    }

    @Override
    public SequenceRecommender withPolicy(HistoryPolicy other) {
        refusal(other).ifPresent(reason -> {
            throw new UserFacingException(reason);
        });
        return new SequenceRecommender(model, maxLen, other, lookups);
    }

    @Override
    public long start(long n) {
        return switch (objective) {
            case Objective.NextItem causal -> policy.start(Math.toIntExact(n), maxLen);
            // The mask takes one place of the window.
            case Objective.MaskedItem masked -> Math.max(0, n - (maxLen - 1));
        };
    }

    @Override
    public boolean readsTimes() {
        return false;
    }

    @Override
    public boolean readsKinds() {
        return model.readsKinds();
    }

    @Override
    public long longestHistory() {
        return policy.longest(maxLen);
    }

    @Override
    public List<TensorData> tensors() {
        return model.parameters().all().stream()
                .<TensorData>map(
                        parameter -> new TensorData.Floats(parameter.name(), parameter.shape(), parameter.value()))
                .toList();
    }

    @Override
    public Optional<float[]> similarities(int item) {
        return Optional.of(lookups.similarity().to(item));
    }

    @Override
    public Optional<Cosines> cosines() {
        return Optional.of(lookups.similarity());
    }

    @Override
    public Scorer newScorer() {
        return new WindowScorer();
    }

    @Override
    public Reader newReader() {
        return new NetworkReader();
    }

    private final class NetworkReader implements Reader {
        private final Tape tape = Tape.forward();
        /** Allocated on first use. */
        private float[] scores = {};

        @Override
        public Optional<SequenceState> newState() {
            return Optional.of(model.newState());
        }

        @Override
        public float[] append(SequenceState state, int... items) {
            float[] vector = new float[model.hiddenSize()];
            appendInto(state, vector, items);
            return vector;
        }

        @Override
        public void appendInto(SequenceState state, float[] vector, int... items) {
            if (vector.length != model.hiddenSize()) {
                throw new IllegalArgumentException(
                        "the query vector has " + model.hiddenSize() + " elements, the array " + vector.length);
            }
            for (int event : items) {
                int item = model.readsKinds() ? EventTokens.item(event) : event;
                if (item < 1 || item > itemCount()) {
                    throw new IllegalArgumentException("item index " + item + " is not in 1.." + itemCount());
                }
            }
            if (items.length == 0) {
                throw new IllegalArgumentException("no items to append");
            }
            for (int from = 0; from < items.length; from += TOKENS) {
                int[] some = items.length <= TOKENS
                        ? items
                        : Arrays.copyOfRange(items, from, Math.min(items.length, from + TOKENS));
                Tensor last = model.advance(tape, state, some);
                System.arraycopy(last.data(), 0, vector, 0, vector.length);
                tape.reset();
            }
        }

        @Override
        public boolean isPersonal(Query query) {
            return query.vector().length > 0;
        }

        @Override
        public Ranked top(Query query, int k, BitSet allowed) {
            return lookups.retriever().top(new Request(query.vector(), k, allowed));
        }

        @Override
        public Ranked topOnce(Query query, int k, BitSet allowed) {
            return lookups.retrieverForOneList().top(new Request(query.vector(), k, allowed));
        }

        @Override
        public float[] score(Query query) {
            if (scores.length == 0) {
                scores = new float[itemCount() + 1];
            }
            model.outputLayer().score(1, query.vector(), scores);
            return scores;
        }
    }

    /** Computes query vectors of evaluation cases on one thread. */
    public interface VectorScorer {
        /**
         * Computes the query vector of every case.
         *
         * @param block the cases
         * @param vectors receives the vectors, row-major {@code (block.size(), d)}
         */
        void vectors(CaseBlock block, float[] vectors);
    }

    /** Creates a scorer that computes query vectors for one thread, with its own buffers. */
    public VectorScorer newVectorScorer() {
        return new WindowScorer();
    }

    private final class WindowScorer implements Scorer, VectorScorer {
        private final Tape tape = Tape.forward();
        private final int d = model.hiddenSize();
        private float[] hidden = {};
        private int[] items = new int[TOKENS];
        private int[] offsets = new int[TOKENS + 2];
        /** For each pending case, the token whose vector it needs. */
        private int[] tokenOfCase = {};

        private int sequences;
        private int tokens;

        @Override
        public void score(CaseBlock block, float[] scores) {
            if (hidden.length < block.size() * d) {
                hidden = new float[block.size() * d];
            }
            vectors(block, hidden);
            model.outputLayer().score(block.size(), hidden, scores);
        }

        @Override
        public void vectors(CaseBlock block, float[] vectors) {
            if (tokenOfCase.length < block.size()) {
                tokenOfCase = new int[block.size()];
            }
            int done = 0;
            for (int i = 0; i < block.size(); ) {
                i = switch (objective) {
                    case Objective.NextItem causal -> addSharedPass(block, i);
                    case Objective.MaskedItem masked -> addMasked(block, i, masked.maskToken());
                };
                offsets[++sequences] = tokens;
                if (tokens >= TOKENS || i == block.size()) {
                    encode(done, i, vectors);
                    done = i;
                }
            }
        }

        /**
         * Adds the sequence of case i, which following cases may share; returns the next case that does not share it.
         */
        private int addSharedPass(CaseBlock block, int i) {
            int end = endOfSequence(block, i);
            int last = block.positions()[end - 1];
            int from = policy.start(last, maxLen);
            for (int c = i; c < end; c++) {
                tokenOfCase[c] = tokens + block.positions()[c] - 1 - from;
            }
            addItems(block, i, from, last);
            return end;
        }

        /** Adds case i's history and the mask; returns the next case. */
        private int addMasked(CaseBlock block, int i, int maskToken) {
            int position = block.positions()[i];
            addItems(block, i, Math.max(0, position - (maxLen - 1)), position);
            reserve(1);
            items[tokens] = maskToken;
            tokenOfCase[i] = tokens++;
            return i + 1;
        }

        private void addItems(CaseBlock block, int i, int from, int to) {
            reserve(to - from);
            for (int p = from; p < to; p++) {
                int item = block.data().item(block.users()[i], p);
                items[tokens++] =
                        model.readsKinds() ? EventTokens.of(item, block.data().kind(block.users()[i], p)) : item;
            }
        }

        private void reserve(int more) {
            if (tokens + more > items.length) {
                items = Arrays.copyOf(items, Math.max(2 * items.length, tokens + more));
            }
        }

        /** One past the last case that shares case i's pass, that is, of the same user and read from the same item. */
        private int endOfSequence(CaseBlock block, int i) {
            int start = policy.start(block.positions()[i], maxLen);
            int end = i + 1;
            while (end < block.size()
                    && block.users()[end] == block.users()[i]
                    && policy.start(block.positions()[end], maxLen) == start) {
                end++;
            }
            return end;
        }

        private void encode(int from, int to, float[] vectors) {
            Tensor encoded =
                    model.encode(tape, SequenceBatch.of(items, new Segments(Arrays.copyOf(offsets, sequences + 1))));
            for (int i = from; i < to; i++) {
                System.arraycopy(encoded.data(), tokenOfCase[i] * d, vectors, i * d, d);
            }
            tape.reset();
            sequences = 0;
            tokens = 0;
        }
    }
}
