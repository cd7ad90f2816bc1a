package io.github.ttt4rec.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.serve.http.HostileRequests.Due;
import io.github.ttt4rec.serve.http.HostileRequests.Hostile;
import io.github.ttt4rec.serve.http.TestServer.Reply;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sends more than ten thousand hostile requests while slow connections are open. Each must get a 4xx or a closed
 * connection, and a well-behaved client must always get correct answers.
 */
class HostileInputTest {
    private static final long SEED = 20250131;
    private static final int CLIENTS = 8;
    private static final int REQUESTS_EACH = 1300;
    private static final int SLOW_CONNECTIONS = 100;

    @TempDir
    private Path directory;

    /** The number of requests by kind and status, where 0 stands for a closed connection. */
    private static final class Seen {
        private final Map<String, Map<Integer, Integer>> byKind = new TreeMap<>();
        private int requests;

        void add(Hostile hostile, int status) {
            byKind.computeIfAbsent(hostile.kind(), kind -> new TreeMap<>()).merge(status, 1, Integer::sum);
        }

        void add(Seen other) {
            requests += other.requests;
            other.byKind.forEach((kind, statuses) -> statuses.forEach((status, count) ->
                    byKind.computeIfAbsent(kind, same -> new TreeMap<>()).merge(status, count, Integer::sum)));
        }
    }

    @Test
    void hostileRequestsAreRefusedAndOthersAreServed() throws IOException, ExecutionException, InterruptedException {
        System.out.println("hostile requests, seed " + SEED);
        Limits limits = Limits.defaults()
                .with(changed -> changed.bodyBytes(1 << 16)
                        .batch(100)
                        .history(1000)
                        .connections(1000)
                        .timeouts(new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(10))));
        Seen all = new Seen();
        try (TestServer server =
                TestServer.start(directory, ServerConfig.local().withLimits(limits))) {
            List<RawClient> slow = slowConnections(server);
            AtomicBoolean done = new AtomicBoolean();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<Integer> good = threads.submit(() -> behaveWell(server, done));
                List<Future<Seen>> hostile = new ArrayList<>();
                SplittableRandom random = new SplittableRandom(SEED);
                for (int client = 0; client < CLIENTS; client++) {
                    SplittableRandom own = random.split();
                    hostile.add(threads.submit(() -> attack(server, new HostileRequests(own))));
                }
                try {
                    for (Future<Seen> each : hostile) {
                        all.add(each.get());
                    }
                    for (RawClient each : slow) {
                        assertThat(isClosed(each)).isTrue();
                    }
                } finally {
                    done.set(true);
                }
                assertThat(good.get()).isPositive();
            }
            assertThat(server.get("/health/ready").status()).isEqualTo(200);
            assertThat(server.get("/v1/deny").body()).isEqualTo("{\"items\":[],\"unavailable\":[]}");
            assertThat(server.get("/v1/model").json().get("version").stringValue())
                    .isEqualTo(TestServer.model().version());
        }
        all.byKind.forEach((kind, statuses) -> System.out.println("  " + kind + ": " + statuses));
        assertThat(all.requests).isGreaterThan(10_000);
        assertThat(all.byKind).hasSize(14);
    }

    /** Opens connections that never complete their request. */
    private static List<RawClient> slowConnections(TestServer server) throws IOException {
        List<RawClient> slow = new ArrayList<>();
        for (int i = 0; i < SLOW_CONNECTIONS; i++) {
            RawClient client = server.raw();
            slow.add(client);
            switch (i % 4) {
                case 0 -> client.send("GET /v1/mo");
                case 1 -> client.send("GET /v1/model HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
                case 2 -> client.send(RawClient.EVENT_REQUEST + "Content-Length: 500\r\n\r\n{\"user\"");
                default -> client.send(RawClient.EVENT_REQUEST + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n");
            }
        }
        return slow;
    }

    private static boolean isClosed(RawClient client) {
        try (client) {
            Optional<RawClient.Reply> reply = client.reply();
            return reply.isEmpty()
                    || (reply.get().status() == 408 && client.reply().isEmpty());
        } catch (IOException reset) {
            return true;
        }
    }

    /** Sends events, checks the resulting lists, and returns the number of rounds. */
    private static int behaveWell(TestServer server, AtomicBoolean done) {
        int sent = 0;
        while (!done.get()) {
            Reply appended =
                    server.post("/v1/events", "{\"user\":\"good\",\"item\":\"i" + sent % TestServer.ITEMS + "\"}");
            assertThat(appended.status()).as(appended.body()).isEqualTo(200);
            assertThat(appended.json().get("results").get(0).get("position").intValue())
                    .isEqualTo(sent);
            sent++;
            Reply recommended = server.get("/v1/users/good/recommendations?k=5");
            assertThat(recommended.status()).as(recommended.body()).isEqualTo(200);
            assertThat(recommended.json().get("events").intValue()).isEqualTo(sent);
            assertThat(TestServer.items(recommended.json())).hasSize(5);
        }
        return sent;
    }

    private static Seen attack(TestServer server, HostileRequests requests) throws IOException {
        Seen seen = new Seen();
        RawClient client = server.raw();
        try {
            while (seen.requests < REQUESTS_EACH) {
                Hostile hostile = requests.next();
                seen.requests += hostile.answers();
                boolean open = send(client, hostile, seen);
                if (!open) {
                    client.close();
                    client = server.raw();
                }
            }
        } finally {
            client.close();
        }
        return seen;
    }

    /** Sends a request and checks the answer; returns whether the connection can be used again. */
    private static boolean send(RawClient client, Hostile hostile, Seen seen) throws IOException {
        boolean open = true;
        try {
            client.send(hostile.bytes());
            if (hostile.ends()) {
                client.end();
            }
            for (int i = 0; i < hostile.answers(); i++) {
                Optional<RawClient.Reply> reply = client.reply();
                int status = reply.map(RawClient.Reply::status).orElse(0);
                seen.add(hostile, status);
                judge(hostile, status, reply.map(RawClient.Reply::body).orElse(""));
                open = reply.isPresent() && !reply.get().closes();
            }
        } catch (SocketException reset) {
            // If the server closed the connection before it read everything, the network reports that instead of the
            // answer.
            seen.add(hostile, 0);
            judge(hostile, 0, String.valueOf(reset));
            open = false;
        }
        return open && !hostile.ends();
    }

    private static void judge(Hostile hostile, int status, String body) {
        boolean right = switch (hostile.due()) {
            case REFUSED -> status >= 400 && status < 500;
            case REFUSED_OR_CLOSED -> status == 0 || (status >= 400 && status < 500);
            case ANYTHING -> status < 500;
        };
        assertThat(right)
                .as(
                        "%s, %s, resulted in %d %s:%n%s",
                        hostile.kind(),
                        hostile.due(),
                        status,
                        body,
                        new String(
                                hostile.bytes(),
                                0,
                                Math.min(hostile.bytes().length, 1000),
                                StandardCharsets.ISO_8859_1))
                .isTrue();
        assertThat(hostile.due() == Due.ANYTHING && status < 400 ? "" : body)
                .doesNotContain("Exception", "io.github", "io.helidon", "tools.jackson", "\tat ");
    }
}
