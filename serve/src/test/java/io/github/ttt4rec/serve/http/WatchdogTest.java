package io.github.ttt4rec.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.serve.store.StoreException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests the watchdog with a server that works, does not answer, does not listen, or has a store that fails or never
 * responds.
 */
class WatchdogTest {
    private static final Watchdog.Times TIMES =
            new Watchdog.Times(Duration.ofHours(1), Duration.ofMillis(300), 3, Duration.ofMillis(500));

    @TempDir
    private Path directory;

    private final ServerState state = new ServerState();
    private final List<String> endings = new ArrayList<>();
    private final List<String> reopened = new ArrayList<>();

    private Watchdog watchdog(int port, Runnable write) {
        SelfClient client = new SelfClient(InetAddress.getLoopbackAddress(), port, false, "");
        return new Watchdog(
                client,
                new Watchdog.Acts(() -> reopened.add("yes"), () -> {}, () -> {}),
                new StoreProbe(write),
                state,
                endings::add,
                TIMES);
    }

    @Test
    void serverThatAnswersIsLeftAlone() throws InterruptedException {
        try (TestServer server = TestServer.start(directory, ServerConfig.local());
                Watchdog watchdog = watchdog(server.port(), server.engine()::probe)) {
            for (int i = 0; i < 5; i++) {
                watchdog.look();
                watchdog.lookAtStore();
            }
            assertThat(state.unready()).isEmpty();
            assertThat(endings).isEmpty();
            assertThat(reopened).isEmpty();
        }
    }

    @Test
    void serverThatAcceptsAndNeverAnswersIsEnded() throws IOException {
        try (ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Watchdog watchdog = watchdog(deaf.getLocalPort(), () -> {})) {
            watchdog.look();
            assertThat(state.unready()).singleElement().asString().startsWith("no answer");
            watchdog.look();
            assertThat(endings).isEmpty();
            watchdog.look();
            assertThat(endings).singleElement().asString().contains("3 times in a row", "\"main\"");
        }
    }

    @Test
    void portThatNobodyListensAtIsOpenedAgain() throws IOException {
        int port;
        try (ServerSocket gone = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            port = gone.getLocalPort();
        }
        try (Watchdog watchdog = watchdog(port, () -> {})) {
            watchdog.look();
            assertThat(reopened).containsExactly("yes");
            assertThat(state.unready()).isEmpty();
        }
        Watchdog failing = new Watchdog(
                new SelfClient(InetAddress.getLoopbackAddress(), port, false, ""),
                new Watchdog.Acts(
                        () -> {
                            throw new IllegalStateException("address in use");
                        },
                        () -> {},
                        () -> {}),
                new StoreProbe(() -> {}),
                state,
                endings::add,
                TIMES);
        try (failing) {
            for (int i = 0; i < 3; i++) {
                failing.look();
            }
            assertThat(endings).singleElement().asString().contains("cannot be opened again: address in use");
        }
    }

    @Test
    void storeThatFailsMakesTheServerUnreadyForAsLong() throws InterruptedException {
        boolean[] full = {true};
        try (Watchdog watchdog = watchdog(1, () -> {
            if (full[0]) {
                throw new StoreException("the disk is full");
            }
        })) {
            watchdog.lookAtStore();
            assertThat(state.unready()).containsExactly("the event store cannot write");
            full[0] = false;
            watchdog.lookAtStore();
            assertThat(state.unready()).isEmpty();
            assertThat(endings).isEmpty();
        }
    }

    @Test
    void storeThatNeverAnswersEndsTheServer() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        try (Watchdog watchdog = watchdog(1, () -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        })) {
            watchdog.lookAtStore();
            assertThat(endings).isEmpty();
            assertThat(state.unready()).singleElement().asString().contains("has not answered");
            watchdog.lookAtStore();
            assertThat(endings).isNotEmpty();
        }
    }

    /** Helidon's listener ends at any error of an accept; here the test ends it. */
    @Test
    void serversPortComesBackAfterItsListenerEnded() throws IOException {
        try (TestServer server = TestServer.start(directory, ServerConfig.local())) {
            server.server().endListener();
            server.server().watchdog().look();
            try (RawClient client = server.raw()) {
                assertThat(client.send("GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .reply()
                                .orElseThrow()
                                .status())
                        .isEqualTo(200);
            }
        }
    }
}
