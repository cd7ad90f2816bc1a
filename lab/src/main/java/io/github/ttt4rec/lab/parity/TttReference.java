package io.github.ttt4rec.lab.parity;

import io.github.ttt4rec.autograd.CatalogueCrossEntropy;
import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.ttt.FastWeights;
import io.github.ttt4rec.ttt.InnerModelType;
import io.github.ttt4rec.ttt.TttConfig;
import io.github.ttt4rec.ttt.TttModel;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Reference files of TTT4Rec: vectors and loss of all positions, and the fast weights after some of them. */
final class TttReference implements ReferenceModel {
    private static final Pattern STATE =
            Pattern.compile("state\\.layer(\\d+)\\.(\\w+)_states\\.after(\\d+)\\.row(\\d+)");
    private static final List<String> PARTS = List.of("W1", "b1", "W2", "b2");

    @Override
    public String type() {
        return "ttt4rec";
    }

    @Override
    public TttConfig config(ReferenceConfig config) {
        return new TttConfig(
                config.choice(InnerModelType.class, "layer"),
                config.choice(TttConfig.Backbone.class, "backbone"),
                config.flag("pre_conv"),
                config.wholeNumber("num_layers"),
                config.wholeNumber("hidden_size"),
                config.wholeNumber("num_heads"),
                config.wholeNumber("intermediate_size"),
                config.wholeNumber("mini_batch_size"),
                config.number("base_lr"),
                config.number("rope_theta"),
                config.wholeNumber("conv_kernel"),
                config.number("dropout"),
                true);
    }

    @Override
    public void compare(Comparison comparison, SequenceModel model) {
        compareBatch(comparison, model);
        compareStates(comparison, (TttModel) model);
    }

    private static void compareBatch(Comparison comparison, SequenceModel model) {
        TensorFile reference = comparison.reference();
        PackedInput input = PackedInput.read(reference, "input.item_seq");
        Segments segments = input.segments();
        int sequences = segments.count();
        int width = input.width();
        int d = model.hiddenSize();
        int[] paddedTargets = reference.ints("input.targets", sequences, width);
        float[] paddedHidden = reference.floats("output.hidden", sequences, width, d);
        int[] targets = new int[segments.rows()];
        float[] hidden = new float[segments.rows() * d];
        for (int s = 0; s < sequences; s++) {
            System.arraycopy(paddedTargets, s * width, targets, segments.start(s), segments.length(s));
            System.arraycopy(paddedHidden, s * width * d, hidden, segments.start(s) * d, segments.length(s) * d);
        }
        Tape tape = Tape.recording(model.parameters());
        Tensor encoded = model.encode(tape, input.batch());
        comparison.add("hidden", "output.hidden", hidden, encoded.data());
        comparison.addLogits(model, encoded);
        comparison.addLoss(CatalogueCrossEntropy.apply(tape, encoded, targets, model.outputLayer(), 1f));
        tape.backward();
        comparison.addGradients(tape, model.parameters());
    }

    private static void compareStates(Comparison comparison, TttModel model) {
        TensorFile reference = comparison.reference();
        int[] shape = reference.shape("input.item_seq");
        int[] padded = reference.ints("input.item_seq", shape);
        for (String name : reference.tensors().keySet()) {
            Matcher state = STATE.matcher(name);
            if (!state.matches()) {
                continue;
            }
            int layer = Integer.parseInt(state.group(1));
            int part = PARTS.indexOf(state.group(2));
            int events = Integer.parseInt(state.group(3));
            int row = Integer.parseInt(state.group(4));
            int[] items = IntStream.range(0, events)
                    .map(t -> padded[row * shape[1] + t])
                    .toArray();
            TttModel.State streamed = model.newState();
            model.append(Tape.forward(), streamed, items);
            FastWeights weights = streamed.fastWeights(layer);
            comparison.add(
                    "state",
                    name,
                    reference.floats(name, reference.shape(name)),
                    weights.parts().get(part));
        }
    }
}
