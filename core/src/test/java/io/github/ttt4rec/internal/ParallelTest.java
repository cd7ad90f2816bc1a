package io.github.ttt4rec.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ParallelTest {
    @Test
    void eachWorkerRunsOnceAndAllAreAwaited() throws InterruptedException {
        try (Parallel workers = new Parallel(3, "test")) {
            Set<Integer> seen = ConcurrentHashMap.newKeySet();
            workers.run(seen::add);
            assertThat(seen).containsExactlyInAnyOrder(0, 1, 2);
        }
    }

    @Test
    void failureIsPassedOnAfterAllHaveEnded() {
        try (Parallel workers = new Parallel(3, "test")) {
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
    void errorIsPassedOnAsItIs() {
        try (Parallel workers = new Parallel(2, "test")) {
            OutOfMemoryError error = new OutOfMemoryError("made up");
            assertThatThrownBy(() -> workers.run(worker -> {
                        throw error;
                    }))
                    .isSameAs(error);
        }
    }

    @Test
    void failureOfTheLowestWorkerWins() {
        assertThatThrownBy(() -> Parallel.run(3, "test", worker -> {
                    throw new IllegalStateException("worker " + worker);
                }))
                .hasMessage("worker 0");
    }

    @Test
    void interruptReachesTheWorkers() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(2);
        AtomicInteger interrupted = new AtomicInteger();
        Thread caller = Thread.currentThread();
        Thread.ofPlatform().start(() -> {
            try {
                started.await();
                caller.interrupt();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThatThrownBy(() -> Parallel.run(2, "test", worker -> {
                    started.countDown();
                    try {
                        Thread.sleep(60_000);
                    } catch (InterruptedException e) {
                        interrupted.incrementAndGet();
                    }
                }))
                .isInstanceOf(InterruptedException.class);
        assertThat(interrupted).hasValue(2);
    }
}
