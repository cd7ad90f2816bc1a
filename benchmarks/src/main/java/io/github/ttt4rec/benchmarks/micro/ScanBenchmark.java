package io.github.ttt4rec.benchmarks.micro;

import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.ttt.FastWeights;
import io.github.ttt4rec.ttt.InnerModelType;
import io.github.ttt4rec.ttt.TttConfig;
import io.github.ttt4rec.ttt.TttParameters;
import io.github.ttt4rec.ttt.TttScan;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The inner training of one TTT layer: on whole sequences, and on one event of a stream. */
@State(Scope.Thread)
public class ScanBenchmark implements Counted {
    /** The inner model. */
    @Param
    public InnerModelType layer;

    /** The number of sequences in a batch, about as many tokens as a batch of training. */
    @Param("5")
    public int sequences;

    /** The length L of each sequence. */
    @Param("50")
    public int length;

    private TttConfig config;
    private TttParameters parameters;
    private Segments segments;
    private Tape forwardTape;
    private Tape recordingTape;
    private Tensor query;
    private Tensor key;
    private Tensor value;
    private Tensor rate;
    private float[] outputGradient;
    /** Inputs of one token each, and the stream that reads them. */
    private Event[] events;

    private FastWeights state;
    private int next;

    private record Event(Tensor query, Tensor key, Tensor value, Tensor rate) {}

    /** Creates parameters and inputs. */
    @Setup
    public void setUp() {
        config = Networks.config(layer);
        ParameterSet set = new ParameterSet();
        parameters = TttParameters.declare(
                set, "", layer, config.numHeads(), config.headSize(), config.miniBatchSize(), true, true);
        set.initialize(1);
        segments = Networks.segments(sequences, length);
        forwardTape = Tape.forward();
        recordingTape = Tape.recording(set);
        int n = segments.rows();
        int d = config.hiddenSize();
        query = tensor(n, d, 0);
        key = tensor(n, d, 1);
        value = tensor(n, d, 2);
        rate = new Tensor(n, config.numHeads(), new float[n * config.numHeads()], new float[n * config.numHeads()]);
        Arrays.fill(rate.data(), 0.5f / config.headSize());
        outputGradient = Inputs.normal(n * d + 3);
        events = new Event[n];
        for (int i = 0; i < n; i++) {
            events[i] = new Event(row(query, i), row(key, i), row(value, i), row(rate, i));
        }
        state = FastWeights.initial(parameters);
    }

    private static Tensor tensor(int rows, int columns, int number) {
        int size = rows * columns;
        // The numbers depend on the length.
        return new Tensor(rows, columns, Arrays.copyOf(Inputs.normal(size + number), size), new float[size]);
    }

    private static Tensor row(Tensor all, int i) {
        int columns = all.columns();
        return new Tensor(1, columns, Arrays.copyOfRange(all.data(), i * columns, (i + 1) * columns), new float[0]);
    }

    /** Fails if a result is not finite, because a processor's speed may differ for infinities and NaN. */
    @TearDown
    public void checkState() {
        for (float[] part : state.parts()) {
            for (float weight : part) {
                if (!Float.isFinite(weight)) {
                    throw new IllegalStateException("the stream diverged");
                }
            }
        }
    }

    /** Whole sequences, outputs only. */
    @Benchmark
    public float[] forward() {
        Tensor output = TttScan.apply(forwardTape, query, key, value, rate, segments, parameters);
        forwardTape.reset();
        return output.data();
    }

    /** Whole sequences with the gradients of everything. */
    @Benchmark
    public float[] forwardBackward() {
        Tensor output = TttScan.apply(recordingTape, query, key, value, rate, segments, parameters);
        System.arraycopy(outputGradient, 0, output.grad(), 0, output.size());
        recordingTape.backward();
        recordingTape.reset();
        return query.grad();
    }

    /** One event of a user's stream; every K-th updates the fast weights, so this is a mean over K. */
    @Benchmark
    public float[] step() {
        Event event = events[next];
        next = next + 1 == events.length ? 0 : next + 1;
        Tensor output = TttScan.stream(forwardTape, event.query, event.key, event.value, event.rate, parameters, state);
        forwardTape.reset();
        return output.data();
    }

    @Override
    public Work work(String method) {
        TttConfig of = Networks.config(layer);
        double tokens = (double) sequences * length;
        double flops = sequences * Operations.scan(of, length);
        int d = of.hiddenSize();
        // Queries, keys, values and rates in, outputs out.
        double bytes = Float.BYTES * tokens * (4 * d + of.numHeads());
        return switch (method) {
            case "forward" -> Work.of(flops, bytes, tokens, "tokens");
            // The same for their gradients; those of the inputs are both read and written.
            case "forwardBackward" ->
                Work.of(3 * flops, 2 * bytes + Float.BYTES * tokens * (3 * d + of.numHeads()), tokens, "tokens");
            case "step" -> {
                // The state is read by every event and written by every K-th.
                FastWeights fresh = FastWeights.initial(TttParameters.declare(
                        new ParameterSet(), "", layer, of.numHeads(), of.headSize(), of.miniBatchSize(), true, true));
                double stateBytes = fresh.bytes() * (1 + 1.0 / of.miniBatchSize());
                yield new Work(Operations.step(of), stateBytes + bytes / tokens, fresh.bytes(), 1, "events");
            }
            default -> throw Counted.unknown(method);
        };
    }
}
