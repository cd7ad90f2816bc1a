package io.github.ttt4rec.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/**
 * A fixed number of threads that run one task in parallel. The task gets the number of its worker and chooses its share
 * of the work by it, so that every run divides the work in the same way.
 */
public final class Parallel implements AutoCloseable {
    private final int workers;
    private final ExecutorService executor;

    /** Starts {@code workers} daemon threads, named {@code name} and a number. */
    public Parallel(int workers, String name) {
        this.workers = workers;
        executor = Executors.newFixedThreadPool(
                workers, Thread.ofPlatform().daemon().name(name + "-", 0).factory());
    }

    /**
     * Runs {@code task} once for each of {@code workers} workers, as {@link #run(IntConsumer)} does, on threads that
     * only this call uses.
     */
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
     * <p>If workers fail, the exception or error of the one with the lowest number is thrown unchanged. If the caller
     * is interrupted, the workers are interrupted too, and this object runs no further tasks.
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
            default -> throw new IllegalStateException(failure); // a task declares no checked exceptions
        }
    }

    /** Interrupts running tasks and waits until their threads have ended. */
    @Override
    public void close() {
        executor.shutdownNow();
        executor.close();
    }
}
