package io.github.ttt4rec.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.serve.http.TestServer.Reply;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests swaps under load: no request fails, and each answer comes from a single model. */
class SwapTest {
    private static final int CLIENTS = 6;
    private static final int SWAPS = 12;

    @TempDir
    private Path directory;

    @Test
    void noRequestFailsWhileModelsAreSwapped() throws ExecutionException, InterruptedException {
        TestServer.model().save(directory.resolve("first"));
        TestServer.otherModel().save(directory.resolve("second"));
        Set<String> versions = ConcurrentHashMap.newKeySet();
        AtomicBoolean done = new AtomicBoolean();
        try (TestServer server =
                        TestServer.start(directory, ServerConfig.local().withFiles(directory, null));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> clients = new ArrayList<>();
            for (int c = 0; c < CLIENTS; c++) {
                String user = "u" + c;
                clients.add(threads.submit(() -> client(server, user, versions, done)));
            }
            try {
                for (int i = 0; i < SWAPS; i++) {
                    Reply swapped =
                            server.post("/v1/model", "{\"directory\":\"" + (i % 2 == 0 ? "second" : "first") + "\"}");
                    assertThat(swapped.status()).as(swapped.body()).isEqualTo(200);
                }
            } finally {
                done.set(true);
            }
            for (int c = 0; c < CLIENTS; c++) {
                int sent = clients.get(c).get();
                assertThat(sent).isPositive();
                assertThat(server.get("/v1/users/u" + c).json().get("events").intValue())
                        .isEqualTo(sent);
            }
        }
        assertThat(versions)
                .contains(TestServer.model().version(), TestServer.otherModel().version())
                .hasSize(2);
    }

    /** Appends events and requests lists until stopped; returns the number of events sent. */
    private static int client(TestServer server, String user, Set<String> versions, AtomicBoolean done) {
        int sent = 0;
        while (!done.get()) {
            Reply appended = server.post(
                    "/v1/events", "{\"user\":\"" + user + "\",\"item\":\"i" + sent % TestServer.ITEMS + "\"}");
            assertThat(appended.status()).as(appended.body()).isEqualTo(200);
            assertThat(appended.json().get("results").get(0).get("position").intValue())
                    .isEqualTo(sent);
            sent++;
            Reply recommended = server.get("/v1/users/" + user + "/recommendations");
            assertThat(recommended.status()).as(recommended.body()).isEqualTo(200);
            assertThat(recommended.json().get("events").intValue()).isEqualTo(sent);
            assertThat(recommended.json().get("basis").stringValue()).isEqualTo("personal");
            versions.add(recommended.json().get("model_version").stringValue());
        }
        return sent;
    }
}
