package io.github.ttt4rec.serve;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A few things that are dear to make, such as buffers and database connections, lent to one thread at a time. Requests run
 * on any number of virtual threads, so what belongs to a thread must not be kept by thread: those that find none free wait.
 * Whoever holds one may wait for nothing that another holder could keep back.
 *
 * @param <T> what is lent
 * @param <E> what making one may throw
 */
public final class Pool<T, E extends Exception> {
    private final Semaphore permits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<T> free = new ArrayDeque<>();
    private final Maker<T, E> maker;
    private @Nullable Consumer<T> closing;

    /** Makes one. */
    @FunctionalInterface
    public interface Maker<T, E extends Exception> {
        /** Makes one. */
        T make() throws E;
    }

    /** What is done with one. */
    @FunctionalInterface
    public interface Use<T, R, E extends Exception> {
        /** Uses one. */
        R apply(T one) throws E;
    }

    /** At most {@code most} at once, made when first needed. */
    public Pool(int most, Maker<T, E> maker) {
        permits = new Semaphore(most);
        this.maker = maker;
    }

    /**
     * Lends one, which must not be kept. One whose use failed is not lent again.
     *
     * @throws IllegalStateException after {@link #close}
     */
    public <R> R with(Use<T, R, E> use) throws E {
        permits.acquireUninterruptibly();
        try {
            T one = take();
            if (one == null) {
                one = maker.make();
            }
            R result = use.apply(one);
            giveBack(one);
            return result;
        } finally {
            permits.release();
        }
    }

    /** Ends those that are free, and the others when they are given back. */
    public void close(Consumer<T> end) {
        lock.lock();
        try {
            closing = end;
            free.forEach(end);
            free.clear();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable T take() {
        lock.lock();
        try {
            if (closing != null) {
                throw new IllegalStateException("closed");
            }
            return free.poll();
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(T one) {
        lock.lock();
        try {
            if (closing == null) {
                free.push(one);
            } else {
                closing.accept(one);
            }
        } finally {
            lock.unlock();
        }
    }
}
