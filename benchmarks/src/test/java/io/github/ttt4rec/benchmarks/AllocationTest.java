package io.github.ttt4rec.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.ttt4rec.api.ModelReader;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.benchmarks.micro.BlockBenchmark;
import io.github.ttt4rec.benchmarks.micro.CrossEntropyBenchmark;
import io.github.ttt4rec.benchmarks.models.MadeUpModels;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Query;
import io.github.ttt4rec.ttt.InnerModelType;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Limits the bytes allocated in steady state, which must be few and must not grow with histories, catalogue or batch.
 * The JVM counts them for this thread, so neither time nor other threads matter.
 */
@Tag("allocation")
class AllocationTest {
    private static final int LENGTH = 20;
    private static final int WARM_UP = 3000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /**
     * Returns the minimum of the bytes that several calls allocate, after calls that fill pools, resolve call sites, and
     * have the JVM compile the kernels: in interpreted code each view of an array is an object.
     */
    private static long allocated(Runnable call) {
        for (int i = 0; i < WARM_UP; i++) {
            call.run();
        }
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 8; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            call.run();
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    @Test
    void allocationIsCounted() {
        int[][] kept = new int[1][];
        assertThat(allocated(() -> kept[0] = new int[1000])).isBetween(4000L, 4100L);
    }

    @Test
    void eventLeavesLittleBehindHoweverLongTheHistory() {
        TrainedModel model = MadeUpModels.of(200);
        ModelReader reader = model.newReader();
        SequenceState brief = model.network().newState();
        SequenceState lengthy = model.network().newState();
        // Before both measurements, so that the JVM has compiled the code in the same way for both.
        reader.append(lengthy, filled(10_000));
        long first = allocated(() -> reader.append(brief, 7));
        long later = allocated(() -> reader.append(lengthy, 7));
        assertThat(first).isLessThanOrEqualTo(4 << 10);
        assertThat(later).isLessThanOrEqualTo(first);
    }

    private static int[] filled(int n) {
        int[] items = new int[n];
        Arrays.fill(items, 3);
        return items;
    }

    @Test
    void listLeavesLittleBehindHoweverLargeTheCatalogue() {
        long small = listBytes(200);
        long large = listBytes(20_000);
        assertThat(large).isLessThanOrEqualTo(6 << 10);
        assertThat(large - small).isLessThanOrEqualTo(2 << 10);
    }

    private static long listBytes(int items) {
        TrainedModel model = MadeUpModels.of(items);
        ModelReader reader = model.newReader();
        BitSet allowed = ItemFilter.NONE.allowed(model.items());
        Query query = Query.of(reader.append(model.network().newState(), 1));
        return allocated(() -> reader.recommend(query, 10, allowed));
    }

    /** At most a few hundred bytes per token, compared with about ten thousand for the operations themselves. */
    @Test
    void trainingPassLeavesLittleBehind() {
        long small = blockBytes(1);
        long large = blockBytes(4);
        assertThat(small).isLessThanOrEqualTo(48 << 10);
        assertThat((large - small) / (3 * LENGTH)).isLessThanOrEqualTo(512);
    }

    private static long blockBytes(int sequences) {
        BlockBenchmark benchmark = new BlockBenchmark();
        benchmark.layer = InnerModelType.MLP;
        benchmark.sequences = sequences;
        benchmark.length = LENGTH;
        benchmark.setUp();
        return allocated(benchmark::forwardBackward);
    }

    @Test
    void lossLeavesNothingBehindWhateverItsSize() {
        assertThat(lossBytes(100, 30)).isLessThanOrEqualTo(256);
        assertThat(lossBytes(3000, 30)).isLessThanOrEqualTo(256);
    }

    private static long lossBytes(int items, int rows) {
        CrossEntropyBenchmark benchmark = new CrossEntropyBenchmark();
        benchmark.items = items;
        benchmark.rows = rows;
        benchmark.setUp();
        return allocated(benchmark::forwardBackward);
    }
}
