package io.github.ttt4rec.flink.job;

import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.metrics.Counter;

/**
 * Counters of an operator instance since its start, as metrics while it runs and as accumulators for the job's result.
 */
public final class Counters {
    public static final String EVENTS = "events";
    public static final String DUPLICATES = "duplicates";
    public static final String UNKNOWN_ITEMS = "unknownItems";
    public static final String LATE = "late";
    public static final String REQUESTS = "requests";
    static final String REBUILT = "rebuilt";
    static final String MODELS = "models";

    final Counted events;
    final Counted duplicates;
    final Counted unknownItems;
    final Counted late;
    final Counted requests;
    final Counted rebuilt;
    final Counted models;

    Counters(RuntimeContext context) {
        events = new Counted(context, EVENTS);
        duplicates = new Counted(context, DUPLICATES);
        unknownItems = new Counted(context, UNKNOWN_ITEMS);
        late = new Counted(context, LATE);
        requests = new Counted(context, REQUESTS);
        rebuilt = new Counted(context, REBUILT);
        models = new Counted(context, MODELS);
    }

    static final class Counted {
        private final Counter metric;
        private final LongCounter total = new LongCounter();

        Counted(RuntimeContext context, String name) {
            metric = context.getMetricGroup().addGroup("ttt4rec").counter(name);
            context.addAccumulator(name, total);
        }

        void inc() {
            metric.inc();
            total.add(1L);
        }
    }
}
