package io.github.ttt4rec.lab.parity;

import io.github.ttt4rec.autograd.CatalogueCrossEntropy;
import io.github.ttt4rec.autograd.SelectRows;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.model.SequenceModel;

/** Reference files with the vector of each row's last position and the loss of its target. */
final class LastPosition {
    private LastPosition() {}

    static void compare(Comparison comparison, SequenceModel model) {
        compare(comparison, model, "input.item_seq");
    }

    /** The same, with the tensor {@code inputName} as the network's input. */
    static void compare(Comparison comparison, SequenceModel model, String inputName) {
        TensorFile reference = comparison.reference();
        PackedInput input = PackedInput.read(reference, inputName);
        int sequences = input.segments().count();
        int[] targets = reference.ints("input.targets", sequences);
        Tape tape = Tape.recording(model.parameters());
        Tensor last = SelectRows.apply(tape, model.encode(tape, input.batch()), input.lastRows());
        comparison.add(
                "hidden",
                "output.seq_output",
                reference.floats("output.seq_output", sequences, model.hiddenSize()),
                last.data());
        comparison.addLogits(model, last);
        comparison.addLoss(CatalogueCrossEntropy.apply(tape, last, targets, model.outputLayer(), 1f));
        tape.backward();
        comparison.addGradients(tape, model.parameters());
    }
}
