package io.github.ttt4rec.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/**
 * A fixed number of threads that run one task in parallel. The task gets its worker's number and takes its share by it, so that
 * work is dealt in the same way in every run.
 */
public final class Parallel implements AutoCloseable {
    private final int workers;
    private final ExecutorService executor;

    /** Makes {@code workers} threads, which keep no JVM alive, named {@code name} and a number. */
    public Parallel(int workers, String name) {
        this.workers = workers;
        executor = Executors.newFixedThreadPool(
                workers, Thread.ofPlatform().daemon().name(name + "-", 0).factory());
    }

    /** Runs {@code task} once for each of {@code workers} as {@link #run(IntConsumer)} does, on threads for this call alone. */
    public static void run(int workers, String name, IntConsumer task) throws InterruptedException {
        try (Parallel parallel = new Parallel(workers, name)) {
            parallel.run(task);
        }
    }

    /** Returns the number of workers. */
    public int workers() {
        return workers;
    }

    /**
     * Runs {@code task} with 0 .. workers − 1, each on its own thread, and waits for all.
     *
     * <p>If workers fail, the exception or error of the one with the lowest number is thrown, as it is. If the caller is
     * interrupted, the workers are too, and these threads take no more tasks.
     */
    public void run(IntConsumer task) throws InterruptedException {
        List<Future<?>> running = new ArrayList<>(workers);
        for (int w = 0; w < workers; w++) {
            int worker = w;
            running.add(executor.submit(() -> task.accept(worker)));
        }
        Throwable failure = null;
        for (Future<?> future : running) {
            try {
                future.get();
            } catch (ExecutionException e) {
                failure = failure == null ? e.getCause() : failure;
            } catch (InterruptedException e) {
                executor.shutdownNow();
                throw e;
            }
        }
        switch (failure) {
            case null -> {}
            case Error error -> throw error;
            case RuntimeException exception -> throw exception;
            default -> throw new IllegalStateException(failure); // a task declares no other
        }
    }

    /** Interrupts tasks that run and waits until their threads have ended. */
    @Override
    public void close() {
        executor.shutdownNow();
        executor.close();
    }
}
