package io.github.ttt4rec.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Tests an orderly stop and a restart. */
class StopTest {
    private static final String EVENT = "{\"user\":\"u\",\"item\":\"i1\"}";

    @TempDir
    private Path directory;

    @Test
    @Timeout(60)
    void requestsInProgressEndAndNoOthersBegin() throws IOException, InterruptedException {
        TestServer server = TestServer.start(directory, ServerConfig.local());
        int port = server.port();
        try (RawClient underWay = server.raw();
                RawClient idle = server.raw()) {
            idle.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n").reply();
            while (server.server().underWay() > 0) { // An answer arrives before its request has ended.
                Thread.sleep(1);
            }
            underWay.send(RawClient.EVENT_REQUEST + "Content-Length: " + EVENT.length() + "\r\n\r\n{");
            while (server.server().underWay() == 0) {
                Thread.sleep(1);
            }
            CompletableFuture<Void> stop = CompletableFuture.runAsync(server::close);
            assertThat(idle.reply()).isEmpty();
            awaitRefused(port);
            assertThat(stop).isNotDone();
            RawClient.Reply reply = underWay.send(EVENT.substring(1)).reply().orElseThrow();
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.body()).contains("accepted");
            assertThat(reply.closes()).isTrue();
            assertThat(underWay.reply()).isEmpty();
            stop.join();
        }
        try (TestServer again = TestServer.start(directory, ServerConfig.local())) {
            assertThat(again.get("/v1/users/u").json().get("events").intValue()).isEqualTo(1);
        }
    }

    /**
     * Idle connections are closed before the port: until then, a further connection may be accepted and closed without
     * an answer.
     */
    private static void awaitRefused(int port) throws IOException {
        while (true) {
            try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(connection.isConnected()).isTrue();
            } catch (ConnectException refused) {
                return;
            } catch (SocketException reset) {
                // This connection waited for its accept while the port was closed.
                assertThat(reset).hasMessageContaining("reset");
            }
        }
    }

    @Test
    void usersAreThereAfterARestart() {
        JsonNode before;
        try (TestServer server = TestServer.start(directory, ServerConfig.local())) {
            for (int i = 0; i < 20; i++) {
                server.post("/v1/events", "{\"user\":\"u\",\"item\":\"i" + i % 7 + "\",\"event_id\":\"e" + i + "\"}");
            }
            server.put("/v1/deny", "{\"items\":[\"i3\"]}");
            server.put("/v1/items/new", "{\"similar_to\":[\"i4\"]}");
            before = server.get("/v1/users/u/recommendations").json();
        }
        try (TestServer server = TestServer.start(directory, ServerConfig.local())) {
            JsonNode after = server.get("/v1/users/u/recommendations").json();
            assertThat(TestServer.items(after))
                    .isEqualTo(TestServer.items(before))
                    .doesNotContain("i3");
            assertThat(after.get("model_version")).isEqualTo(before.get("model_version"));
            assertThat(server.post("/v1/events", "{\"user\":\"u\",\"item\":\"i1\",\"event_id\":\"e7\"}")
                            .body())
                    .contains("\"duplicate\"", "\"position\":7");
        }
    }

    @Test
    void portInUseIsReported() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ServerConfig config = ServerConfig.local().withListen(Listen.local(other.getLocalPort()));
            assertThatThrownBy(() -> TestServer.start(directory, config))
                    .hasMessageContaining("cannot listen at 127.0.0.1, port " + other.getLocalPort())
                    .hasMessageContaining("--port");
        }
    }
}
