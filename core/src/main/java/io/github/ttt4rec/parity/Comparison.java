package io.github.ttt4rec.parity;

import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.parity.ParityReport.TensorError;
import java.util.ArrayList;
import java.util.List;

/** One reference file, and how far the tensors compared so far are from it. */
final class Comparison {
    private final TensorFile reference;
    private final List<TensorError> errors = new ArrayList<>();

    Comparison(TensorFile reference) {
        this.reference = reference;
    }

    TensorFile reference() {
        return reference;
    }

    List<TensorError> errors() {
        return List.copyOf(errors);
    }

    /** Gives the parameters the file's values. */
    void load(ParameterSet parameters) {
        for (Parameter parameter : parameters.all()) {
            float[] values = reference.floats("param." + parameter.name(), parameter.shape());
            System.arraycopy(values, 0, parameter.value(), 0, values.length);
        }
        parameters.updated();
    }

    /** Compares the scores of all items for each row of {@code hidden (rows, d)}. */
    void addLogits(SequenceModel model, Tensor hidden) {
        int rows = hidden.rows();
        int columns = model.itemCount() + 1;
        float[] logits = new float[rows * columns];
        model.outputLayer().score(rows, hidden.data(), logits);
        add("logits", "output.logits", reference.floats("output.logits", rows, columns), logits);
    }

    void addLoss(double loss) {
        add("loss", "output.loss_sum", reference.floats("output.loss_sum", 1), new float[] {(float) loss});
    }

    /** Compares the gradients of all parameters. */
    void addGradients(Tape tape, ParameterSet parameters) {
        for (Parameter parameter : parameters.all()) {
            String name = "grad." + parameter.name();
            add("gradient", name, reference.floats(name, parameter.shape()), tape.gradient(parameter));
        }
    }

    /** Compares a tensor with the file's of that name; {@code actual} may be longer. */
    void add(String group, String name, float[] expected, float[] actual) {
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs((double) expected[i] - actual[i]));
        }
        errors.add(new TensorError(group, name, largest == 0 ? difference : difference / largest));
    }
}
