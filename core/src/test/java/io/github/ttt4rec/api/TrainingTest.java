package io.github.ttt4rec.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.SplitSpec;
import io.github.ttt4rec.io.internal.ModelDirectory;
import io.github.ttt4rec.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTest {
    private static final int EPOCHS = 4;

    @TempDir
    private Path directory;

    private final RunConfig config = RunConfigs.set(Logs.small(EPOCHS), List.of("batch_size=64"));
    private Split split;
    private Path checkpoint;

    @BeforeEach
    void open() {
        split = config.open(Logs.write(directory, 60));
        checkpoint = directory.resolve("checkpoint.safetensors");
    }

    @Test
    void stoppedAnywhereAndResumedGivesTheSameBits() throws Exception {
        byte[] whole = train(config, 2, Integer.MAX_VALUE, false);
        for (int step : new int[] {1, 3, 10, 11, 23}) {
            assertThat(train(config, 2, step, false))
                    .as("stopped after step %d", step)
                    .isEmpty();
            assertThat(train(config, 2, Integer.MAX_VALUE, true))
                    .as("resumed after step %d", step)
                    .isEqualTo(whole);
        }
    }

    @Test
    void finishedRunResumesToItsModel() throws Exception {
        byte[] whole = train(config, 1, Integer.MAX_VALUE, false);
        assertThat(train(config, 1, Integer.MAX_VALUE, true)).isEqualTo(whole);
    }

    @Test
    void anotherRunsCheckpointIsRefusedAndTheDifferenceNamed() throws Exception {
        train(config, 2, 3, false);
        RunConfig other = RunConfigs.set(config, List.of("layer=mlp", "epochs=9"));
        assertThatThrownBy(() -> train(other, 2, 1, true))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("model.layer was linear, is now mlp; train.epochs was 4, is now 9")
                .message()
                .doesNotContain("hidden_size");
        assertThatThrownBy(() -> train(config, 1, 1, true))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("number of threads");
        split = config.open(Logs.write(directory, 61));
        assertThatThrownBy(() -> train(config, 2, 1, true))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("belongs to a run on another data file");
    }

    @Test
    void validationCasesHoldForTheNetworkAndForTheWholeHybridModel() throws Exception {
        RunConfig hybrid = RunConfigs.set(
                RunConfig.production().withData(PrepareOptions.keepAll()).withSplit(SplitSpec.parse("leave-one-out")),
                List.of("epochs=1", "validation_cases=25"));
        AtomicBoolean fitted = new AtomicBoolean();
        Set<Integer> ofNetwork = new TreeSet<>();
        Set<Integer> ofWhole = new TreeSet<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void secondStage() {
                fitted.set(true);
            }

            @Override
            public void validating(int epoch, int done, int total) {
                (fitted.get() ? ofWhole : ofNetwork).add(total);
            }
        };
        try (Training training = new Training(split, hybrid, 3, 1, listener)) {
            assertThat(training.run(checkpoint)).isPresent();
        }
        assertThat(ofNetwork).containsExactly(25);
        assertThat(ofWhole).containsExactly(25);
    }

    /** The bytes of the trained weights; empty if the run was stopped after {@code steps} steps. */
    private byte[] train(RunConfig some, int threads, int steps, boolean resume)
            throws IOException, InterruptedException {
        AtomicInteger done = new AtomicInteger();
        AtomicReference<Training> running = new AtomicReference<>();
        TrainingListener stopper = new TrainingListener() {
            @Override
            public void stepped(int epoch, long cases, long allCases, double loss, double casesPerSecond) {
                if (done.incrementAndGet() == steps) {
                    running.get().requestStop();
                }
            }
        };
        try (Training training = new Training(split, some, 3, threads, stopper)) {
            running.set(training);
            if (resume) {
                training.resume(checkpoint);
            }
            Path saved = directory.resolve("model");
            return training.run(checkpoint)
                    .map(model -> {
                        model.save(saved);
                        return read(saved.resolve(ModelDirectory.WEIGHTS));
                    })
                    .orElse(new byte[0]);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
