package io.github.ttt4rec.serve.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.model.Objective;
import io.github.ttt4rec.model.SequenceBatch;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.recommend.HistoryPolicy;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.recommend.Recommendations;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The scores of the library's batch forward pass over the items of a history that the policy reads. */
final class Reference {
    static final float TOLERANCE = 1e-5f;

    private Reference() {}

    /** Returns the score of every item by index; empty if the model knows none of the items read. */
    static float[] scores(TrainedModel model, HistoryPolicy policy, List<String> history) {
        SequenceModel network = model.network();
        int maxLen = model.config().train().maxLen();
        IntStream items = history.stream()
                .skip(policy.start(history.size(), maxLen))
                .filter(item -> model.items().indexOf(item) != null)
                .mapToInt(item -> model.items().indexOf(item));
        int[] tokens;
        if (network.objective() instanceof Objective.MaskedItem masked) {
            int[] window = history.stream()
                    .skip(Math.max(0, history.size() - (maxLen - 1)))
                    .filter(item -> model.items().indexOf(item) != null)
                    .mapToInt(item -> model.items().indexOf(item))
                    .toArray();
            tokens = window.length == 0 ? window : Arrays.copyOf(window, window.length + 1);
            if (window.length > 0) {
                tokens[window.length] = masked.maskToken();
            }
        } else {
            tokens = items.toArray();
        }
        if (tokens.length == 0) {
            return new float[0];
        }
        int d = network.hiddenSize();
        float[] hidden = network.encode(
                        Tape.forward(), SequenceBatch.of(tokens, new Segments(new int[] {0, tokens.length})))
                .data();
        float[] scores = new float[network.itemCount() + 1];
        network.outputLayer().score(1, Arrays.copyOfRange(hidden, (tokens.length - 1) * d, tokens.length * d), scores);
        return scores;
    }

    /** Checks a list of all items against the reference. */
    static void assertSame(
            String what, TrainedModel model, HistoryPolicy policy, List<String> history, Recommended answer) {
        float[] expected = scores(model, policy, history);
        assertThat(answer.events()).as(what).isEqualTo(history.size());
        assertThat(answer.modelVersion()).as(what).isEqualTo(model.version());
        if (expected.length == 0) {
            assertThat(answer.items().basis()).as(what).isEqualTo(Recommendations.Basis.POPULARITY);
            return;
        }
        assertThat(answer.items().basis()).as(what).isEqualTo(Recommendations.Basis.PERSONAL);
        assertThat(answer.items()).as(what).hasSize(model.items().size());
        for (Recommendation item : answer.items()) {
            assertThat(item.score())
                    .as("%s, item %s after %s", what, item.item(), history)
                    .isCloseTo(expected[model.items().indexOf(item.item())], within(TOLERANCE));
        }
    }
}
