package io.github.ttt4rec.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorkersTest {
    @Test
    void eachWorkerRunsOnceAndAllAreAwaited() {
        try (Workers workers = new Workers(3)) {
            Set<Integer> seen = ConcurrentHashMap.newKeySet();
            workers.run(seen::add);
            assertThat(seen).containsExactlyInAnyOrder(0, 1, 2);
        }
    }

    @Test
    void aFailureIsPassedOnAfterAllHaveEnded() {
        try (Workers workers = new Workers(3)) {
            AtomicInteger ended = new AtomicInteger();
            IllegalStateException failure = new IllegalStateException("worker 1");
            assertThatThrownBy(() -> workers.run(worker -> {
                        if (worker == 1) {
                            throw failure;
                        }
                        ended.incrementAndGet();
                    }))
                    .isSameAs(failure);
            assertThat(ended).hasValue(2);
        }
    }

    @Test
    void anErrorIsPassedOnAsItIs() {
        try (Workers workers = new Workers(2)) {
            OutOfMemoryError error = new OutOfMemoryError("made up");
            assertThatThrownBy(() -> workers.run(worker -> {
                        throw error;
                    }))
                    .isSameAs(error);
        }
    }
}
