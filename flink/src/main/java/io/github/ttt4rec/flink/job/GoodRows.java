package io.github.ttt4rec.flink.job;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.flink.state.BadRow;
import io.github.ttt4rec.flink.state.Input;
import io.github.ttt4rec.flink.state.Row;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forwards good rows. The first bad row ends the job; or, if bad rows are skipped, counts them and logs the first few.
 */
public final class GoodRows extends RichFlatMapFunction<Row, Input> {
    public static final String BAD_ROWS = "badRows";
    private static final Logger LOGGER = LoggerFactory.getLogger(GoodRows.class);
    private static final long serialVersionUID = 1L;
    private static final int TOLD = 5;

    private final boolean skip;
    private transient Counters.Counted bad;
    private transient int told;

    @SuppressWarnings("NullAway.Init") // Flink calls open first
    GoodRows(boolean skip) {
        this.skip = skip;
    }

    @Override
    public void open(OpenContext context) {
        bad = new Counters.Counted(getRuntimeContext(), BAD_ROWS);
    }

    @Override
    public void flatMap(Row row, Collector<Input> out) {
        switch (row) {
            case Input input -> out.collect(input);
            case BadRow wrong -> {
                if (!skip) {
                    // Retrying would fail at the same row again.
                    throw new SuppressRestartsException(new UserFacingException(
                            wrong.message() + ". Correct the line, or skip bad rows with --skip-bad-rows"));
                }
                bad.inc();
                if (told < TOLD) {
                    told++;
                    LOGGER.warn("skipped: {}", wrong.message());
                }
            }
        }
    }
}
