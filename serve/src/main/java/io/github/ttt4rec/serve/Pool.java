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
 * A holder must not block on anything that another holder owns, or the pool can deadlock.
 *
 * @param <T> what is lent
 * @param <E> what making one may throw
 */
public final class Pool<T, E extends Exception> {
    private final Semaphore permits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<T> free = new ArrayDeque<>();
    private final Maker<T, E> maker;
    private final Consumer<T> end;
    private boolean closed;

    /** Makes one. */
    @FunctionalInterface
    public interface Maker<T, E extends Exception> {
        /** Makes one. */
        T make() throws E;
    }

    /** Work with a borrowed object. */
    @FunctionalInterface
    public interface Use<T, R, E extends Exception> {
        /** Uses one. */
        R apply(T one) throws E;
    }

    /**
     * A pool.
     *
     * @param most how many there may be at once
     * @param maker makes one when it is first needed
     * @param end gets those that are not needed any more
     */
    public Pool(int most, Maker<T, E> maker, Consumer<T> end) {
        permits = new Semaphore(most);
        this.maker = maker;
        this.end = end;
    }

    /**
     * Lends one, which must not be kept. One whose use failed is not lent again.
     *
     * @throws IllegalStateException after {@link #close}
     */
    public <R> R with(Use<T, R, E> use) throws E {
        permits.acquireUninterruptibly();
        try {
            T free = take();
            T one = free == null ? maker.make() : free;
            boolean sound = false;
            try {
                R result = use.apply(one);
                sound = true;
                return result;
            } finally {
                if (!sound || !giveBack(one)) {
                    end.accept(one);
                }
            }
        } finally {
            permits.release();
        }
    }

    /** Ends those that are free, and the others when they are given back. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            free.forEach(end);
            free.clear();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable T take() {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("closed");
            }
            return free.poll();
        } finally {
            lock.unlock();
        }
    }

    private boolean giveBack(T one) {
        lock.lock();
        try {
            if (!closed) {
                free.push(one);
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }
}
