package io.github.ttt4rec.flink.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.ttt.TttConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares the bytes that a user takes in a checkpoint with the formula in docs/streaming.md, for the default network.
 */
class StateSizeTest {
    private static final int MAX_LEN = 50;
    private static final String EVENT_ID = "0f8fad5b-d9cb-469f-a165-70867728";

    @TempDir
    private Path directory;

    @Test
    void userTakesWhatTheDocumentationSays() throws Exception {
        TttConfig config = TttConfig.defaults();
        TrainedModel model = TestModels.of(config, 100, 1, MAX_LEN);
        try (Harness harness = new Harness(JobSettings.defaults().withLists(JobSettings.Lists.NONE), directory)) {
            harness.model(model);
            users(harness, 0, 20);
            long before = harness.checkpointBytes();
            long expected = users(harness, 20, 100);
            long grown = harness.checkpointBytes() - before;
            System.out.printf("80 users with 1 to 110 events: %,d bytes, by the formula %,d%n", grown, expected);
            assertThat(grown).isCloseTo(expected, withPercentage(10));
        }
    }

    /** Feeds users with 1 to 110 events and returns their size by the formula. */
    private static long users(Harness harness, int from, int to) throws Exception {
        long expected = 0;
        for (int user = from; user < to; user++) {
            int events = 1 + 37 * user % 110;
            for (int i = 0; i < events; i++) {
                harness.send("user-" + (1000 + user), "i" + (10 + i % 90), EVENT_ID + (1000 + i));
            }
            expected += bytes(events, "user-1000".length(), "i10".length(), EVENT_ID.length() + 4);
        }
        return expected;
    }

    /** The documented formula for the history and fast weights of a user with n events. */
    private static long bytes(int n, int userId, int itemId, int eventId) {
        int kept = Math.min(n, 2 * MAX_LEN - 1);
        long history = 100 + 4 * 64 + userId + (long) kept * (itemId + eventId + 10);
        // The open mini-batch holds the events since the last multiple of K, counted from the model's start position.
        int start = Math.max(0, n / MAX_LEN - 1) * MAX_LEN;
        boolean kept2 = Math.max(0, (n + 1) / MAX_LEN - 1) * MAX_LEN == start;
        int open = (n - start) % 8;
        long weights = 100 + 4 * 64 + userId + 4L * 4 * (2128 + open * 161);
        return history + (kept2 ? weights : 0);
    }
}
