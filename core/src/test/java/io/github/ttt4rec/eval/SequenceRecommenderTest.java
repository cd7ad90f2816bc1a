package io.github.ttt4rec.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.model.SequenceBatch;
import io.github.ttt4rec.recommend.CaseBlock;
import io.github.ttt4rec.recommend.HistoryPolicy;
import io.github.ttt4rec.recommend.Recommender;
import io.github.ttt4rec.recommend.SequenceRecommender;
import io.github.ttt4rec.ttt.InnerModelType;
import io.github.ttt4rec.ttt.TttConfig;
import io.github.ttt4rec.ttt.TttConfig.Backbone;
import io.github.ttt4rec.ttt.TttModel;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cases that share a pass get the same scores as with a separate pass over their last maxLen items. */
class SequenceRecommenderTest {
    private static final long SEED = 21;
    private static final int ITEMS = 37;

    private static TttModel model(Backbone backbone, boolean tied) {
        TttConfig config = new TttConfig(
                InnerModelType.LINEAR, backbone, backbone == Backbone.MAMBA, 1, 16, 2, 24, 4, 1.0, 1000, 4, 0.2, tied);
        TttModel model = new TttModel(config, ITEMS);
        model.parameters().initialize(SEED);
        // Weights are far larger than at the start of training, so that every item of the history affects the scores.
        for (var parameter : model.parameters().all()) {
            for (int i = 0; i < parameter.size(); i++) {
                parameter.value()[i] *= 10f;
            }
        }
        model.parameters().updated();
        return model;
    }

    private static float[] naiveScores(TttModel model, Split split, int user, int position, int from) {
        int[] items = new int[position - from];
        for (int p = from; p < position; p++) {
            items[p - from] = split.data().item(user, p);
        }
        Tensor hidden =
                model.encode(Tape.forward(), SequenceBatch.of(items, new Segments(new int[] {0, items.length})));
        int d = model.hiddenSize();
        float[] scores = new float[ITEMS + 1];
        for (int item = 1; item <= ITEMS; item++) {
            double sum = 0;
            for (int c = 0; c < d; c++) {
                sum += (double) hidden.data()[(items.length - 1) * d + c]
                        * model.outputTable().value()[item * d + c];
            }
            scores[item] = (float) sum;
        }
        return scores;
    }

    @ParameterizedTest
    @CsvSource({
        "TRANSFORMER, true, 10, 64, WINDOW",
        "TRANSFORMER, false, 10, 7, WINDOW",
        "MAMBA, true, 10, 64, WINDOW",
        "MAMBA, true, 1, 64, WINDOW",
        "TRANSFORMER, true, 100, 1000, WINDOW",
        "TRANSFORMER, true, 3, 1, WINDOW",
        "TRANSFORMER, true, 5, 64, UNBOUNDED",
        "TRANSFORMER, true, 5, 64, RESET",
        "TRANSFORMER, true, 5, 64, HOP",
        "MAMBA, true, 4, 7, HOP"
    })
    void scoresEqualThoseOfEachCaseAlone(
            Backbone backbone, boolean tied, int maxLen, int blockRows, HistoryPolicy policy) {
        // Users have 1 to 40 events, so that histories are shorter and longer than maxLen and passes exceed 512 tokens.
        Split split = TestSplits.random(SEED, 50, ITEMS, 40);
        TttModel model = model(backbone, tied);
        SequenceRecommender recommender = new SequenceRecommender(model, maxLen).withPolicy(policy);
        assertThat(recommender.itemCount()).isEqualTo(ITEMS);
        Recommender.Scorer scorer = recommender.newScorer();
        int compared = 0;
        for (Split.Part part : Split.Part.values()) {
            CaseBlocks blocks = new CaseBlocks(split, part, blockRows);
            for (int b = 0; b < blocks.count(); b++) {
                CaseBlock block = blocks.block(b);
                float[] scores = new float[block.size() * (ITEMS + 1)];
                scorer.score(block, scores);
                for (int i = 0; i < block.size(); i++) {
                    float[] expected = naiveScores(
                            model,
                            split,
                            block.users()[i],
                            block.positions()[i],
                            policy.start(block.positions()[i], maxLen));
                    float[] actual = Arrays.copyOfRange(scores, i * (ITEMS + 1), (i + 1) * (ITEMS + 1));
                    actual[0] = 0f;
                    float largest = 0f;
                    for (float score : expected) {
                        largest = Math.max(largest, Math.abs(score));
                    }
                    assertThat(actual)
                            .as("user %d, position %d", block.users()[i], block.positions()[i])
                            .containsExactly(expected, within(1e-5f * largest));
                    compared++;
                }
            }
        }
        assertThat(compared).isGreaterThan(500);
    }

    /** The window matters: with one more item, a long history has other scores. */
    @ParameterizedTest
    @CsvSource({"5", "10"})
    void itemBeforeTheWindowIsNotSeen(int maxLen) {
        TttModel model = model(Backbone.TRANSFORMER, true);
        int[] items = new int[maxLen + 2];
        Arrays.setAll(items, i -> 1 + i);
        int[] other = items.clone();
        other[0] = 30;
        int[] nearer = items.clone();
        nearer[1] = 30;
        Split split =
                TestSplits.of(ITEMS, new int[][] {items, other, nearer}, new int[] {1, 1, 1}, new int[] {1, 1, 1});
        Recommender.Scorer scorer = new SequenceRecommender(model, maxLen).newScorer();
        float[] scores = new float[3 * (ITEMS + 1)];
        int last = maxLen + 1;
        scorer.score(new CaseBlock(split.data(), new int[] {0, 1, 2}, new int[] {last, last, last}), scores);
        float[] first = Arrays.copyOfRange(scores, 0, ITEMS + 1);
        assertThat(Arrays.copyOfRange(scores, ITEMS + 1, 2 * (ITEMS + 1))).containsExactly(first);
        assertThat(Arrays.copyOfRange(scores, 2 * (ITEMS + 1), 3 * (ITEMS + 1))).isNotEqualTo(first);
    }
}
