package io.github.ttt4rec.benchmarks;

import com.sun.management.ThreadMXBean;
import io.github.ttt4rec.api.ModelReader;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.benchmarks.micro.BlockBenchmark;
import io.github.ttt4rec.benchmarks.micro.CrossEntropyBenchmark;
import io.github.ttt4rec.benchmarks.models.MadeUpModels;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.ttt.InnerModelType;
import java.lang.management.ManagementFactory;

/**
 * Prints the bytes that a training pass through a block, the loss, and an event of a live user allocate once they are
 * compiled: the minimum of several calls. With {@code -Xbatch} the result does not depend on time.
 */
final class StepAllocations {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Receives the query vectors, so that C2 cannot eliminate the work. */
    static float[] vector = new float[MadeUpModels.HIDDEN_SIZE];

    private StepAllocations() {}

    /** Prints one line for each: the name and the bytes. */
    public static void main(String[] arguments) {
        BlockBenchmark block = new BlockBenchmark();
        block.layer = InnerModelType.MLP;
        block.sequences = 2;
        block.length = 20;
        block.setUp();
        print("block", 4000, block::forwardBackward);
        CrossEntropyBenchmark loss = new CrossEntropyBenchmark();
        loss.items = 700;
        loss.rows = 30;
        loss.setUp();
        print("loss", 1500, loss::forwardBackward);
        TrainedModel model = MadeUpModels.of(200);
        ModelReader reader = model.newReader();
        SequenceState state = model.network().newState();
        int[] item = {7};
        print("append", 20000, () -> reader.appendInto(state, vector, item));
    }

    private static void print(String name, int calls, Runnable call) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < calls; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            call.run();
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        System.out.println(name + " " + least);
    }
}
