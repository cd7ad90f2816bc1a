package io.github.ttt4rec.benchmarks.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Runs the same code on several threads. */
final class Workers {
    private static final int TICK_MILLIS = 1000;

    private Workers() {}

    /**
     * Runs {@code body} on each of {@code count} platform threads, which wake from a timed wait more cheaply and
     * punctually than virtual ones. Meanwhile calls {@code tick} every second. Rethrows exceptions of a body.
     *
     * @param body receives a supplier to poll, which returns whether to end because another thread failed
     */
    static void run(int count, Consumer<BooleanSupplier> body, Runnable tick) throws InterruptedException {
        AtomicBoolean broken = new AtomicBoolean();
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(
                count, Thread.ofPlatform().name("ttt4rec-load-", 0).factory())) {
            for (int i = 0; i < count; i++) {
                running.add(threads.submit(() -> {
                    boolean done = false;
                    try {
                        body.accept(broken::get);
                        done = true;
                    } finally {
                        if (!done) {
                            broken.set(true);
                        }
                    }
                }));
            }
            threads.shutdown();
            while (!threads.awaitTermination(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
                tick.run();
            }
        }
        for (Future<?> each : running) {
            try {
                each.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                throw new IllegalStateException("a thread of the load failed", e.getCause());
            }
        }
    }
}
