package io.github.ttt4rec.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which callers may use which routes. */
class AccessTest {
    private static final String CLIENT = "client-0123456789";
    private static final String ADMIN = "admin-01234567890";

    @TempDir
    private Path directory;

    /** Without tokens. */
    private static TestServer open;

    private Path clients;
    private Path admins;

    @BeforeAll
    static void start(@TempDir Path directory) {
        open = TestServer.start(directory, ServerConfig.local());
    }

    @AfterAll
    static void stop() {
        open.close();
    }

    @BeforeEach
    void writeTokens() throws IOException {
        clients = Files.writeString(directory.resolve("clients"), "# shop\n\nother-0123456789\n  " + CLIENT + "  \n");
        admins = Files.writeString(directory.resolve("admins"), ADMIN);
    }

    @ParameterizedTest
    @CsvSource({
        // For the server's tokens and the token sent: the expected statuses of public, client and admin routes.
        "none,   none,   200, 200, 200",
        "none,   wrong,  200, 200, 200",
        "client, none,   200, 401, 401",
        "client, wrong,  200, 401, 401",
        "client, client, 200, 200, 403",
        "client, admin,  200, 401, 401",
        "both,   none,   200, 401, 401",
        "both,   wrong,  200, 401, 401",
        "both,   client, 200, 200, 403",
        "both,   admin,  200, 200, 200",
        "admin,  none,   200, 200, 401",
        "admin,  wrong,  200, 200, 401",
        "admin,  client, 200, 200, 401",
        "admin,  admin,  200, 200, 200",
    })
    void eachKindOfTokenHasItsPermissions(String given, String sent, int open, int client, int admin) {
        Tokens tokens = Tokens.read(
                given.equals("client") || given.equals("both") ? clients : null,
                given.equals("admin") || given.equals("both") ? admins : null);
        String token = sent.equals("client") ? CLIENT : sent.equals("admin") ? ADMIN : "wrong-0123456789";
        try (TestServer server =
                TestServer.start(directory, ServerConfig.local().withTokens(tokens))) {
            assertThat(status(server, sent, token, server.request("/health/ready")))
                    .isEqualTo(open);
            assertThat(status(server, sent, token, server.request("/"))).isEqualTo(open);
            assertThat(status(server, sent, token, server.request("/v1/model"))).isEqualTo(client);
            assertThat(status(server, sent, token, server.request("/metrics"))).isEqualTo(client);
            assertThat(status(
                            server,
                            sent,
                            token,
                            server.request("/v1/deny")
                                    .header("Content-Type", "application/json")
                                    .PUT(HttpRequest.BodyPublishers.ofString("{\"items\":[]}"))))
                    .isEqualTo(admin);
        }
    }

    private static int status(TestServer server, String sent, String token, HttpRequest.Builder request) {
        TestServer.Reply reply =
                server.send(sent.equals("none") ? request : request.header("Authorization", "Bearer " + token));
        if (reply.status() == 401) {
            assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer");
            assertThat(reply.body()).doesNotContain(token);
        }
        return reply.status();
    }

    @Test
    void everyRouteThatChangesSomethingForOthersIsForAdmins() {
        List<String> forAdmins = open.routes().stream()
                .filter(route -> route.access() == Access.ADMIN)
                .map(route -> route.method() + " " + route.path())
                .toList();
        assertThat(forAdmins)
                .containsExactlyInAnyOrder(
                        "DELETE /v1/users/{id}",
                        "POST /v1/items",
                        "PUT /v1/items/{id}",
                        "DELETE /v1/items/{id}",
                        "PUT /v1/items/{id}/availability",
                        "POST /v1/catalogue/count",
                        "PUT /v1/scenarios/{name}",
                        "DELETE /v1/scenarios/{name}",
                        "PUT /v1/deny",
                        "POST /v1/model",
                        "POST /v1/experiments",
                        "POST /v1/experiments/{name}/end",
                        "POST /v1/backup");
    }

    @Test
    void schemeHasAnyCaseAndTheTokenHasNot() {
        Tokens tokens = Tokens.read(clients, null);
        assertThat(tokens.admit("bearer " + CLIENT, Access.CLIENT).token()).isEqualTo(2);
        refused(tokens, "Bearer " + CLIENT.toUpperCase(Locale.ROOT), 401);
        refused(tokens, CLIENT, 401);
        refused(tokens, "Basic " + CLIENT, 401);
        refused(tokens, "Bearer ", 401);
        refused(tokens, "Bearer " + CLIENT + "x", 401);
        refused(tokens, "Bearer " + CLIENT.substring(1), 401);
    }

    private static void refused(Tokens tokens, String header, int status) {
        assertThatThrownBy(() -> tokens.admit(header, Access.CLIENT))
                .isInstanceOfSatisfying(
                        Problem.class, e -> assertThat(e.answer().status()).isEqualTo(status));
    }

    @Test
    void tokenFilesAreChecked() throws IOException {
        assertThatThrownBy(() -> Tokens.read(directory.resolve("none"), null))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("no such file");
        Path empty = Files.writeString(directory.resolve("empty"), "# nothing\n");
        assertThatThrownBy(() -> Tokens.read(empty, null)).hasMessageContaining("no token");
        Path weak = Files.writeString(directory.resolve("weak"), CLIENT + "\nsecret\n");
        assertThatThrownBy(() -> Tokens.read(null, weak))
                .hasMessageContaining("line 2")
                .hasMessageNotContaining("secret");
    }

    @Test
    void addressBeyondLoopbackNeedsTokens() {
        ServerConfig everywhere = everywhere();
        assertThatThrownBy(() -> TestServer.start(directory, everywhere)).hasMessageContaining("--token-file");
        assertThatThrownBy(() -> TestServer.start(directory, everywhere.withTokens(Tokens.read(null, admins))))
                .hasMessageContaining("--token-file");
        try (TestServer server = TestServer.start(directory, everywhere.withTokens(Tokens.read(clients, null)))) {
            assertThat(server.server().uri().getHost()).isEqualTo("0.0.0.0");
            assertThat(server.get("/v1/model").status()).isEqualTo(401);
        }
    }

    private static ServerConfig everywhere() {
        return ServerConfig.local().withListen(new Listen("0.0.0.0", 0, List.of(), List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, , 200",
        "localhost:1234, , 200",
        "LocalHost, , 200",
        "127.0.0.1, , 200",
        "[::1]:80, , 200",
        "rebound.example, , 421",
        "localhost.rebound.example, , 421",
        "127.0.0.1.rebound.example:8080, , 421",
        "localhost:8080, http://localhost:8080, 200",
        "localhost:8080, https://localhost:8080, 200",
        "localhost:8080, http://localhost:8081, 403",
        "localhost:8080, http://other.example, 403",
        "localhost:8080, null, 403",
    })
    void pagesOfOtherSitesAreKeptOut(String host, @Nullable String origin, int status) throws IOException {
        try (RawClient client = open.raw()) {
            String headers = "Host: " + host + "\r\n" + (origin == null ? "" : "Origin: " + origin + "\r\n");
            RawClient.Reply reply = client.send("GET /v1/model HTTP/1.1\r\n" + headers + "\r\n")
                    .reply()
                    .orElseThrow();
            assertThat(reply.status()).isEqualTo(status);
            // No header may admit another origin.
            assertThat(reply.header("Access-Control-Allow-Origin")).isEmpty();
            assertThat(reply.header("Cross-Origin-Resource-Policy")).contains("same-origin");
        }
    }

    @Test
    void otherNamesCanBeAllowed() throws IOException {
        OriginCheck check = new OriginCheck(InetAddress.getLoopbackAddress(), List.of("Shop.example"), List.of());
        check.check("shop.example", "https://shop.example");
        check.check("localhost", null);
        assertThatThrownBy(() -> check.check("other.example", null)).isInstanceOf(Problem.class);
        OriginCheck any = new OriginCheck(InetAddress.getByName("0.0.0.0"), List.of(), List.of());
        any.check("anything.example:80", null);
        assertThatThrownBy(() -> any.check("anything.example", "https://other.example"))
                .isInstanceOf(Problem.class);
    }
}
