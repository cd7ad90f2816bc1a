package io.github.ttt4rec.benchmarks.micro;

import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.model.SequenceBatch;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.ttt.InnerModelType;
import io.github.ttt4rec.ttt.TttConfig;
import io.github.ttt4rec.ttt.TttModel;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A complete TTT block as the network runs it: embedding lookup and norm, projections, rotary embedding, inner learning
 * rates, scan, norms, SwiGLU and the final norm; without the output layer.
 */
@State(Scope.Thread)
public class BlockBenchmark implements Counted {
    private static final int ITEMS = 1000;

    /** The inner model. */
    @Param("MLP")
    public InnerModelType layer;

    /** The number of sequences in a batch, about as many tokens as a batch of training. */
    @Param("5")
    public int sequences;

    /** The length L of each sequence. */
    @Param("50")
    public int length;

    private TttModel model;
    private Tape forwardTape;
    private Tape recordingTape;
    private SequenceBatch batch;
    private float[] outputGradient;
    private SequenceState state;
    private int next;

    /** Makes a model and a batch. */
    @Setup
    public void setUp() {
        model = new TttModel(Networks.config(layer), ITEMS);
        ParameterSet parameters = model.parameters();
        parameters.initialize(1);
        forwardTape = Tape.forward();
        recordingTape = Tape.recording(parameters);
        Segments segments = Networks.segments(sequences, length);
        int n = segments.rows();
        SequenceBatch sequence = SequenceBatch.of(Inputs.indices(n, ITEMS), segments);
        long[] seeds = LongStream.range(0, n).toArray();
        batch = new SequenceBatch(sequence.items(), sequence.positions(), seeds, segments);
        outputGradient = Inputs.normal(n * model.hiddenSize());
        state = model.newState();
    }

    /** Outputs only, as in evaluation. */
    @Benchmark
    public float[] forward() {
        Tensor output = model.encode(forwardTape, batch);
        forwardTape.reset();
        return output.data();
    }

    /** With the gradients of everything, as in training. */
    @Benchmark
    public float[] forwardBackward() {
        Tensor output = model.encode(recordingTape, batch);
        System.arraycopy(outputGradient, 0, output.grad(), 0, output.size());
        recordingTape.backward();
        recordingTape.reset();
        return output.data();
    }

    /** One event of a user's stream, as in serving. */
    @Benchmark
    public float[] append() {
        int item = batch.items()[next];
        next = next + 1 == batch.rows() ? 0 : next + 1;
        Tensor output = model.append(forwardTape, state, item);
        forwardTape.reset();
        return output.data();
    }

    @Override
    public Work work(String method) {
        TttConfig of = Networks.config(layer);
        int d = of.hiddenSize();
        double tokens = (double) sequences * length;
        double flops = Operations.block(of, sequences, length);
        double weights = Float.BYTES * (double) (4 * d * d + 3 * d * of.intermediateSize());
        // Item vectors in, outputs out.
        double bytes = weights + Float.BYTES * tokens * 2 * d;
        return switch (method) {
            case "forward" -> Work.of(flops, bytes, tokens, "tokens");
            case "forwardBackward" -> Work.of(3 * flops, 3 * bytes, tokens, "tokens");
            case "append" -> {
                double others = Operations.block(of, 1, 1) - Operations.scan(of, 1);
                yield Work.of(others + Operations.step(of), weights, 1, "events");
            }
            default -> throw Counted.unknown(method);
        };
    }
}
