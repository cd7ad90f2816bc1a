package io.github.ttt4rec.flink.job;

import io.github.ttt4rec.flink.state.Input;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;

/**
 * Forwards all events, but fails once: at the first event after {@code after} events and a completed checkpoint that
 * includes some of them. Until that checkpoint it slows down the source, to which it is chained, so that the checkpoint
 * completes in time.
 */
public final class FailOnce implements MapFunction<Input, Input>, CheckpointedFunction, CheckpointListener {
    private static final long serialVersionUID = 1L;
    /** The approximate number of events between the checkpoint and the failure, which must be read again. */
    private static final int LOST = 20;

    private static final Map<String, Boolean> FAILED = new ConcurrentHashMap<>();
    private static final Map<String, Long> RESTORED = new ConcurrentHashMap<>();

    private final String job;
    private final int after;
    private int seen;
    private int unsaved;
    private boolean underWay;
    private volatile boolean completed;

    public FailOnce(String job, int after) {
        this.job = job;
        this.after = after;
    }

    /**
     * Returns the checkpoint from which the job continued after the failure; null if it did not fail or started from
     * the beginning.
     */
    public static Long restoredFrom(String job) {
        return RESTORED.get(job);
    }

    @Override
    public Input map(Input input) throws Exception {
        seen++;
        if (!FAILED.containsKey(job) && seen > after) {
            if (completed && unsaved++ == LOST) {
                FAILED.put(job, true);
                throw new IllegalStateException("a failure on purpose");
            }
            if (!completed) {
                Thread.sleep(100);
            }
        }
        return input;
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) {
        underWay = seen > 0;
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
        completed = underWay;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) {
        if (context.isRestored() && FAILED.containsKey(job)) {
            RESTORED.put(job, context.getRestoredCheckpointId().orElse(-1));
        }
    }
}
