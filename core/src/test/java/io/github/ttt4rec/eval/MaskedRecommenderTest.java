package io.github.ttt4rec.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.baseline.Bert4Rec;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.model.SequenceBatch;
import io.github.ttt4rec.recommend.CaseBlock;
import io.github.ttt4rec.recommend.Recommender;
import io.github.ttt4rec.recommend.SequenceRecommender;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A bidirectional model scores each case in a separate pass over the last maxLen − 1 items and the mask. */
class MaskedRecommenderTest {
    private static final long SEED = 23;
    private static final int ITEMS = 37;

    private static Bert4Rec model(int maxLen) {
        Bert4Rec model = new Bert4Rec(new Bert4Rec.Config(1, 2, 16, 24, 0.2, 0.2, 0.2, 0.5, maxLen), ITEMS);
        Random random = new Random(SEED);
        for (Parameter parameter : model.parameters().all()) {
            for (int i = 0; i < parameter.size(); i++) {
                parameter.value()[i] = 0.3f * (float) random.nextGaussian();
            }
        }
        model.parameters().updated();
        return model;
    }

    /** Computes scores naively: cut the history, append the mask, run one pass, and take inner products in double. */
    private static float[] naiveScores(Bert4Rec model, Split split, int user, int position, int maxLen) {
        int from = Math.max(0, position - (maxLen - 1));
        int[] items = new int[position - from + 1];
        for (int p = from; p < position; p++) {
            items[p - from] = split.data().item(user, p);
        }
        items[items.length - 1] = ITEMS + 1;
        Tensor hidden =
                model.encode(Tape.forward(), SequenceBatch.of(items, new Segments(new int[] {0, items.length})));
        int d = model.hiddenSize();
        float[] scores = new float[ITEMS + 1];
        for (int item = 1; item <= ITEMS; item++) {
            double sum = model.parameters().get("output_bias").value()[item];
            for (int c = 0; c < d; c++) {
                sum += (double) hidden.data()[(items.length - 1) * d + c]
                        * model.outputTable().value()[item * d + c];
            }
            scores[item] = (float) sum;
        }
        return scores;
    }

    @ParameterizedTest
    @CsvSource({"10, 10, 64", "10, 14, 7", "2, 2, 64", "30, 50, 1000"})
    void scoresEqualThoseOfEachCaseAlone(int maxLen, int known, int blockRows) {
        Split split = TestSplits.random(SEED, 50, ITEMS, 40);
        Bert4Rec model = model(known);
        SequenceRecommender recommender = new SequenceRecommender(model, maxLen);
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
                    float[] expected = naiveScores(model, split, block.users()[i], block.positions()[i], maxLen);
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

    /** Even with very large scores of their rows, neither padding nor the mask can outrank an item. */
    @Test
    void maskAndPaddingAreNeverRanked() throws InterruptedException {
        Split split = TestSplits.random(SEED, 30, ITEMS, 20);
        Bert4Rec model = model(10);
        EvaluationOptions options = EvaluationOptions.defaults("all").withBootstrap(0, 0);
        Evaluator evaluator = new Evaluator(options);
        double before = evaluator
                .evaluate(new SequenceRecommender(model, 10), split, Split.Part.TEST)
                .value("MRR");
        model.parameters().get("output_bias").value()[0] = 1e6f;
        model.parameters().updated();
        double after = evaluator
                .evaluate(new SequenceRecommender(model, 10), split, Split.Part.TEST)
                .value("MRR");
        assertThat(after).isEqualTo(before).isPositive();
    }
}
