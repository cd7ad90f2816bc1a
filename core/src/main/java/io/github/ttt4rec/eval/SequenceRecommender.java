package io.github.ttt4rec.eval;

import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.model.SequenceBatch;
import io.github.ttt4rec.model.SequenceModel;
import java.util.Arrays;

/**
 * Scores with a sequence model under the published protocol: the history is the last maxLen items before the target. A
 * user's cases whose history fits come from one pass, since the model is causal; each of the others is a window of its own.
 */
public final class SequenceRecommender implements Recommender {
    /** Tokens encoded at once: their activations stay near the core. */
    private static final int TOKENS = 512;

    private final SequenceModel model;
    private final int maxLen;

    /** Scores with {@code model} from the last {@code maxLen} items. */
    public SequenceRecommender(SequenceModel model, int maxLen) {
        this.model = model;
        this.maxLen = maxLen;
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
        private int[] items = new int[TOKENS + maxLen];
        private int[] offsets = new int[TOKENS + 2];
        /** For each case waiting: the token whose vector it needs. */
        private int[] tokenOfCase = {};

        @Override
        public void score(CaseBlock block, float[] scores) {
            if (hidden.length < block.size() * d) {
                hidden = new float[block.size() * d];
                tokenOfCase = new int[block.size()];
            }
            int sequences = 0;
            int tokens = 0;
            int done = 0;
            for (int i = 0; i < block.size(); ) {
                int end = endOfSequence(block, i);
                int last = block.positions()[end - 1];
                int from = Math.max(0, last - maxLen);
                for (int p = from; p < last; p++) {
                    items[tokens + p - from] = block.data().item(block.users()[i], p);
                }
                for (; i < end; i++) {
                    tokenOfCase[i] = tokens + block.positions()[i] - 1 - from;
                }
                tokens += last - from;
                offsets[++sequences] = tokens;
                if (tokens >= TOKENS || i == block.size()) {
                    encode(sequences, done, i);
                    done = i;
                    sequences = 0;
                    tokens = 0;
                }
            }
            model.outputTable().packed().multiply(block.size(), hidden, 0, scores, 0, model.itemCount() + 1, false);
        }

        /** One past the last case that shares case i's pass. */
        private int endOfSequence(CaseBlock block, int i) {
            int end = i + 1;
            while (end < block.size() && block.users()[end] == block.users()[i] && block.positions()[end] <= maxLen) {
                end++;
            }
            return end;
        }

        private void encode(int sequences, int from, int to) {
            Tensor encoded =
                    model.encode(tape, SequenceBatch.of(items, new Segments(Arrays.copyOf(offsets, sequences + 1))));
            for (int i = from; i < to; i++) {
                System.arraycopy(encoded.data(), tokenOfCase[i] * d, hidden, i * d, d);
            }
            tape.reset();
        }
    }
}
