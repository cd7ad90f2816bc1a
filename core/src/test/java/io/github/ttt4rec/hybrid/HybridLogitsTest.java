package io.github.ttt4rec.hybrid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.internal.retrieval.CodedScan;
import io.github.ttt4rec.internal.retrieval.ExactScan;
import io.github.ttt4rec.internal.retrieval.Ranked;
import io.github.ttt4rec.internal.retrieval.Retriever;
import io.github.ttt4rec.recommend.History;
import io.github.ttt4rec.recommend.Recommender;
import io.github.ttt4rec.ttt.TttModel;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The sparse search gives a result bit-identical to that of a full scoring. */
class HybridLogitsTest {
    private static final long SEED = 31;
    private static final int MODELS = 1000;

    /** Random output weights, tables, histories and network weights. */
    @Test
    void sparseSearchEqualsFullScoringToTheBit() {
        System.out.println("seed " + SEED);
        SplittableRandom random = new SplittableRandom(SEED);
        int added = 0;
        int explained = 0;
        for (int model = 0; model < MODELS; model++) {
            int items = random.nextInt(3, 300);
            HybridConfig config = HybridConfig.defaults();
            TttModel network = config.network().create(items);
            network.parameters().initialize(model);
            Parameter table = network.outputTable();
            for (int i = table.extent(1); i < table.size(); i++) {
                // Few distinct values, so that many scores are equal.
                table.value()[i] = random.nextInt(-2, 3) * (random.nextInt(4) == 0 ? 1f : 0.25f);
            }
            network.parameters().updated();
            ItemTables tables = ItemTables.count(
                    TrainingEvents.of(Logs.leaveOneOut(Logs.of(items, true, Logs.circles(20, 12, items, random)))),
                    config);
            OutputTable output = new OutputTable(network, tables);
            HybridLogits logits = new HybridLogits(output, weights(random), new ItemFeatures(config, tables));
            float[] vector = new float[network.hiddenSize()];
            for (int i = 0; i < vector.length; i++) {
                vector[i] = random.nextInt(-4, 5) / 4f;
            }
            for (Retriever retriever : List.of(new ExactScan(output.vectors()), new CodedScan(output.vectors()))) {
                History history = Logs.history(items, 60, random);
                int k = random.nextInt(1, 2 * items);
                BitSet allowed = allowed(items, random);
                float[] scores = new float[items + 1];
                logits.score(history, vector, scores);
                Ranked full = ExactScan.select(scores, allowed, k);
                Ranked sparse = logits.top(history, vector, k, allowed, retriever);
                assertThat(sparse.items()).as("model %d", model).isEqualTo(full.items());
                assertThat(bits(sparse.scores())).as("model %d", model).isEqualTo(bits(full.scores()));
                added += logits.added().items().length;
                explained += requireTerms(logits, history, vector, scores, random.nextInt(1, items + 1));
            }
        }
        assertThat(added).as("items that something was added to").isGreaterThan(10 * MODELS);
        assertThat(explained).as("items that an event moved").isGreaterThan(MODELS / 10);
    }

    /**
     * Checks that the terms add up to the score, and the contributions of events to the terms that depend on events.
     * Returns 1 if any event contributes.
     */
    private static int requireTerms(HybridLogits logits, History history, float[] vector, float[] scores, int item) {
        Recommender.Explanation terms = logits.explain(history, vector, item).getFirst();
        double sum = (double) terms.network() + terms.popularity() + terms.repeat() + terms.memory();
        assertThat(sum).isCloseTo(scores[item], within(1e-3 + 1e-4 * Math.abs(scores[item])));
        double events =
                terms.causes().stream().mapToDouble(Recommender.Cause::logit).sum();
        double sparse = (double) terms.repeat() + terms.memory();
        assertThat(events).isCloseTo(sparse, within(1e-3 + 1e-3 * Math.abs(sparse)));
        return terms.causes().isEmpty() ? 0 : 1;
    }

    private static OutputWeights weights(SplittableRandom random) {
        float[] values = new float[OutputWeights.FEATURES * OutputWeights.GATES];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(3) == 0 ? (float) random.nextGaussian() : 0;
        }
        return new OutputWeights(values, GateRange.UNLIMITED);
    }

    private static BitSet allowed(int items, SplittableRandom random) {
        BitSet allowed = new BitSet();
        allowed.set(1, items + 1);
        int kind = random.nextInt(3);
        for (int item = 1; item <= items; item++) {
            if ((kind == 1 && random.nextInt(5) == 0) || (kind == 2 && random.nextInt(20) > 0)) {
                allowed.clear(item);
            }
        }
        return allowed;
    }

    private static int[] bits(float[] scores) {
        int[] bits = new int[scores.length];
        Arrays.setAll(bits, i -> Float.floatToIntBits(scores[i]));
        return bits;
    }
}
