package io.github.ttt4rec.retrieval;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets requests of many threads, virtual ones included, share passes over the table. A request that finds a pass free starts
 * it at once and alone; those that come while all passes are under way wait, and the next pass is for all that wait, in the
 * order in which they came, {@code atOnce} of them at most.
 *
 * <p>So nobody waits for company, and as long as no more than {@code passes·atOnce} wait, a request is answered after two
 * passes at the latest: what is left of one under way, and its own.
 *
 * <p>Passes run on platform threads of their own. On the callers' virtual threads they would keep these threads' few carriers
 * from all others, also from those that are about to ask, and hardly ever find anyone waiting. Threads without work end by
 * themselves, so there is nothing to close.
 */
public final class BatchedTopItems {
    private static final long IDLE_SECONDS = 10;

    private final Retriever retriever;
    private final int atOnce;
    private final ThreadPoolExecutor threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    /** Passes that may start now. */
    private int free;

    private record Waiting(Request request, CompletableFuture<Ranked> answer) {}

    /**
     * Passes of one retriever.
     *
     * @param passes how many may be under way at once: the number of cores
     * @param atOnce the most requests of a pass
     */
    public BatchedTopItems(Retriever retriever, int passes, int atOnce) {
        this.retriever = retriever;
        this.atOnce = atOnce;
        free = passes;
        threads = new ThreadPoolExecutor(
                passes,
                passes,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("top-items-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /** The best for one request; what a pass throws reaches each of its requests. */
    public Ranked top(Request request) {
        Waiting own = new Waiting(request, new CompletableFuture<>());
        lock.lock();
        try {
            waiting.add(own);
            if (free > 0) {
                free--;
                threads.execute(this::answerAll);
            }
        } finally {
            lock.unlock();
        }
        try {
            return own.answer.join();
        } catch (CompletionException failed) {
            switch (failed.getCause()) {
                case Error error -> throw error;
                case RuntimeException exception -> throw exception;
                case null, default -> throw failed;
            }
        }
    }

    /** Runs passes until nobody waits. */
    private void answerAll() {
        for (List<Waiting> batch = next(); !batch.isEmpty(); batch = next()) {
            try {
                List<Ranked> answers =
                        retriever.top(batch.stream().map(Waiting::request).toList());
                for (int i = 0; i < batch.size(); i++) {
                    batch.get(i).answer.complete(answers.get(i));
                }
            } catch (RuntimeException | Error failure) {
                batch.forEach(one -> one.answer.completeExceptionally(failure));
            }
        }
    }

    /** The next pass's requests; none means that this thread's pass has become free. */
    private List<Waiting> next() {
        List<Waiting> batch = new ArrayList<>();
        lock.lock();
        try {
            while (batch.size() < atOnce && !waiting.isEmpty()) {
                batch.add(waiting.remove());
            }
            if (batch.isEmpty()) {
                free++;
            }
        } finally {
            lock.unlock();
        }
        return batch;
    }
}
