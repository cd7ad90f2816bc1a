package io.github.ttt4rec.autograd;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Function;

/**
 * One thread's record of a forward pass. A recording tape stores the backward function of every operation;
 * {@link #backward()} runs them in reverse order. A tape that does not record only lends buffers, so the same model
 * code serves training and inference. Buffers and tensors are pooled: a pass with the shapes of the previous pass gets
 * the same ones in the same order. The records of operations are pooled as well, so a pass allocates nothing if its
 * operations capture nothing.
 */
public final class Tape {
    private static final float[] NONE = {};
    private static final Tensor NOTHING = new Tensor(0, 0, NONE, NONE);
    private static final int SMALLEST = 6;

    private final boolean recording;
    private final float[][] gradients;
    private final List<Runnable> operations = new ArrayList<>();
    /** The records of this pass, followed by those of earlier passes that this one has not reused yet. */
    private final List<Recorded> records = new ArrayList<>();

    private int recordCount;
    private final List<Deque<float[]>> free = new ArrayList<>();
    private final List<float[]> lent = new ArrayList<>();
    /** The tensors of this pass, followed by those of the previous pass that this one has not reused yet. */
    private final List<Tensor> tensors = new ArrayList<>();

    private int tensorCount;
    private final IdentityHashMap<Object, Object> scratch = new IdentityHashMap<>();

    private Tape(boolean recording, float[][] gradients) {
        this.recording = recording;
        this.gradients = gradients;
        for (int i = 0; i < Integer.SIZE; i++) {
            free.add(new ArrayDeque<>());
        }
    }

    /** A tape for inference, which records nothing. */
    public static Tape forward() {
        return new Tape(false, new float[0][]);
    }

    /** A tape for training, which owns a gradient for each parameter. */
    public static Tape recording(ParameterSet parameters) {
        return new Tape(
                true, parameters.all().stream().map(p -> new float[p.size()]).toArray(float[][]::new));
    }

    /** Returns whether operations must record their backward functions. */
    public boolean isRecording() {
        return recording;
    }

    /** A matrix with undefined values and, if the tape records, a gradient of zeros. */
    public Tensor tensor(int rows, int columns) {
        int size = rows * columns;
        float[] data = lend(size);
        if (!recording) {
            return pooled(rows, columns, data, NONE);
        }
        float[] grad = lend(size);
        Arrays.fill(grad, 0, size, 0f);
        return pooled(rows, columns, data, grad);
    }

    /** The tensor at this place in the previous pass if it has exactly these buffers, otherwise a new one. */
    @SuppressWarnings("ReferenceEquality")
    private Tensor pooled(int rows, int columns, float[] data, float[] grad) {
        int place = tensorCount++;
        if (place == tensors.size()) {
            tensors.add(new Tensor(rows, columns, data, grad));
        } else {
            Tensor last = tensors.get(place);
            if (last.rows() != rows || last.columns() != columns || last.data() != data || last.grad() != grad) {
                tensors.set(place, new Tensor(rows, columns, data, grad));
            }
        }
        return tensors.get(place);
    }

    /** Lends a buffer of at least {@code size} undefined values until {@link #reset()}. */
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

    /** Records the backward function of the operation just done. Ignored if the tape does not record. */
    public void onBackward(Runnable operation) {
        if (recording) {
            operations.add(operation);
        }
    }

    /**
     * The same for an operation on three operands, such as tensors and parameters. Allocates nothing once the tape has
     * recorded a pass with as many operations.
     *
     * @param y the result
     * @param constant a number that belongs to the operation
     * @param operation a function that captures nothing
     */
    @SuppressWarnings("unchecked")
    public <A, B, C> void onBackward(Tensor y, A a, B b, C c, float constant, Backward<A, B, C> operation) {
        if (!recording) {
            return;
        }
        if (recordCount == records.size()) {
            records.add(new Recorded());
        }
        Recorded record = records.get(recordCount++);
        record.operation = (Backward<Object, Object, Object>) operation;
        record.y = y;
        record.a = a;
        record.b = b;
        record.c = c;
        record.constant = constant;
        operations.add(record);
    }

    /** The same for an operation on two operands. */
    public <A, B> void onBackward(Tensor y, A a, B b, float constant, Backward.OfTwo<A, B> operation) {
        onBackward(y, a, b, b, constant, operation);
    }

    /** An operation with its operands; reused in later passes. */
    private final class Recorded implements Runnable {
        private Backward<Object, Object, Object> operation = (tape, result, first, second, third, number) -> {};
        private Tensor y = NOTHING;
        private Object a = NOTHING;
        private Object b = NOTHING;
        private Object c = NOTHING;
        private float constant;

        @Override
        public void run() {
            operation.run(Tape.this, y, a, b, c, constant);
        }
    }

    /** Runs all recorded operations in reverse order. The gradients of the last results must be set before. */
    public void backward() {
        for (int i = operations.size() - 1; i >= 0; i--) {
            operations.get(i).run();
        }
        operations.clear();
        recordCount = 0;
    }

    /** Discards the pass and takes back all buffers; the gradients of parameters stay. */
    public void reset() {
        operations.clear();
        recordCount = 0;
        tensorCount = 0;
        // The buffer lent first is returned last and ends on top, so that the next pass of these shapes gets every
        // buffer at the same place.
        for (int i = lent.size() - 1; i >= 0; i--) {
            float[] buffer = lent.get(i);
            free.get(Integer.numberOfTrailingZeros(buffer.length)).push(buffer);
        }
        lent.clear();
    }

    /**
     * The scratch object of this tape, and so of this thread, for {@code owner}; created on first use and kept.
     *
     * @param make a function that captures nothing, so that a call allocates nothing
     */
    public <P, T> T scratch(P owner, Class<T> type, Function<? super P, ? extends T> make) {
        Object made = scratch.get(owner);
        if (made == null) {
            made = make.apply(owner);
            scratch.put(owner, made);
        }
        return type.cast(made);
    }
}
