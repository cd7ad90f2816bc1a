package io.github.ttt4rec.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StopLogTest {
    private static final Logger LISTENER = Logger.getLogger("io.helidon.webserver.ServerListener");

    @TempDir
    private Path directory;

    /** Collects records. */
    private static final class Records extends Handler {
        private final List<String> messages = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord entry) {
            messages.add(entry.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @Test
    void connectionThatArrivesWhileTheServerStopsLogsNothing() throws InterruptedException {
        Records records = new Records();
        LISTENER.addHandler(records);
        try {
            TestServer server = TestServer.start(directory, ServerConfig.local());
            int port = server.port();
            AtomicBoolean stopped = new AtomicBoolean();
            Thread client = Thread.ofPlatform().start(() -> connect(port, stopped));
            server.close();
            stopped.set(true);
            client.join();
            // The race above is rarely hit; this is the record of it.
            LISTENER.log(Level.SEVERE, "rejected", new RejectedExecutionException());
            assertThat(records.messages).isEmpty();
            LISTENER.log(Level.SEVERE, "another error", new IOException());
            assertThat(records.messages).containsExactly("another error");
        } finally {
            LISTENER.removeHandler(records);
        }
    }

    private static void connect(int port, AtomicBoolean stopped) {
        while (!stopped.get()) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(1);
            } catch (IOException refused) {
                stopped.set(true);
            }
        }
    }
}
