package io.github.ttt4rec.ttt;

import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.StateInput;
import io.github.ttt4rec.autograd.StateOutput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One user's state in one TTT layer, for all heads: the fast weights W at the start of the open inner mini-batch, and
 * the pending rows (fewer than K) of the events in that mini-batch. Its size does not depend on the length of the
 * history. Mutable; use by one thread at a time.
 */
public final class FastWeights {
    private final TttParameters parameters;
    /** The weights of each head in turn, in the block layout of the inner model. */
    final float[] weights;
    /** The pending rows, {@code (H, K, pending floats)}. */
    final float[] pending;

    private int open;
    private long events;
    /** The last event's inner loss, summed over heads, and the squared norm of its step over all heads. */
    private double loss;

    private double squaredChange;

    private FastWeights(TttParameters parameters, float[] weights, float[] pending) {
        this.parameters = parameters;
        this.weights = weights;
        this.pending = pending;
    }

    /** The state before a user's first event: W_0. */
    public static FastWeights initial(TttParameters parameters) {
        int block = parameters.weightCount();
        float[] weights = new float[parameters.heads() * block];
        for (int h = 0; h < parameters.heads(); h++) {
            parameters.copyInitial(h, weights, h * block);
        }
        float[] pending = new float[parameters.heads() * parameters.miniBatch() * parameters.pendingCount()];
        return new FastWeights(parameters, weights, pending);
    }

    /** An independent copy. */
    public FastWeights copy() {
        FastWeights copy = new FastWeights(parameters, weights.clone(), pending.clone());
        copy.open = open;
        copy.events = events;
        copy.loss = loss;
        copy.squaredChange = squaredChange;
        return copy;
    }

    /** The memory of its arrays, in bytes. */
    public long bytes() {
        return (long) Float.BYTES * (weights.length + (long) pending.length);
    }

    /**
     * Writes the state in the form that {@link #read} reads. An incomplete mini-batch is written with the rows that it
     * has.
     */
    public void write(StateOutput out) {
        out.putLong(events);
        out.putInt(open);
        out.putDouble(loss);
        out.putDouble(squaredChange);
        out.putFloats(weights, 0, weights.length);
        int row = parameters.pendingCount();
        for (int h = 0; h < parameters.heads(); h++) {
            out.putFloats(pending, h * parameters.miniBatch() * row, open * row);
        }
    }

    /** Replaces this state by one that {@link #write} wrote. */
    public void read(StateInput in) {
        events = in.getLong();
        open = in.getCount(parameters.miniBatch() - 1);
        loss = in.getDouble();
        squaredChange = in.getDouble();
        in.getFloats(weights, 0, weights.length);
        int row = parameters.pendingCount();
        Arrays.fill(pending, 0);
        for (int h = 0; h < parameters.heads(); h++) {
            in.getFloats(pending, h * parameters.miniBatch() * row, open * row);
        }
    }

    /** The number of events in the open mini-batch, 0 .. K − 1. */
    public int open() {
        return open;
    }

    /** The number of events consumed since W_0. */
    public long events() {
        return events;
    }

    /**
     * The inner loss of the last event, averaged over heads, at the W with which its mini-batch started; 0 before the
     * first event.
     */
    public double loss() {
        return loss / parameters.heads();
    }

    /**
     * The squared Euclidean norm, over all heads, of the last event's term {@code s_(K−1)·lr·∇ℓ(W)} in its mini-batch's
     * update of W; 0 before the first event.
     */
    public double squaredChange() {
        return squaredChange;
    }

    /** Sets the values of {@link #loss} and {@link #squaredChange} from sums over heads. */
    void lastStep(double loss, double squaredChange) {
        this.loss = loss;
        this.squaredChange = squaredChange;
    }

    /** Counts {@code n} events, after which the mini-batch has {@code open} rows. */
    void advance(int n, int open) {
        this.open = open;
        events += n;
    }

    /** The Euclidean distance of W from W_0 over all heads: how far this user's events have moved the weights. */
    public double drift() {
        int block = parameters.weightCount();
        float[] initial = new float[block];
        double sum = 0;
        for (int h = 0; h < parameters.heads(); h++) {
            parameters.copyInitial(h, initial, 0);
            for (int i = 0; i < block; i++) {
                double difference = weights[h * block + i] - initial[i];
                sum += difference * difference;
            }
        }
        return Math.sqrt(sum);
    }

    /**
     * W in the published layout: one array each for W1, b1 and, for the MLP, W2, b2, in that order. Each array contains
     * the heads in turn.
     */
    public List<float[]> parts() {
        int block = parameters.weightCount();
        List<float[]> parts = new ArrayList<>();
        int offset = 0;
        for (Parameter initial : parameters.initial()) {
            int size = initial.size() / parameters.heads();
            float[] part = new float[initial.size()];
            for (int h = 0; h < parameters.heads(); h++) {
                System.arraycopy(weights, h * block + offset, part, h * size, size);
            }
            parts.add(part);
            offset += size;
        }
        return parts;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FastWeights that
                && open == that.open
                && events == that.events
                && Arrays.equals(weights, that.weights)
                && Arrays.equals(pending, that.pending);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(weights) + open;
    }
}
