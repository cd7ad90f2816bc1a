package io.github.ttt4rec.lab.parity;

import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.lab.parity.ParityReport.TensorError;
import io.github.ttt4rec.model.SequenceModel;
import java.util.ArrayList;
import java.util.List;

/** One reference file, and the errors of the tensors compared so far. */
final class Comparison {
    /**
     * Some gradients are zero except for rounding, such as that of a bias on attention keys, which the softmax cancels.
     * The reference rounds in double, so the rounding of float cannot be judged by it. If a tensor is below this share
     * of the largest of all gradients, its error is taken relative to that gradient.
     */
    private static final double ZERO_BUT_FOR_ROUNDING = 1e-12;

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

    /** Sets the parameters to the values in the file. */
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
        double largestOfAll = 0;
        for (Parameter parameter : parameters.all()) {
            largestOfAll = Math.max(largestOfAll, largest(gradient(parameter)));
        }
        for (Parameter parameter : parameters.all()) {
            float[] expected = gradient(parameter);
            double largest = largest(expected);
            double unit = largest < ZERO_BUT_FOR_ROUNDING * largestOfAll ? largestOfAll : largest;
            add("gradient", "grad." + parameter.name(), expected, tape.gradient(parameter), unit);
        }
    }

    private float[] gradient(Parameter parameter) {
        return reference.floats("grad." + parameter.name(), parameter.shape());
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    /** Compares a tensor with the one of that name in the file; {@code actual} may be longer. */
    void add(String group, String name, float[] expected, float[] actual) {
        add(group, name, expected, actual, largest(expected));
    }

    private void add(String group, String name, float[] expected, float[] actual, double unit) {
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            difference = Math.max(difference, Math.abs((double) expected[i] - actual[i]));
        }
        errors.add(new TensorError(group, name, unit == 0 ? difference : difference / unit));
    }
}
