package io.github.ttt4rec.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.autograd.CatalogueCrossEntropy;
import io.github.ttt4rec.autograd.Negatives;
import io.github.ttt4rec.autograd.OutputLayer;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.autograd.SampledCrossEntropy;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.random.SplitMix;
import io.github.ttt4rec.testing.Numbers;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NegativeSamplerTest {
    private static final long SEED = 77;
    private static final int ITEMS = 30;

    /** Item v has v³ interactions, except item 4, which has none. */
    private static NegativeSampler sampler(double alpha) {
        float[] interactions = new float[ITEMS + 1];
        for (int item = 1; item <= ITEMS; item++) {
            interactions[item] = item == 4 ? 0 : item * item * item;
        }
        return NegativeSampler.popularity(interactions, alpha);
    }

    private static double[] probabilities(double alpha, int without) {
        double[] p = new double[ITEMS + 1];
        for (int item = 1; item <= ITEMS; item++) {
            p[item] = item == without ? 0 : Math.pow(item == 4 ? 1 : item * item * item, alpha);
        }
        double sum = Arrays.stream(p).sum();
        return Arrays.stream(p).map(x -> x / sum).toArray();
    }

    /** Pearson's chi-square statistic of counts against probabilities, divided by its degrees of freedom. */
    private static double chiSquare(int[] items, double[] p) {
        int[] counts = new int[p.length];
        for (int item : items) {
            counts[item]++;
        }
        double sum = 0;
        int cells = 0;
        for (int item = 0; item < p.length; item++) {
            if (p[item] == 0) {
                assertThat(counts[item]).as("draws of %d", item).isZero();
            } else {
                double expected = p[item] * items.length;
                sum += (counts[item] - expected) * (counts[item] - expected) / expected;
                cells++;
            }
        }
        return sum / (cells - 1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 0.75, 1})
    void drawsWithTheGivenProbabilities(double alpha) {
        NegativeSampler sampler = sampler(alpha);
        double[] p = probabilities(alpha, 0);
        int[] draws = IntStream.range(0, 400_000)
                .map(i -> sampler.draw(SplitMix.mix(SEED + i * 0x9E3779B97F4A7C15L)))
                .toArray();
        double statistic = chiSquare(draws, p);
        System.out.println("alpha " + alpha + ", seed " + SEED + ": chi-square per degree of freedom " + statistic);
        // With 29 degrees of freedom the statistic exceeds 2.1 with a probability of 0.001.
        assertThat(statistic).isLessThan(2.1);
        double sum = 0;
        for (int item = 1; item <= ITEMS; item++) {
            assertThat(Math.exp(sampler.logProbability(item))).isCloseTo(p[item], within(1e-6));
            sum += Math.exp(sampler.logProbability(item));
        }
        assertThat(sum).isCloseTo(1, within(1e-6));
    }

    @Test
    void withoutAlphaAllItemsAreAlike() {
        NegativeSampler uniform = NegativeSampler.uniform(ITEMS);
        for (int i = 0; i < 1000; i++) {
            long bits = SplitMix.mix(SEED + i);
            assertThat(uniform.draw(bits)).isEqualTo(sampler(0).draw(bits));
        }
        assertThat(uniform.logProbability(7)).isEqualTo((float) -Math.log(ITEMS));
        assertThat(uniform.draw(0L)).isEqualTo(1);
        assertThat(uniform.draw(-1L)).isEqualTo(ITEMS);
    }

    @Test
    void caseAloneNeverGetsItsTarget() {
        NegativeSampler sampler = sampler(0.75);
        int rows = 40_000;
        int[] targets = new int[rows];
        Arrays.fill(targets, ITEMS);
        long[] seeds = IntStream.range(0, rows)
                .mapToLong(i -> SplitMix.mix(SEED * 31 + i))
                .toArray();
        Negatives negatives = sampler.perRow(3, targets, seeds);
        double[] p = probabilities(0.75, ITEMS);
        assertThat(chiSquare(negatives.items(), p)).isLessThan(2.1);
        for (int i = 0; i < 100; i++) {
            assertThat((double) negatives.logExpected()[i])
                    .isCloseTo(Math.log(3 * p[negatives.items()[i]]), within(1e-5));
        }
        Negatives tail = sampler.perRow(3, Arrays.copyOfRange(targets, 5, 9), Arrays.copyOfRange(seeds, 5, 9));
        assertThat(tail.items()).containsExactly(Arrays.copyOfRange(negatives.items(), 15, 27));
    }

    /** A row gets the same draws wherever a batch is divided. */
    @ParameterizedTest
    @CsvSource({"0, 200", "0, 64", "64, 64", "10, 100", "63, 2", "199, 1", "130, 0"})
    void sharedDrawsDoNotDependOnPasses(int first, int rows) {
        NegativeSampler sampler = sampler(0.75);
        Negatives whole = sampler.shared(5, 64, 0, 200, SEED);
        Negatives part = sampler.shared(5, 64, first, rows, SEED);
        int from = first / 64 * 5;
        assertThat(part.items()).containsExactly(Arrays.copyOfRange(whole.items(), from, from + part.items().length));
        assertThat(part.items()).hasSize(rows == 0 ? 0 : 5 * ((first + rows - 1) / 64 - first / 64 + 1));
        assertThat(sampler.shared(5, 64, first, 64, SEED + 1).items())
                .isNotEqualTo(sampler.shared(5, 64, first, 64, SEED).items());
        for (int i = 0; i < part.items().length; i++) {
            assertThat((double) part.logExpected()[i])
                    .isCloseTo(Math.log(5) + sampler.logProbability(part.items()[i]), within(1e-6));
        }
    }

    /** The mean estimate of sampled cross-entropy over many draws with a fixed seed. */
    private static final class Estimate {
        private static final int ROWS = 4;
        private static final int D = 5;

        private final ParameterSet set = new ParameterSet();
        private final Parameter table = set.declare("table", Parameter.Init.ZERO, ITEMS + 1, D);
        private final OutputLayer output = OutputLayer.of(table);
        private final float[] hidden;
        private final int[] targets = {3, 30, 12, 4};

        Estimate() {
            Random random = new Random(SEED);
            Numbers.fill(random, table.value(), 1f);
            Arrays.fill(table.value(), 0, D, 0f);
            hidden = Numbers.uniform(random, ROWS * D, 1f);
            set.updated();
        }

        /** The gradient of the table, followed by that of the hidden vectors. */
        double[] gradient(NegativeSampler sampler, int count, int draws, boolean alone, boolean corrected) {
            double[] sum = new double[table.size() + hidden.length];
            for (int draw = 0; draw < draws; draw++) {
                Negatives negatives = draw(sampler, count, alone, draw);
                Negatives used = corrected
                        ? negatives
                        : new Negatives(
                                count,
                                negatives.share(),
                                0,
                                negatives.items(),
                                constant(negatives.items().length, Math.log((double) count / ITEMS)));
                Tape tape = Tape.recording(set);
                Tensor on = hiddenOn(tape);
                SampledCrossEntropy.apply(tape, on, targets, used, output, 1f);
                add(sum, tape, on);
            }
            return Arrays.stream(sum).map(x -> x / draws).toArray();
        }

        private Negatives draw(NegativeSampler sampler, int count, boolean alone, int draw) {
            long seed = SplitMix.mix(SEED * 1_000_003 + draw);
            return alone
                    ? sampler.perRow(count, targets, new long[] {seed, ~seed, SplitMix.mix(seed), SplitMix.mix(~seed)})
                    : sampler.shared(count, 64, 0, ROWS, seed);
        }

        private static float[] constant(int size, double value) {
            float[] values = new float[size];
            Arrays.fill(values, (float) value);
            return values;
        }

        double[] full() {
            Tape tape = Tape.recording(set);
            Tensor on = hiddenOn(tape);
            CatalogueCrossEntropy.apply(tape, on, targets, output, 1f);
            double[] sum = new double[table.size() + hidden.length];
            add(sum, tape, on);
            return sum;
        }

        private Tensor hiddenOn(Tape tape) {
            Tensor on = tape.tensor(ROWS, D);
            System.arraycopy(hidden, 0, on.data(), 0, hidden.length);
            return on;
        }

        private void add(double[] sum, Tape tape, Tensor on) {
            for (int i = 0; i < table.size(); i++) {
                sum[i] += tape.gradient(table)[i];
            }
            for (int i = 0; i < hidden.length; i++) {
                sum[table.size() + i] += on.grad()[i];
            }
        }

        /** The mean over draws of Z/exp(target's score) for row 0, minus that of the full sum, in standard errors. */
        double normalizerError(NegativeSampler sampler, int count, int draws, boolean alone) {
            Tape tape = Tape.forward();
            int[] target = {targets[0]};
            Tensor on = tape.tensor(1, D);
            System.arraycopy(hidden, 0, on.data(), 0, D);
            double exact = Math.exp(CatalogueCrossEntropy.apply(tape, on, target, output, 1f));
            double sum = 0;
            double squares = 0;
            for (int draw = 0; draw < draws; draw++) {
                long seed = SplitMix.mix(SEED * 1_000_003 + draw);
                Negatives negatives = alone
                        ? sampler.perRow(count, target, new long[] {seed})
                        : sampler.shared(count, 64, 0, 1, seed);
                double z = Math.exp(SampledCrossEntropy.apply(Tape.forward(), on, target, negatives, output, 1f));
                sum += z;
                squares += z * z;
            }
            double mean = sum / draws;
            double deviation = Math.sqrt((squares / draws - mean * mean) / draws);
            return (mean - exact) / deviation;
        }
    }

    private static double relativeError(double[] expected, double[] actual) {
        float[] rounded = new float[actual.length];
        for (int i = 0; i < actual.length; i++) {
            rounded[i] = (float) actual[i];
        }
        return Numbers.relativeError(expected, rounded);
    }

    @ParameterizedTest
    @CsvSource({"false, 0.5", "true, 0.5", "true, 0", "false, 0.3"})
    void correctedGradientIsOnAverageTheFullOne(boolean alone, double alpha) {
        Estimate estimate = new Estimate();
        NegativeSampler sampler = sampler(alpha);
        double[] full = estimate.full();
        double error = relativeError(full, estimate.gradient(sampler, 400, 3000, alone, true));
        System.out.println("alone " + alone + ", alpha " + alpha + ", seed " + SEED + ": relative error " + error);
        // The remaining error is a bias of order 1/n plus the noise of the mean.
        assertThat(error).isLessThan(0.02);
        if (alpha == 0.5) {
            assertThat(relativeError(full, estimate.gradient(sampler, 400, 300, alone, false)))
                    .as("without the correction")
                    .isGreaterThan(0.1);
        }
    }

    @ParameterizedTest
    @CsvSource({"false, 2", "true, 2", "true, 1", "false, 8"})
    void normalizerIsUnbiasedForAnyNumberOfDraws(boolean alone, int count) {
        double error = new Estimate().normalizerError(sampler(0.5), count, 40_000, alone);
        System.out.println("alone " + alone + ", n " + count + ", seed " + SEED + ": " + error + " standard errors");
        assertThat(Math.abs(error)).isLessThan(3.5);
    }
}
