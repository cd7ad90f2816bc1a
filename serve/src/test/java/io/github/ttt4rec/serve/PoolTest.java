package io.github.ttt4rec.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class PoolTest {
    private final AtomicInteger made = new AtomicInteger();
    private final Set<Integer> ended = ConcurrentHashMap.newKeySet();
    private final Pool<Integer, RuntimeException> pool = new Pool<>(3, made::incrementAndGet, ended::add);

    @Test
    void poolLendsEachReaderToOneCallerAndKeepsItsBound() {
        Set<Integer> lent = ConcurrentHashMap.newKeySet();
        AtomicInteger uses = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 500; i++) {
                threads.execute(() -> pool.with(one -> {
                    assertThat(lent.add(one)).isTrue();
                    LockSupport.parkNanos(10_000);
                    lent.remove(one);
                    return uses.incrementAndGet();
                }));
            }
        }
        assertThat(uses).hasValue(500);
        assertThat(made.get()).isBetween(1, 3);
        assertThat(ended).isEmpty();
    }

    @Test
    void endsWhatFailedAndEverythingAtTheEnd() {
        assertThatThrownBy(() -> pool.with(one -> {
                    throw new IllegalArgumentException("on purpose");
                }))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(ended).containsExactly(1);
        int second = pool.with(one -> one);
        assertThat(second).isEqualTo(2);
        pool.with(outer -> {
            pool.with(inner -> inner);
            pool.close();
            assertThat(ended).as("the free one").containsExactlyInAnyOrder(1, 3);
            return outer;
        });
        assertThat(ended).containsExactlyInAnyOrder(1, 2, 3);
        assertThatThrownBy(() -> pool.with(one -> one)).isInstanceOf(IllegalStateException.class);
    }
}
