package io.github.ttt4rec.ttt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.autograd.CatalogueCrossEntropy;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.model.SequenceBatch;
import io.github.ttt4rec.ttt.TttConfig.Backbone;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TttModelTest {
    private static final long SEED = 31;
    private static final int ITEMS = 19;
    private static final Segments SEGMENTS = new Segments(new int[] {0, 1, 9, 24});

    private static TttModel model(InnerModelType layer, Backbone backbone, int layers, boolean tied, double dropout) {
        TttConfig config = new TttConfig(
                layer, backbone, backbone == Backbone.MAMBA, layers, 16, 2, 24, 4, 1.0, 1000, 4, dropout, tied);
        TttModel model = new TttModel(config, ITEMS);
        model.parameters().initialize(SEED);
        Random random = new Random(SEED);
        for (Parameter parameter : model.parameters().all()) {
            float deviation = parameter.name().endsWith("learnable_token_idx") ? 0.02f : 0.3f;
            for (int i = 0; i < parameter.size(); i++) {
                parameter.value()[i] += deviation * (float) random.nextGaussian();
            }
        }
        model.parameters().updated();
        return model;
    }

    private static SequenceBatch batch(long seed) {
        Random random = new Random(seed);
        int rows = SEGMENTS.rows();
        SequenceBatch plain = SequenceBatch.of(random.ints(rows, 1, ITEMS + 1).toArray(), SEGMENTS);
        return new SequenceBatch(
                plain.items(), plain.positions(), random.longs(rows).toArray(), SEGMENTS);
    }

    private static double loss(TttModel model, Tape tape, SequenceBatch batch, int[] targets) {
        Tensor hidden = model.encode(tape, batch);
        return CatalogueCrossEntropy.apply(tape, hidden, targets, model.outputLayer(), 1f);
    }

    /**
     * If a parameter moves along its gradient, the loss must change at the rate of the gradient's length. The check
     * runs in float, hence within 2 %, and with fixed dropout masks. It covers how the operations are combined.
     */
    @ParameterizedTest
    @CsvSource({
        "LINEAR, TRANSFORMER, 2, false, 0.3",
        "MLP, TRANSFORMER, 1, true, 0.3",
        "LINEAR, MAMBA, 2, true, 0",
        "MLP, MAMBA, 2, false, 0.3"
    })
    void eachParametersGradientIsThatOfTheLoss(
            InnerModelType layer, Backbone backbone, int layers, boolean tied, double dropout) {
        TttModel model = model(layer, backbone, layers, tied, dropout);
        SequenceBatch batch = batch(SEED);
        int[] targets = new Random(SEED + 1).ints(batch.rows(), 1, ITEMS + 1).toArray();
        Tape tape = Tape.recording(model.parameters());
        loss(model, tape, batch, targets);
        tape.backward();
        tape.reset();
        Tape other = Tape.recording(model.parameters());
        for (Parameter parameter : model.parameters().all()) {
            float[] gradient = tape.gradient(parameter);
            double squares = 0;
            for (float g : gradient) {
                squares += (double) g * g;
            }
            double length = Math.sqrt(squares);
            assertThat(length).as(parameter.name()).isPositive().isFinite();
            double distance = 2e-3;
            float[] before = parameter.value().clone();
            double[] losses = new double[2];
            for (int side = 0; side < 2; side++) {
                for (int i = 0; i < before.length; i++) {
                    parameter.value()[i] = (float) (before[i] + (1 - 2 * side) * distance * gradient[i] / length);
                }
                model.parameters().updated();
                losses[side] = loss(model, other, batch, targets);
                other.reset();
            }
            System.arraycopy(before, 0, parameter.value(), 0, before.length);
            model.parameters().updated();
            double change = (losses[0] - losses[1]) / (2 * distance);
            assertThat(change).as(parameter.name()).isCloseTo(length, within(0.02 * length + 0.02));
        }
    }

    @Test
    void dropoutIsOnWhileATapeRecordsAndOffElsewhere() {
        TttModel model = model(InnerModelType.LINEAR, Backbone.TRANSFORMER, 1, true, 0.5);
        Tape recording = Tape.recording(model.parameters());
        float[] first = data(model.encode(recording, batch(1)));
        assertThat(data(model.encode(recording, batch(1))))
                .as("the same row seeds")
                .containsExactly(first);
        SequenceBatch otherSeeds = batch(1);
        Arrays.setAll(otherSeeds.rowSeeds(), i -> -otherSeeds.rowSeeds()[i]);
        assertThat(data(model.encode(recording, otherSeeds))).isNotEqualTo(first);
        float[] inference = data(model.encode(Tape.forward(), batch(1)));
        assertThat(inference).isNotEqualTo(first);
        assertThat(data(model.encode(Tape.forward(), otherSeeds))).containsExactly(inference);
    }

    private static float[] data(Tensor tensor) {
        return Arrays.copyOf(tensor.data(), tensor.size());
    }

    @Test
    void paddingRowsStartAtZero() {
        for (boolean tied : new boolean[] {true, false}) {
            TttModel model = new TttModel(
                    model(InnerModelType.MLP, Backbone.MAMBA, 1, tied, 0).config(), ITEMS);
            model.parameters().initialize(SEED);
            for (Parameter table : new Parameter[] {model.inputTable(), model.outputTable()}) {
                assertThat(Arrays.copyOf(table.value(), 16)).containsOnly(0f);
                assertThat(Arrays.copyOfRange(table.value(), 16, 32)).doesNotContain(0f);
            }
            assertThat(model.inputTable() == model.outputTable()).isEqualTo(tied);
        }
    }

    /** An ablation has the published model's parameters except those that it does not learn. */
    @Test
    void controlsLackOnlyWhatTheyDoNotLearn() {
        List<String> names = names(true, true);
        List<String> norm = List.of("ttt_norm_weight", "ttt_norm_bias");
        List<String> rate = List.of("learnable_ttt_lr_weight", "learnable_ttt_lr_bias", "learnable_token_idx");
        assertThat(names).containsAll(norm).containsAll(rate);
        assertThat(names(false, true)).containsExactlyElementsOf(without(names, norm));
        assertThat(names(true, false)).containsExactlyElementsOf(without(names, rate));
        assertThat(control(false, false).describe()).contains("no inner LayerNorm, fixed inner learning rate");
    }

    private static TttConfig control(boolean innerNorm, boolean learnedInnerRate) {
        return new TttConfig(
                InnerModelType.MLP,
                Backbone.TRANSFORMER,
                false,
                1,
                16,
                2,
                24,
                4,
                1.0,
                1000,
                4,
                0,
                true,
                innerNorm,
                learnedInnerRate,
                false);
    }

    private static List<String> names(boolean innerNorm, boolean learnedInnerRate) {
        return new TttModel(control(innerNorm, learnedInnerRate), ITEMS)
                .parameters().all().stream()
                        .map(parameter -> parameter.name().replace("ttt_layers.layers.0.seq_modeling_block.", ""))
                        .toList();
    }

    private static List<String> without(List<String> names, List<String> absent) {
        return names.stream().filter(name -> !absent.contains(name)).toList();
    }

    @Test
    void initialisationIsTheSeedsAndHasThePublishedSpread() {
        TttConfig config = TttConfig.defaults();
        TttModel model = new TttModel(config, 500);
        model.parameters().initialize(1);
        float[][] first = model.parameters().snapshot();
        model.parameters().initialize(2);
        assertThat(model.inputTable().value())
                .isNotEqualTo(first[model.inputTable().index()]);
        model.parameters().initialize(1);
        for (Parameter parameter : model.parameters().all()) {
            assertThat(parameter.value()).as(parameter.name()).containsExactly(first[parameter.index()]);
        }
        double squares = 0;
        for (float value : model.inputTable().value()) {
            squares += (double) value * value;
        }
        assertThat(Math.sqrt(squares / (500 * 64))).isCloseTo(0.02, within(5e-4));
    }

    @Test
    void configurationsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> config(15, 2, 4, 1, 0)).hasMessageContaining("hidden_size / num_heads");
        assertThatThrownBy(() -> config(6, 2, 4, 1, 0)).hasMessageContaining("even");
        assertThatThrownBy(() -> config(16, 0, 4, 1, 0)).hasMessageContaining("num_heads");
        assertThatThrownBy(() -> config(16, 2, 0, 1, 0)).hasMessageContaining("mini_batch_size");
        assertThatThrownBy(() -> config(16, 2, 4, -1, 0)).hasMessageContaining("base_lr");
        assertThatThrownBy(() -> config(16, 2, 4, Double.NaN, 0)).hasMessageContaining("base_lr");
        assertThatThrownBy(() -> config(16, 2, 4, 1, 1)).hasMessageContaining("dropout");
    }

    private static TttConfig config(int hidden, int heads, int miniBatch, double baseLr, double dropout) {
        return new TttConfig(
                InnerModelType.LINEAR,
                Backbone.TRANSFORMER,
                false,
                1,
                hidden,
                heads,
                24,
                miniBatch,
                baseLr,
                1000,
                4,
                dropout,
                true);
    }
}
