package io.github.ttt4rec.ttt;

import static io.github.ttt4rec.ttt.InnerModel.KERNELS;
import static io.github.ttt4rec.ttt.TttParameters.NORM_EPSILON;

import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.kernels.Affine;
import io.github.ttt4rec.kernels.RowNorm;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The inner training of a TTT layer as one operation: for every sequence and head, it computes the outputs
 * {@code q_i + LN(F(q_i; W_i))} of one mini-batch after the other, and updates W after each. The backward pass
 * differentiates through the updates; for this, the forward pass stores the W at the start of each mini-batch and its
 * results for each row.
 */
public final class TttScan {
    private static final float[] NONE = {};
    private static final Segments NO_SEGMENTS = new Segments(new int[] {0});

    private TttScan() {}

    /**
     * Scans whole sequences, each starting from W_0.
     *
     * @param query rotated queries {@code (N, d)}, heads side by side
     * @param key rotated keys {@code (N, d)}
     * @param value values {@code (N, d)}
     * @param rate inner learning rates {@code (N, H)}
     */
    public static Tensor apply(
            Tape tape,
            Tensor query,
            Tensor key,
            Tensor value,
            Tensor rate,
            Segments segments,
            TttParameters parameters) {
        Workspace workspace = workspace(tape, parameters);
        Tensor output = tape.tensor(query.rows(), query.columns());
        Scan scan = workspace.scan(tape, query, key, value, rate, output);
        scan.segments = segments;
        scan.forward();
        tape.onBackward(scan);
        return output;
    }

    /**
     * Continues one sequence from its state and advances the state. Streaming only: nothing is recorded. The arguments
     * are as for {@link #apply}.
     */
    public static Tensor stream(
            Tape tape,
            Tensor query,
            Tensor key,
            Tensor value,
            Tensor rate,
            TttParameters parameters,
            FastWeights state) {
        if (tape.isRecording()) {
            throw new IllegalArgumentException("a carried state cannot be trained through");
        }
        Workspace workspace = workspace(tape, parameters);
        Tensor output = tape.tensor(query.rows(), query.columns());
        workspace.scan(tape, query, key, value, rate, output).stream(state);
        return output;
    }

    private static Workspace workspace(Tape tape, TttParameters parameters) {
        Workspace workspace = tape.scratch(parameters, Workspace.class, Workspace::new);
        workspace.begin(tape);
        return workspace;
    }

    /** The buffers shared by all applications of a layer on one tape. */
    private static final class Workspace {
        private final TttParameters parameters;
        private final InnerModel inner;
        /** The scales s_i of the mini-batch positions in this pass. */
        private final float[] scales;
        /** The position scales and the LayerNorm of each head. */
        private final InnerModel.Norm[] norms;
        /** The gradients of the scales, and of the norms if the tape records. */
        private final float[] dScales;

        private InnerModel.NormGradient[] dNorms = {};

        private @Nullable Scan last;

        Workspace(TttParameters parameters) {
            this.parameters = parameters;
            inner = parameters.newInnerModel();
            scales = new float[parameters.miniBatch()];
            dScales = new float[parameters.miniBatch()];
            norms = new InnerModel.Norm[parameters.heads()];
            for (int h = 0; h < norms.length; h++) {
                Affine affine = affine(parameters, h, Parameter::value);
                RowNorm rows = affine == null ? null : new RowNorm(affine, parameters.headSize(), NORM_EPSILON);
                norms[h] = new InnerModel.Norm(scales, rows);
            }
        }

        /** Reads the current scales. */
        void begin(Tape tape) {
            parameters.positionScales(scales);
            if (tape.isRecording() && dNorms.length == 0) {
                dNorms = new InnerModel.NormGradient[parameters.heads()];
                for (int h = 0; h < dNorms.length; h++) {
                    dNorms[h] = new InnerModel.NormGradient(dScales, affine(parameters, h, tape::gradient));
                }
            }
        }

        /**
         * The scan of the last application, if the tape has lent the very same tensors again, which it does for
         * consecutive passes of one shape. Two applications in one pass never have the same output.
         */
        @SuppressWarnings("ReferenceEquality")
        Scan scan(Tape tape, Tensor query, Tensor key, Tensor value, Tensor rate, Tensor output) {
            Scan known = last;
            if (known == null
                    || known.query != query
                    || known.key != key
                    || known.value != value
                    || known.rate != rate
                    || known.output != output) {
                known = new Scan(tape, this, query, key, value, rate, output);
                last = known;
            }
            return known;
        }
    }

    /** The values or gradients of a head's LayerNorm; null if there is none. */
    private static @Nullable Affine affine(TttParameters parameters, int head, Function<Parameter, float[]> of) {
        TttParameters.Norm norm = parameters.norm();
        return norm == null
                ? null
                : new Affine(of.apply(norm.gain()), of.apply(norm.bias()), head * parameters.headSize());
    }

    /** One application: its inputs and output, and the fast weights at the start of the mini-batches. */
    private static final class Scan implements Runnable {
        private final Tape tape;
        private final Tensor query;
        private final Tensor key;
        private final Tensor value;
        private final Tensor rate;
        private final Tensor output;
        private final TttParameters parameters;
        private final InnerModel inner;
        private final float[] scales;
        private final InnerModel.Norm[] norms;
        private final float[] dScales;
        private final InnerModel.NormGradient[] dNorms;
        private final int f;
        private final int d;
        private final int k;
        private final int block;
        /** The sequences; not used in streaming. */
        private Segments segments = NO_SEGMENTS;
        /** W_0 of every head; not used in streaming. */
        private float[] initial = NONE;
        /** W at the start of each mini-batch but the first, in the order of computation. */
        private float[] starts = NONE;
        /** The rows that the inner model keeps for the backward pass, by head, then by group, then by mini-batch. */
        private float[] memory = NONE;
        /** In the backward pass, the gradients of the weights after and before a later mini-batch, in turn. */
        private final float[][] dLater = {NONE, NONE};

        Scan(Tape tape, Workspace workspace, Tensor query, Tensor key, Tensor value, Tensor rate, Tensor output) {
            this.tape = tape;
            this.query = query;
            this.key = key;
            this.value = value;
            this.rate = rate;
            this.output = output;
            parameters = workspace.parameters;
            inner = workspace.inner;
            scales = workspace.scales;
            norms = workspace.norms;
            dScales = workspace.dScales;
            dNorms = workspace.dNorms;
            f = parameters.headSize();
            d = query.columns();
            k = parameters.miniBatch();
            block = parameters.weightCount();
        }

        private int laterMiniBatches(int s) {
            return Math.max(0, (segments.length(s) + k - 1) / k - 1);
        }

        void forward() {
            initial = tape.lend(parameters.heads() * block);
            for (int h = 0; h < parameters.heads(); h++) {
                parameters.copyInitial(h, initial, h * block);
            }
            int kept = 0;
            for (int s = 0; s < segments.count(); s++) {
                kept += laterMiniBatches(s);
            }
            starts = tape.lend(block * (tape.isRecording() ? kept * parameters.heads() : inner.capacity / k));
            if (tape.isRecording()) {
                memory = tape.lend(parameters.heads() * query.rows() * inner.keptCount());
            }
            int slot = 0;
            for (int h = 0; h < parameters.heads(); h++) {
                InnerModel.Norm norm = norms[h];
                inner.prepare(initial, h * block);
                for (int s = 0; s < segments.count(); ) {
                    int end = groupEnd(s);
                    int next = forward(h, norm, s, end, slot);
                    slot = tape.isRecording() ? next : 0;
                    s = end;
                }
            }
        }

        /**
         * The end of the group that starts at sequence {@code first}: the inner model can process the first
         * mini-batches of a group together.
         */
        private int groupEnd(int first) {
            int end = first;
            int rows = 0;
            while (end < segments.count() && rows + firstLength(end) <= inner.capacity) {
                rows += firstLength(end++);
            }
            return end;
        }

        /** The number of rows in a sequence's first mini-batch. */
        private int firstLength(int s) {
            return Math.min(k, segments.length(s));
        }

        /**
         * The end of the run of sequences that starts at s: the rows of their first mini-batches are adjacent, because
         * each sequence but the last has only one mini-batch. Rows are copied run by run, since most sequences are so
         * short that calls for each would take longer than the copies.
         */
        private int runEnd(int s, int end) {
            int last = s;
            while (last + 1 < end && segments.length(last) <= k) {
                last++;
            }
            return last + 1;
        }

        /** The number of rows in the first mini-batches of the run of sequences {@code s .. end − 1}. */
        private int runLength(int s, int end) {
            return segments.start(end - 1) + firstLength(end - 1) - segments.start(s);
        }

        /** Processes a group of sequences; returns the first free slot. */
        private int forward(int head, InnerModel.Norm norm, int first, int end, int slot) {
            MiniBatches batches = inner.batches;
            batches.clear();
            for (int s = first; s < end; s++) {
                batches.add(firstLength(s), MiniBatches.NOTHING);
            }
            place(head, segments.start(first));
            for (int s = first; s < end; ) {
                int next = runEnd(s, end);
                load(head, segments.start(s), runLength(s, next), batches.start(s - first));
                s = next;
            }
            inner.use(initial, head * block);
            inner.forward(norm, 0, batches.rows());
            int firsts = batches.rows();
            for (int s = first; s < end; ) {
                int next = runEnd(s, end);
                store(head, segments.start(s), runLength(s, next), batches.start(s - first));
                s = next;
            }
            int free = slot;
            for (int s = first; s < end; s++) {
                if (laterMiniBatches(s) > 0) {
                    System.arraycopy(initial, head * block, starts, free * block, block);
                    inner.update(norm, s - first, starts, free * block);
                    free += slots(s);
                }
            }
            int own = slot;
            for (int s = first; s < end; s++) {
                forwardLater(head, norm, s, own, segments.start(s) + firsts);
                own += slots(s);
                firsts -= firstLength(s);
            }
            return free;
        }

        /** The offset of a head's row in {@code memory}; rows are numbered from the first of their group. */
        private int memoryAt(int head, int row) {
            return (head * query.rows() + row) * inner.keptCount();
        }

        /** Places the current rows where the backward pass, if there is one, will find them. */
        private void place(int head, int row) {
            if (tape.isRecording()) {
                inner.place(memory, memoryAt(head, row), inner.batches.rows());
            } else {
                inner.placeOwn();
            }
        }

        /** The number of slots for a sequence's later mini-batches: one for each if they are kept, otherwise one. */
        private int slots(int s) {
            return tape.isRecording() ? laterMiniBatches(s) : Math.min(1, laterMiniBatches(s));
        }

        private void forwardLater(int head, InnerModel.Norm norm, int s, int firstSlot, int firstRow) {
            int offset = firstSlot * block;
            int length = segments.length(s);
            for (int t = k; t < length; t += k) {
                int n = Math.min(k, length - t);
                inner.batches.set(n, MiniBatches.NOTHING);
                place(head, firstRow + t - k);
                load(head, segments.start(s) + t, n, 0);
                inner.use(starts, offset);
                inner.forward(norm, 0, n);
                store(head, segments.start(s) + t, n, 0);
                if (t + n < length) {
                    if (tape.isRecording()) {
                        System.arraycopy(starts, offset, starts, offset + block, block);
                        offset += block;
                    }
                    inner.update(norm, 0, starts, offset);
                }
            }
        }

        /** Loads n rows of one head, from row {@code start}, into the inner model's rows from {@code at}. */
        private void load(int head, int start, int n, int at) {
            int from = start * d + head * f;
            float[] to = inner.memory;
            int keys = inner.key.at(at);
            int targets = inner.target.at(at);
            KERNELS.copyRows(n, f, query.data(), from, d, to, inner.query.at(at), f);
            KERNELS.copyRows(n, f, key.data(), from, d, to, keys, f);
            KERNELS.copyRows(n, f, value.data(), from, d, to, targets, f);
            KERNELS.axpy(n * f, -1f, to, keys, to, targets);
            int rates = inner.rate.at(at);
            for (int i = 0; i < n; i++) {
                to[rates + i] = rate.data()[(start + i) * rate.columns() + head];
            }
        }

        private void store(int head, int start, int n, int at) {
            KERNELS.copyRows(n, f, inner.output, at * f, f, output.data(), start * d + head * f, d);
        }

        /** Processes all rows as events of one user. */
        void stream(FastWeights state) {
            int length = query.rows();
            int pending = parameters.pendingCount();
            int open = state.open();
            double loss = 0;
            double squaredChange = 0;
            inner.placeOwn();
            for (int h = 0; h < parameters.heads(); h++) {
                InnerModel.Norm norm = norms[h];
                open = state.open();
                for (int i = 0; i < open; i++) {
                    inner.loadPending(i, state.pending, (h * k + i) * pending);
                }
                for (int t = 0; t < length; ) {
                    int n = Math.min(k - open, length - t);
                    load(h, t, n, open);
                    inner.batches.set(open + n, MiniBatches.NOTHING);
                    inner.use(state.weights, h * block);
                    inner.forward(norm, open, open + n);
                    store(h, t, n, open);
                    for (int i = open; i < open + n; i++) {
                        inner.savePending(i, state.pending, (h * k + i) * pending);
                    }
                    t += n;
                    if (t == length) {
                        int last = open + n - 1;
                        double step = scales[k - 1] * inner.memory[inner.rate.at(last)];
                        loss += inner.loss(norm, last);
                        squaredChange += step * step * inner.squaredGradient(last);
                    }
                    open = (open + n) % k;
                    if (open == 0) {
                        inner.update(norm, 0, state.weights, h * block);
                    }
                }
            }
            state.lastStep(loss, squaredChange);
            state.advance(length, open);
        }

        /** The backward pass. */
        @Override
        public void run() {
            Arrays.fill(dScales, 0f);
            float[] dStart = tape.lend(block);
            float[] dAfterFirst = tape.lend(inner.capacity / k * block);
            dLater[0] = tape.lend(block);
            dLater[1] = tape.lend(block);
            int slot = 0;
            for (int h = 0; h < parameters.heads(); h++) {
                Arrays.fill(dStart, 0, block, 0f);
                inner.prepare(initial, h * block);
                for (int s = 0; s < segments.count(); ) {
                    int end = groupEnd(s);
                    int firsts = 0;
                    for (int first = s; first < end; first++) {
                        firsts += firstLength(first);
                    }
                    int offset = 0;
                    for (int later = s; later < end; later++) {
                        if (laterMiniBatches(later) > 0) {
                            int row = segments.start(later) + firsts;
                            backwardLater(h, later, slot, row, dAfterFirst, offset);
                            offset += block;
                            slot += laterMiniBatches(later);
                        }
                        firsts -= firstLength(later);
                    }
                    backwardFirst(h, s, end, dAfterFirst, dStart);
                    s = end;
                }
                addInitialGradient(h, dStart);
            }
            addScaleGradient();
        }

        /**
         * Runs the mini-batches after a sequence's first backwards, starting with the last; stores the gradient of the
         * weights after the first at {@code firstOffset}.
         */
        private void backwardLater(int head, int s, int slot, int firstRow, float[] dAfterFirst, int firstOffset) {
            int last = laterMiniBatches(s);
            for (int m = last; m >= 1; m--) {
                int start = segments.start(s) + m * k;
                int n = Math.min(k, segments.length(s) - m * k);
                inner.batches.set(n, m < last ? 0 : MiniBatches.NOTHING);
                inner.use(starts, (slot + m - 1) * block);
                place(head, firstRow + (m - 1) * k);
                loadGradient(head, start, n, 0);
                float[] dAfter = dLater[m & 1];
                float[] dBefore = m == 1 ? dAfterFirst : dLater[(m - 1) & 1];
                int offset = m == 1 ? firstOffset : 0;
                Arrays.fill(dBefore, offset, offset + block, 0f);
                inner.backward(norms[head], dNorms[head], dAfter, dBefore, offset);
                storeGradient(head, start, n, 0);
            }
        }

        private void backwardFirst(int head, int first, int end, float[] dAfterFirst, float[] dStart) {
            MiniBatches batches = inner.batches;
            batches.clear();
            int offset = 0;
            for (int s = first; s < end; s++) {
                boolean isFollowed = laterMiniBatches(s) > 0;
                batches.add(firstLength(s), isFollowed ? offset : MiniBatches.NOTHING);
                offset += isFollowed ? block : 0;
            }
            inner.use(initial, head * block);
            place(head, segments.start(first));
            for (int s = first; s < end; ) {
                int next = runEnd(s, end);
                loadGradient(head, segments.start(s), runLength(s, next), batches.start(s - first));
                s = next;
            }
            inner.backward(norms[head], dNorms[head], dAfterFirst, dStart, 0);
            for (int s = first; s < end; ) {
                int next = runEnd(s, end);
                storeGradient(head, segments.start(s), runLength(s, next), batches.start(s - first));
                s = next;
            }
        }

        private void loadGradient(int head, int start, int n, int at) {
            KERNELS.copyRows(n, f, output.grad(), start * d + head * f, d, inner.dOutput, at * f, f);
        }

        /** Stores the gradients of a head's rows. Because target = value − key, its gradient goes to both. */
        private void storeGradient(int head, int start, int n, int at) {
            int to = start * d + head * f;
            int from = at * f;
            KERNELS.axpy(n * f, -1f, inner.dTarget, from, inner.dKey, from);
            KERNELS.addToRows(n, f, inner.dQuery, from, f, query.grad(), to, d);
            KERNELS.addToRows(n, f, inner.dKey, from, f, key.grad(), to, d);
            KERNELS.addToRows(n, f, inner.dTarget, from, f, value.grad(), to, d);
            for (int i = 0; i < n; i++) {
                rate.grad()[(start + i) * rate.columns() + head] += inner.dRate[at + i];
            }
        }

        private void addInitialGradient(int head, float[] dStart) {
            int offset = 0;
            for (var part : parameters.initial()) {
                int size = part.size() / parameters.heads();
                KERNELS.axpy(size, 1f, dStart, offset, tape.gradient(part), head * size);
                offset += size;
            }
        }

        private void addScaleGradient() {
            Parameter tokenIndex = parameters.tokenIndex();
            if (tokenIndex == null) {
                return;
            }
            float[] gradient = tape.gradient(tokenIndex);
            for (int i = 0; i < k; i++) {
                if (scales[i] > 0f) {
                    gradient[i] += dScales[i];
                }
            }
        }
    }
}
