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

/** Threads that do the same. */
final class Workers {
    private static final int TICK_MILLIS = 1000;

    private Workers() {}

    /**
     * Runs {@code body} on each of {@code count} threads of the operating system, which wake from a timed wait at less cost
     * and more on time than virtual ones. Calls {@code tick} every second meanwhile, and rethrows what a body throws.
     *
     * @param body gets a question to ask now and then: whether another one failed, and it should end too
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
