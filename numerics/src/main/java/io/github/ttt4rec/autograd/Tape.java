package io.github.ttt4rec.autograd;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Supplier;

/**
 * One thread's record of a forward pass. A recording tape keeps, for every operation, what undoes it; {@link #backward()}
 * runs these in reverse. A tape that does not record only lends buffers: the same model code serves training and
 * inference. Buffers are pooled, so a tape in steady state allocates almost nothing.
 */
public final class Tape {
    private static final float[] NONE = {};
    private static final int SMALLEST = 6;

    private final boolean recording;
    private final float[][] gradients;
    private final List<Runnable> operations = new ArrayList<>();
    private final List<Deque<float[]>> free = new ArrayList<>();
    private final List<float[]> lent = new ArrayList<>();
    private final IdentityHashMap<Object, Object> scratch = new IdentityHashMap<>();

    private Tape(boolean recording, float[][] gradients) {
        this.recording = recording;
        this.gradients = gradients;
        for (int i = 0; i < Integer.SIZE; i++) {
            free.add(new ArrayDeque<>());
        }
    }

    /** A tape for inference: nothing is recorded. */
    public static Tape forward() {
        return new Tape(false, new float[0][]);
    }

    /** A tape for training; it owns a gradient for each of the parameters. */
    public static Tape recording(ParameterSet parameters) {
        return new Tape(
                true, parameters.all().stream().map(p -> new float[p.size()]).toArray(float[][]::new));
    }

    /** Returns whether operations must record their backward. */
    public boolean isRecording() {
        return recording;
    }

    /** A matrix with undefined values and, where the tape records, a gradient of zeros. */
    public Tensor tensor(int rows, int columns) {
        int size = rows * columns;
        float[] data = lend(size);
        if (!recording) {
            return new Tensor(rows, columns, data, NONE);
        }
        float[] grad = lend(size);
        Arrays.fill(grad, 0, size, 0f);
        return new Tensor(rows, columns, data, grad);
    }

    /** A buffer of at least {@code size} undefined values, lent until {@link #reset()}. */
    public float[] lend(int size) {
        int power = Math.max(SMALLEST, Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, size - 1)));
        float[] buffer = free.get(power).poll();
        if (buffer == null) {
            buffer = new float[1 << power];
        }
        lent.add(buffer);
        return buffer;
    }

    /** The gradient of a parameter; an empty array if the tape does not record. */
    public float[] gradient(Parameter parameter) {
        return recording ? gradients[parameter.index()] : NONE;
    }

    /** Records what carries the gradient back through the operation just done. Ignored where the tape does not record. */
    public void onBackward(Runnable operation) {
        if (recording) {
            operations.add(operation);
        }
    }

    /** Runs all recorded operations in reverse: the gradients of the last results must have been set. */
    public void backward() {
        for (int i = operations.size() - 1; i >= 0; i--) {
            operations.get(i).run();
        }
        operations.clear();
    }

    /** Forgets the pass and takes back every buffer; parameters' gradients stay. */
    public void reset() {
        operations.clear();
        for (float[] buffer : lent) {
            free.get(Integer.numberOfTrailingZeros(buffer.length)).push(buffer);
        }
        lent.clear();
    }

    /** This tape's (that is, this thread's) scratch object for {@code owner}, made on first use and kept. */
    public <T> T scratch(Object owner, Class<T> type, Supplier<T> make) {
        return type.cast(scratch.computeIfAbsent(owner, key -> make.get()));
    }

    /** Sets the gradients of all parameters to zero. */
    public void clearGradients() {
        for (float[] gradient : gradients) {
            Arrays.fill(gradient, 0f);
        }
    }
}
