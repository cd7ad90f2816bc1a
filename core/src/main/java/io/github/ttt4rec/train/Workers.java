package io.github.ttt4rec.train;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/** A fixed number of threads that run one task in parallel, each with its own number. */
final class Workers implements AutoCloseable {
    private final int count;
    private final ExecutorService executor;

    Workers(int count) {
        this.count = count;
        executor = Executors.newFixedThreadPool(
                count, Thread.ofPlatform().daemon().name("train-", 0).factory());
    }

    int count() {
        return count;
    }

    /** Runs {@code task} with 0 .. count − 1, each on its own thread, and waits for all. Rethrows the first failure. */
    void run(IntConsumer task) {
        List<Future<?>> running = new ArrayList<>(count);
        for (int w = 0; w < count; w++) {
            int worker = w;
            running.add(executor.submit(() -> task.accept(worker)));
        }
        RuntimeException failure = null;
        for (Future<?> future : running) {
            try {
                future.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Error error) {
                    throw error;
                }
                failure = e.getCause() instanceof RuntimeException r ? r : new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while training", e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
