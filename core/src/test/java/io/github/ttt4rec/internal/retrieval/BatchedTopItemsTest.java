package io.github.ttt4rec.internal.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.autograd.OutputLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BatchedTopItemsTest {
    private static final long SEED = 5;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final OutputLayer output = Catalogues.clustered(2000, 16, false, random);
    private final Retriever retriever = new CodedScan(output);

    private Request request(int k) {
        return new Request(Catalogues.vector(16, 1, random), k, Catalogues.all(output));
    }

    @Test
    void everyRequestGetsItsOwnAnswerWhateverSharesItsPass() throws InterruptedException, ExecutionException {
        BatchedTopItems batched = new BatchedTopItems(retriever, 2, 8);
        List<Request> requests = new ArrayList<>();
        List<Future<Ranked>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 500; i++) {
                Request request = request(1 + i % 17);
                requests.add(request);
                answers.add(threads.submit(() -> batched.top(request)));
            }
        }
        for (int i = 0; i < requests.size(); i++) {
            assertThat(Arrays.stream(answers.get(i).get().items()).boxed().toList())
                    .as("request " + i + ", seed " + SEED)
                    .isEqualTo(Catalogues.naive(output, requests.get(i)));
        }
    }

    /** Lets passes through one by one and records the number of requests in each. */
    private final class Gate implements Retriever {
        private final ConcurrentLinkedQueue<Integer> sizes = new ConcurrentLinkedQueue<>();
        private final CountDownLatch firstEntered = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);

        @Override
        public List<Ranked> top(List<Request> requests) {
            sizes.add(requests.size());
            firstEntered.countDown();
            try {
                open.await();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            if (requests.stream().anyMatch(r -> r.k() == 13)) {
                throw new IllegalArgumentException("thirteen");
            }
            return retriever.top(requests);
        }
    }

    private static void awaitWaiting(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            while (thread.getState() != Thread.State.WAITING) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
        }
    }

    @Test
    void thoseThatComeWhileAPassRunsFormTheNext() throws InterruptedException {
        Gate gate = new Gate();
        BatchedTopItems batched = new BatchedTopItems(gate, 1, 4);
        List<Thread> threads = new ArrayList<>();
        Request first = request(3);
        threads.add(Thread.ofPlatform().start(() -> batched.top(first)));
        gate.firstEntered.await();
        for (int i = 0; i < 6; i++) {
            Request request = request(2);
            threads.add(Thread.ofPlatform().start(() -> batched.top(request)));
        }
        awaitWaiting(threads);
        gate.open.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        // The first request alone, then as many of the six that arrived meanwhile as a pass may have, then the rest.
        assertThat(gate.sizes).containsExactly(1, 4, 2);
    }

    @Test
    void passThatFailsTellsItsRequestsAndTheNextOneRuns() {
        Gate gate = new Gate();
        gate.open.countDown();
        BatchedTopItems batched = new BatchedTopItems(gate, 1, 4);
        assertThatThrownBy(() -> batched.top(request(13)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("thirteen");
        assertThat(batched.top(request(5)).size()).isEqualTo(5);
    }
}
