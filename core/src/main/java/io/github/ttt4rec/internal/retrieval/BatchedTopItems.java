package io.github.ttt4rec.internal.retrieval;

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
 * Lets requests of many threads share passes over the table. A request starts a pass at once if fewer than
 * {@code passes} run. Otherwise it waits, and the next pass serves up to {@code atOnce} waiting requests in order of
 * arrival.
 *
 * <p>A request never waits for others to join it. While at most {@code passes·atOnce} requests wait, each is answered
 * within two passes: the rest of a running one, and its own.
 *
 * <p>Passes run on their own platform threads. On the callers' virtual threads they would occupy the few carrier
 * threads, which would delay the very requests that should share a pass. Idle threads end by themselves, so there is
 * nothing to close.
 */
public final class BatchedTopItems {
    private static final long IDLE_SECONDS = 10;

    private final Retriever retriever;
    private final int atOnce;
    private final ThreadPoolExecutor threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    /** The number of further passes that may start now. */
    private int free;

    private record Waiting(Request request, CompletableFuture<Ranked> answer) {}

    /**
     * Batches the requests of one retriever.
     *
     * @param passes the number of passes that may run at once, normally the number of cores
     * @param atOnce the maximum number of requests in a pass
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

    /** The best items for one request. An exception in a pass is thrown to each of its requests. */
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

    /** Runs passes until no request is waiting. */
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

    /** The requests of the next pass. If it is empty, this thread has given up its slot. */
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
