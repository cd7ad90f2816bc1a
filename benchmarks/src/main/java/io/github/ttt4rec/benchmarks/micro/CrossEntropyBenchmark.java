package io.github.ttt4rec.benchmarks.micro;

import io.github.ttt4rec.autograd.CatalogueCrossEntropy;
import io.github.ttt4rec.autograd.LossWeights;
import io.github.ttt4rec.autograd.OutputLayer;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The output layer with softmax cross-entropy over the whole catalogue, a single operation that is half of the work of
 * training.
 */
@State(Scope.Thread)
public class CrossEntropyBenchmark implements Counted {
    private static final int D = 64;

    /** The number of items V; 10,672 is that of Amazon Video Games. */
    @Param("10672")
    public int items;

    /** The number of cases in a batch. */
    @Param("512")
    public int rows;

    private OutputLayer output;
    private Tape forwardTape;
    private Tape recordingTape;
    private Tensor hidden;
    private int[] targets;
    private LossWeights weights;

    /** Creates a table and cases. */
    @Setup
    public void setUp() {
        ParameterSet set = new ParameterSet();
        output = OutputLayer.of(set.declare("table", Parameter.Init.NORMAL_TABLE, items + 1, D));
        set.initialize(1);
        forwardTape = Tape.forward();
        recordingTape = Tape.recording(set);
        hidden = new Tensor(rows, D, Inputs.normal(rows * D), new float[rows * D]);
        targets = Inputs.indices(rows, items);
        weights = LossWeights.equal(1f / rows);
    }

    /** The loss without gradients. */
    @Benchmark
    public double forward() {
        return pass(forwardTape);
    }

    /** The loss and the gradients of hidden vectors and table. */
    @Benchmark
    public double forwardBackward() {
        return pass(recordingTape);
    }

    private double pass(Tape tape) {
        double loss = CatalogueCrossEntropy.apply(tape, hidden, targets, output, weights);
        tape.reset();
        return loss;
    }

    @Override
    public Work work(String method) {
        double logits = Operations.logits(rows, items + 1, D);
        double tableBytes = (double) Float.BYTES * (items + 1) * D;
        double hiddenBytes = (double) Float.BYTES * rows * D;
        return switch (method) {
            case "forward" -> Work.of(logits, tableBytes + hiddenBytes, rows, "cases");
            // Both gradients are read and written.
            case "forwardBackward" -> Work.of(3 * logits, 3 * (tableBytes + hiddenBytes), rows, "cases");
            default -> throw Counted.unknown(method);
        };
    }
}
