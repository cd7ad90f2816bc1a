package io.github.ttt4rec.recommend;

import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.model.Objective;
import io.github.ttt4rec.model.SequenceBatch;
import io.github.ttt4rec.model.SequenceModel;
import java.util.Arrays;
import java.util.Locale;

/**
 * Scores with a sequence model under the published protocol: the history is the last maxLen items before the target. With a
 * causal model a user's cases whose history fits come from one pass; each of the others is a window of its own. With a model
 * that restores masked items every case is: the last maxLen − 1 items and the mask.
 */
public final class SequenceRecommender implements Recommender {
    /** Tokens encoded at once: their activations stay near the core. */
    private static final int TOKENS = 512;

    private final SequenceModel model;
    private final int maxLen;
    private final HistoryPolicy policy;
    private final Objective objective;

    /** Scores with {@code model} from the last {@code maxLen} items. */
    public SequenceRecommender(SequenceModel model, int maxLen) {
        this(model, maxLen, HistoryPolicy.WINDOW);
    }

    /**
     * Scores with {@code model} from the items that {@code policy} has it read.
     *
     * @throws IllegalArgumentException if the model cannot read that many
     */
    public SequenceRecommender(SequenceModel model, int maxLen, HistoryPolicy policy) {
        this.model = model;
        this.maxLen = maxLen;
        this.policy = policy;
        objective = model.objective();
        long longest = switch (policy) {
            case WINDOW, RESET -> maxLen;
            case HOP -> 2L * maxLen - 1;
            case UNBOUNDED -> Integer.MAX_VALUE;
        };
        if (longest > model.maxLength()) {
            throw new IllegalArgumentException("history policy " + policy.name().toLowerCase(Locale.ROOT) + " reads "
                    + (policy == HistoryPolicy.UNBOUNDED ? "any number of" : "up to " + longest)
                    + " items, but the model knows " + model.maxLength() + " positions");
        }
        if (objective instanceof Objective.MaskedItem && policy != HistoryPolicy.WINDOW) {
            throw new IllegalArgumentException("a model that restores masked items reads a window");
        }
    }

    @Override
    public int itemCount() {
        return model.itemCount();
    }

    @Override
    public Scorer newScorer() {
        return new WindowScorer();
    }

    private final class WindowScorer implements Scorer {
        private final Tape tape = Tape.forward();
        private final int d = model.hiddenSize();
        private float[] hidden = {};
        private int[] items = new int[TOKENS];
        private int[] offsets = new int[TOKENS + 2];
        /** For each case waiting: the token whose vector it needs. */
        private int[] tokenOfCase = {};

        private int sequences;
        private int tokens;

        @Override
        public void score(CaseBlock block, float[] scores) {
            if (hidden.length < block.size() * d) {
                hidden = new float[block.size() * d];
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
                    encode(done, i);
                    done = i;
                }
            }
            model.outputLayer().score(block.size(), hidden, scores);
        }

        /** Adds the sequence of case i and all that share it; returns the next case. */
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
                items[tokens++] = block.data().item(block.users()[i], p);
            }
        }

        private void reserve(int more) {
            if (tokens + more > items.length) {
                items = Arrays.copyOf(items, Math.max(2 * items.length, tokens + more));
            }
        }

        /** One past the last case that shares case i's pass: of the same user, read from the same item. */
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

        private void encode(int from, int to) {
            Tensor encoded =
                    model.encode(tape, SequenceBatch.of(items, new Segments(Arrays.copyOf(offsets, sequences + 1))));
            for (int i = from; i < to; i++) {
                System.arraycopy(encoded.data(), tokenOfCase[i] * d, hidden, i * d, d);
            }
            tape.reset();
            sequences = 0;
            tokens = 0;
        }
    }
}
