package io.github.ttt4rec.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Checks an operation of the tape: compares its forward pass with a reference in double, and its gradients with respect
 * to every element of every input and parameter with central differences of that reference.
 *
 * <p>The tolerances are 1e-5 of the largest output and 1e-4 of the largest entry of each gradient. Also checks that
 * gradients are added to existing values, and that a tape that does not record gives the same output.
 */
public final class OperationCheck {
    private static final double FORWARD = 1e-5;
    private static final double GRADIENT = 1e-4;

    /** The operation under test; tensors and parameters are in the order in which they were added. */
    @FunctionalInterface
    public interface Operation {
        Tensor apply(Tape tape, List<Tensor> inputs);
    }

    /** The reference in double: maps the values of the inputs and then the parameters to the output. */
    @FunctionalInterface
    public interface Reference {
        double[] apply(double[][] values);
    }

    private record Input(String name, int rows, int columns, float[] values) {}

    private final String name;
    private final Random random;
    private final List<Input> inputs = new ArrayList<>();
    private final List<Parameter> parameters = new ArrayList<>();

    /** The parameters of this check. */
    public final ParameterSet set = new ParameterSet();

    public OperationCheck(String name, long seed) {
        this.name = name + ", seed " + seed;
        random = new Random(seed);
    }

    /** Adds an input tensor with values uniform in ±bound. */
    public OperationCheck input(String inputName, int rows, int columns, float bound) {
        return input(inputName, rows, columns, Numbers.uniform(random, rows * columns, bound));
    }

    /** Adds an input tensor. */
    public OperationCheck input(String inputName, int rows, int columns, float[] values) {
        inputs.add(new Input(inputName, rows, columns, values));
        return this;
    }

    /** Adds a parameter with values uniform in ±bound. */
    public Parameter parameter(String parameterName, float bound, int... shape) {
        return add(set.declare(parameterName, Parameter.Init.ZERO, shape), bound, 0f);
    }

    /** Adds a parameter that is already in {@link #set}, with values uniform in {@code centre} ± bound. */
    public Parameter add(Parameter parameter, float bound, float centre) {
        float[] values = Numbers.uniform(random, parameter.size(), bound);
        for (int i = 0; i < values.length; i++) {
            parameter.value()[i] = centre + values[i];
        }
        parameters.add(parameter);
        set.updated();
        return parameter;
    }

    /** Runs the check. */
    public void run(Operation operation, Reference reference) {
        double[][] values = new double[inputs.size() + parameters.size()][];
        for (int i = 0; i < inputs.size(); i++) {
            values[i] = Numbers.toDouble(inputs.get(i).values);
        }
        for (int i = 0; i < parameters.size(); i++) {
            values[inputs.size() + i] = Numbers.toDouble(parameters.get(i).value());
        }
        double[] expected = reference.apply(values);
        float[] dOutput = Numbers.uniform(random, expected.length, 1f);

        Tape tape = Tape.recording(set);
        List<float[]> gradients = gradients(tape, operation, expected, dOutput, 0f);
        for (int i = 0; i < values.length; i++) {
            int input = i;
            double[] numeric = FiniteDifferences.gradient(
                    at -> {
                        double[][] moved = values.clone();
                        moved[input] = at;
                        double[] output = reference.apply(moved);
                        double sum = 0;
                        for (int j = 0; j < output.length; j++) {
                            sum += output[j] * dOutput[j];
                        }
                        return sum;
                    },
                    values[i]);
            assertThat(Numbers.relativeError(numeric, gradients.get(i)))
                    .as("%s: gradient of %s, largest entry %s", name, inputName(i), Numbers.largest(numeric))
                    .isLessThan(GRADIENT);
        }
        assertGradientsAdd(tape, operation, expected, dOutput, gradients);
        assertSameWithoutRecording(operation, expected);
    }

    private String inputName(int i) {
        return i < inputs.size()
                ? inputs.get(i).name
                : parameters.get(i - inputs.size()).name();
    }

    /** Runs forward and backward; the gradients are {@code start} before. */
    private List<float[]> gradients(Tape tape, Operation operation, double[] expected, float[] dOutput, float start) {
        List<Tensor> tensors = tensors(tape, start);
        for (Parameter parameter : parameters) {
            Arrays.fill(tape.gradient(parameter), start);
        }
        Tensor output = operation.apply(tape, tensors);
        assertThat(output.size()).as("%s: output's size", name).isEqualTo(expected.length);
        assertThat(Numbers.relativeError(expected, output.data()))
                .as("%s: forward", name)
                .isLessThan(FORWARD);
        System.arraycopy(dOutput, 0, output.grad(), 0, dOutput.length);
        tape.backward();
        List<float[]> gradients = new ArrayList<>();
        for (Tensor tensor : tensors) {
            gradients.add(Arrays.copyOf(tensor.grad(), tensor.size()));
        }
        for (Parameter parameter : parameters) {
            gradients.add(tape.gradient(parameter).clone());
        }
        tape.reset();
        return gradients;
    }

    private List<Tensor> tensors(Tape tape, float gradient) {
        List<Tensor> tensors = new ArrayList<>();
        for (Input input : inputs) {
            Tensor tensor = tape.tensor(input.rows, input.columns);
            System.arraycopy(input.values, 0, tensor.data(), 0, input.values.length);
            Arrays.fill(tensor.grad(), gradient);
            tensors.add(tensor);
        }
        return tensors;
    }

    /** The second run gets used buffers, so this also shows that nothing relies on zeroed memory. */
    private void assertGradientsAdd(
            Tape tape, Operation operation, double[] expected, float[] dOutput, List<float[]> once) {
        List<float[]> added = gradients(tape, operation, expected, dOutput, 1f);
        for (int i = 0; i < once.size(); i++) {
            double[] sum = Numbers.toDouble(once.get(i));
            for (int j = 0; j < sum.length; j++) {
                sum[j] += 1;
            }
            assertThat(Numbers.relativeError(sum, added.get(i)))
                    .as("%s: gradient of %s, added to ones", name, inputName(i))
                    .isLessThan(1e-6);
        }
    }

    private void assertSameWithoutRecording(Operation operation, double[] expected) {
        Tape tape = Tape.forward();
        for (int run = 0; run < 2; run++) {
            Tensor output = operation.apply(tape, tensors(tape, 0f));
            assertThat(Numbers.relativeError(expected, output.data()))
                    .as("%s: forward, not recording", name)
                    .isLessThan(FORWARD);
            tape.reset();
        }
    }
}
