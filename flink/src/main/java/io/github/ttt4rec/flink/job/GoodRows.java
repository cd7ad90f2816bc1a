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

/** Passes good rows on. The first bad one ends the job, or bad ones are counted and the first few logged. */
public final class GoodRows extends RichFlatMapFunction<Row, Input> {
    public static final String BAD_ROWS = "badRows";
    private static final Logger LOGGER = LoggerFactory.getLogger(GoodRows.class);
    private static final long serialVersionUID = 1L;
    private static final int TOLD = 5;

    private final boolean skip;
    private transient Counters.Counted bad;
    private transient int told;

    @SuppressWarnings("NullAway.Init") // Flink calls open before anything else
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
                    // The same row would end every restart.
                    throw new SuppressRestartsException(new UserFacingException(
                            wrong.message() + ". Mend the line, or leave out bad ones with --skip-bad-rows"));
                }
                bad.inc();
                if (told < TOLD) {
                    told++;
                    LOGGER.warn("left out: {}", wrong.message());
                }
            }
        }
    }
}
