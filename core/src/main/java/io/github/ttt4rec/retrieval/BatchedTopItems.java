package io.github.ttt4rec.retrieval;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests of many threads, virtual ones included, share passes over the table. A request that finds a pass free runs
 * at once and alone; those that come while all passes are under way wait, and the first of them runs the next pass for all
 * that wait, in the order in which they came.
 *
 * <p>So nobody waits for company, and with at most {@code atOnce} requests for each pass under way a request is answered
 * after two passes at the latest: what is left of one under way, and its own.
 */
public final class BatchedTopItems {
    private final Retriever retriever;
    private final int atOnce;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    /** Passes that may start now. */
    private int free;

    private static final class Waiting {
        private final Request request;
        private final Condition turn;
        private @Nullable Ranked result;
        private @Nullable Throwable failure;

        Waiting(Request request, Condition turn) {
            this.request = request;
            this.turn = turn;
        }

        boolean isDone() {
            return result != null || failure != null;
        }
    }

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
    }

    /** The best for one request; what a pass throws reaches each of its requests. */
    public Ranked top(Request request) {
        List<Waiting> batch = new ArrayList<>();
        Waiting own;
        lock.lock();
        try {
            own = new Waiting(request, lock.newCondition());
            waiting.add(own);
            while (!own.isDone() && (free == 0 || waiting.peek() != own)) {
                own.turn.awaitUninterruptibly();
            }
            if (!own.isDone()) {
                free--;
                while (batch.size() < atOnce && !waiting.isEmpty()) {
                    batch.add(waiting.remove());
                }
                wakeFirst();
            }
        } finally {
            lock.unlock();
        }
        if (!batch.isEmpty()) {
            run(batch);
        }
        return result(own);
    }

    private void run(List<Waiting> batch) {
        List<Ranked> results = List.of();
        Throwable failure = null;
        try {
            results = retriever.top(batch.stream().map(w -> w.request).toList());
        } catch (RuntimeException | Error thrown) {
            failure = thrown;
        }
        lock.lock();
        try {
            free++;
            for (int i = 0; i < batch.size(); i++) {
                Waiting one = batch.get(i);
                one.failure = failure;
                one.result = failure == null ? results.get(i) : null;
                one.turn.signal();
            }
            wakeFirst();
        } finally {
            lock.unlock();
        }
    }

    /** The first that waits looks whether it is its turn. */
    private void wakeFirst() {
        Waiting first = waiting.peek();
        if (first != null && free > 0) {
            first.turn.signal();
        }
    }

    private static Ranked result(Waiting own) {
        Throwable failure = own.failure;
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        Ranked result = own.result;
        if (result == null) {
            throw new IllegalStateException("woken without a result");
        }
        return result;
    }
}
