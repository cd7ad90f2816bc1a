package io.github.ttt4rec.serve;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A pool of expensive objects, such as buffers and database connections, each lent to one thread at a time. Requests
 * run on any number of virtual threads, so such objects must not be thread-local; a thread waits if no object is free.
 * A holder must not block on anything that another holder owns, or the pool can deadlock.
 *
 * @param <T> the type of the pooled objects
 * @param <E> the exception that creating an object may throw
 */
public final class Pool<T, E extends Exception> {
    private final Semaphore permits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<T> free = new ArrayDeque<>();
    private final Maker<T, E> maker;
    private final Consumer<T> end;
    private boolean closed;

    /** Creates an object. */
    @FunctionalInterface
    public interface Maker<T, E extends Exception> {
        /** Creates an object. */
        T make() throws E;
    }

    /** An action on a borrowed object. */
    @FunctionalInterface
    public interface Use<T, R, E extends Exception> {
        /** Runs the action. */
        R apply(T one) throws E;
    }

    /**
     * Creates a pool.
     *
     * @param most the maximum number of objects
     * @param maker creates an object when it is first needed
     * @param end receives objects that are no longer needed
     */
    public Pool(int most, Maker<T, E> maker, Consumer<T> end) {
        permits = new Semaphore(most);
        this.maker = maker;
        this.end = end;
    }

    /**
     * Runs an action on a pooled object, which it must not keep. If the action fails, the object is discarded.
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

    /** Discards free objects now, and borrowed ones when they are returned. */
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
