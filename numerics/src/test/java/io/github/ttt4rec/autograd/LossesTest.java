package io.github.ttt4rec.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.testing.FiniteDifferences;
import io.github.ttt4rec.testing.Numbers;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The losses over all items: the value is exact within 1e-5, gradients within 1e-4 of their largest entry. */
class LossesTest {
    private static final long SEED = 13;
    private static final float WEIGHT = 0.37f;

    /** The arguments of a loss over some rows. */
    private static final class Case {
        final int rows;
        final int items;
        final int d;
        final ParameterSet set = new ParameterSet();
        final Parameter table;
        final float[] hidden;
        final int[] targets;
        final int[] negatives;

        Case(int rows, int items, int d, float bound) {
            Random random = new Random(SEED);
            this.rows = rows;
            this.items = items;
            this.d = d;
            table = set.declare("table", Parameter.Init.ZERO, items, d);
            Numbers.fill(random, table.value(), bound);
            set.updated();
            hidden = Numbers.uniform(random, rows * d, bound);
            // Longer than the number of rows, as callers are allowed to pass.
            targets = random.ints(rows + 3, 1, items).toArray();
            negatives = random.ints(rows + 3, 1, items).toArray();
        }

        Tensor hiddenOn(Tape tape) {
            Tensor tensor = tape.tensor(rows, d);
            System.arraycopy(hidden, 0, tensor.data(), 0, hidden.length);
            return tensor;
        }

        double crossEntropy(Tape tape, Tensor tensor) {
            return CatalogueCrossEntropy.apply(tape, tensor, targets, OutputLayer.of(table), WEIGHT);
        }

        double bpr(Tape tape, Tensor tensor) {
            return BprLoss.apply(tape, tensor, targets, negatives, table, WEIGHT);
        }

        double score(double[] h, double[] e, int row, int item) {
            double sum = 0;
            for (int c = 0; c < d; c++) {
                sum += h[row * d + c] * e[item * d + c];
            }
            return sum;
        }

        double crossEntropyOf(double[] h, double[] e) {
            double loss = 0;
            for (int r = 0; r < rows; r++) {
                double[] logits = new double[items];
                double max = Double.NEGATIVE_INFINITY;
                for (int v = 0; v < items; v++) {
                    logits[v] = score(h, e, r, v);
                    max = Math.max(max, logits[v]);
                }
                double sum = 0;
                for (double logit : logits) {
                    sum += Math.exp(logit - max);
                }
                loss += max + Math.log(sum) - logits[targets[r]];
            }
            return loss;
        }

        double bprOf(double[] h, double[] e) {
            double loss = 0;
            for (int r = 0; r < rows; r++) {
                double margin = score(h, e, r, targets[r]) - score(h, e, r, negatives[r]);
                loss += Math.log1p(Math.exp(-margin));
            }
            return loss;
        }
    }

    private interface Loss {
        double apply(Case on, Tape tape, Tensor hidden);
    }

    private interface Reference {
        double apply(double[] hidden, double[] table);
    }

    private static void check(Case on, Loss loss, Reference reference) {
        double[] h = Numbers.toDouble(on.hidden);
        double[] e = Numbers.toDouble(on.table.value());
        double expected = reference.apply(h, e);
        Tape tape = Tape.recording(on.set);
        Tensor hidden = on.hiddenOn(tape);
        assertThat(loss.apply(on, tape, hidden)).isCloseTo(expected, within(1e-5 * expected));
        double[] dHidden = FiniteDifferences.gradient(at -> WEIGHT * reference.apply(at, e), h);
        double[] dTable = FiniteDifferences.gradient(at -> WEIGHT * reference.apply(h, at), e);
        assertThat(Numbers.relativeError(dHidden, hidden.grad())).isLessThan(1e-4);
        assertThat(Numbers.relativeError(dTable, tape.gradient(on.table))).isLessThan(1e-4);

        loss.apply(on, tape, hidden);
        double[] twice = Arrays.stream(dHidden).map(x -> 2 * x).toArray();
        assertThat(Numbers.relativeError(twice, hidden.grad()))
                .as("gradients add")
                .isLessThan(1e-4);
        Tape inference = Tape.forward();
        assertThat(loss.apply(on, inference, on.hiddenOn(inference))).isCloseTo(expected, within(1e-5 * expected));
    }

    @ParameterizedTest
    @CsvSource({"1, 2, 1", "5, 7, 4", "3, 130, 17", "70, 20, 3", "2, 300, 8"})
    void crossEntropy(int rows, int items, int d) {
        Case on = new Case(rows, items, d, 1.5f);
        check(on, Case::crossEntropy, on::crossEntropyOf);
    }

    /**
     * The gradient of softmax cross-entropy is the probability, minus one at the target. The catalogues need several
     * blocks.
     */
    @ParameterizedTest
    @CsvSource({"150, 1023, 4", "150, 1024, 4", "130, 2500, 3", "60, 20001, 4"})
    void crossEntropyOverManyBlocks(int rows, int items, int d) {
        Case on = new Case(rows, items, d, 1.5f);
        double[] h = Numbers.toDouble(on.hidden);
        double[] e = Numbers.toDouble(on.table.value());
        double[] dHidden = new double[h.length];
        double[] dTable = new double[e.length];
        for (int r = 0; r < rows; r++) {
            double[] p = new double[items];
            double sum = 0;
            for (int v = 0; v < items; v++) {
                p[v] = Math.exp(on.score(h, e, r, v));
                sum += p[v];
            }
            for (int v = 0; v < items; v++) {
                double slope = WEIGHT * (p[v] / sum - (v == on.targets[r] ? 1 : 0));
                for (int c = 0; c < d; c++) {
                    dHidden[r * d + c] += slope * e[v * d + c];
                    dTable[v * d + c] += slope * h[r * d + c];
                }
            }
        }
        Tape tape = Tape.recording(on.set);
        Tensor hidden = on.hiddenOn(tape);
        double expected = on.crossEntropyOf(h, e);
        assertThat(on.crossEntropy(tape, hidden)).isCloseTo(expected, within(1e-5 * expected));
        assertThat(Numbers.relativeError(dHidden, hidden.grad())).isLessThan(1e-4);
        assertThat(Numbers.relativeError(dTable, tape.gradient(on.table))).isLessThan(1e-4);
    }

    /** With logits beyond ±88, e^x would overflow in float. */
    @Test
    void crossEntropyWithExtremeLogits() {
        Case on = new Case(6, 40, 4, 30f);
        assertThat(Numbers.largest(new double[] {
                    on.score(Numbers.toDouble(on.hidden), Numbers.toDouble(on.table.value()), 0, 1),
                    on.crossEntropyOf(Numbers.toDouble(on.hidden), Numbers.toDouble(on.table.value()))
                }))
                .isGreaterThan(300);
        check(on, Case::crossEntropy, on::crossEntropyOf);
    }

    @Test
    void crossEntropyOfACertainPredictionIsNearlyZero() {
        Case on = new Case(1, 20, 2, 0f);
        on.hidden[0] = 100f;
        on.table.value()[2 * on.targets[0]] = 10f;
        on.set.updated();
        Tape tape = Tape.recording(on.set);
        Tensor hidden = on.hiddenOn(tape);
        assertThat(on.crossEntropy(tape, hidden)).isCloseTo(0, within(1e-6));
        assertThat(Arrays.copyOf(hidden.grad(), 2)).containsExactly(new float[] {0f, 0f}, within(1e-5f));
    }

    @ParameterizedTest
    @CsvSource({"1, 3, 1", "5, 7, 4", "40, 12, 17"})
    void bpr(int rows, int items, int d) {
        Case on = new Case(rows, items, d, 1.5f);
        check(on, Case::bpr, on::bprOf);
    }

    @Test
    void bprWithExtremeMargins() {
        Case on = new Case(2, 4, 1, 0f);
        Arrays.fill(on.hidden, 1f);
        on.table.value()[1] = 500f;
        on.table.value()[2] = -500f;
        on.targets[0] = 1;
        on.negatives[0] = 2;
        on.targets[1] = 2;
        on.negatives[1] = 1;
        Tape tape = Tape.recording(on.set);
        Tensor hidden = on.hiddenOn(tape);
        assertThat(on.bpr(tape, hidden))
                .as("0 for the sure hit, the margin for the sure miss")
                .isEqualTo(1000);
        assertThat(hidden.grad()[0]).isZero();
        assertThat(hidden.grad()[1]).isCloseTo(WEIGHT * 1000f, within(1e-2f));
    }
}
