package io.github.ttt4rec.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a shop's page at an allowed origin can act for its own user only. */
class PagesOfOthersTest {
    private static final String CLIENT = "client-0123456789";
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final String SHOP = "https://shop.example";

    @TempDir
    private Path directory;

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        Tokens tokens = Tokens.read(Files.writeString(directory.resolve("clients"), CLIENT), null)
                .withUsers(Files.writeString(directory.resolve("secret"), SECRET + "\n"));
        server = TestServer.start(
                directory,
                ServerConfig.local()
                        .withTokens(tokens)
                        .withListen(new Listen("127.0.0.1", 0, List.of(), List.of(SHOP))));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String token(String header, String claims, String secret) throws GeneralSecurityException {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String signed = encoder.encodeToString(header.getBytes(StandardCharsets.UTF_8)) + "."
                + encoder.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return signed + "." + encoder.encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    }

    private static String anna(long seconds) throws GeneralSecurityException {
        long until = Instant.now().getEpochSecond() + seconds;
        return token("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", "{\"sub\":\"anna\",\"exp\":" + until + "}", SECRET);
    }

    private RawClient.Reply ask(String request, String token, String headers, String body) throws IOException {
        return RawClient.exchange(
                server.port(),
                request + " HTTP/1.1\r\nHost: localhost\r\n" + headers
                        + (token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n")
                        + (body.isEmpty()
                                ? ""
                                : "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n")
                        + "\r\n" + body);
    }

    private int status(String request, String token, String body) throws IOException {
        return ask(request, token, "", body).status();
    }

    @Test
    void tokenOfAUserActsForThatUserAlone() throws Exception {
        String anna = anna(60);
        assertThat(status("POST /v1/events", anna, "{\"user\":\"anna\",\"item\":\"i1\"}"))
                .isEqualTo(200);
        assertThat(status("GET /v1/users/anna/recommendations", anna, "")).isEqualTo(200);
        assertThat(status("GET /v1/users/anna", anna, "")).isEqualTo(200);
        assertThat(status("GET /v1/shelves?user=anna&kinds=personal", anna, "")).isEqualTo(200);
        assertThat(status("GET /v1/shelves?user=ben&kinds=personal", anna, "")).isEqualTo(403);
        assertThat(status("GET /v1/shelves?kinds=personal", anna, "")).isEqualTo(403);
        assertThat(status("POST /v1/shelves", anna, "{\"user\":\"ben\",\"shelves\":[{\"kind\":\"new\"}]}"))
                .isEqualTo(403);
        assertThat(status("POST /v1/events", anna, "{\"user\":\"ben\",\"item\":\"i1\"}"))
                .isEqualTo(403);
        assertThat(status(
                        "POST /v1/events",
                        anna,
                        "[{\"user\":\"anna\",\"item\":\"i1\"},{\"user\":\"ben\",\"item\":\"i1\"}]"))
                .isEqualTo(403);
        assertThat(status("GET /v1/users/ben/recommendations", anna, "")).isEqualTo(403);
        assertThat(status("GET /v1/users/ben", anna, "")).isEqualTo(403);
        assertThat(status("GET /v1/model", anna, "")).isEqualTo(403);
        assertThat(status("GET /v1/items/i1/similar", anna, "")).isEqualTo(403);
        assertThat(status("DELETE /v1/users/anna", anna, "")).isEqualTo(403);
        assertThat(ask("GET /v1/users/anna", CLIENT, "", "").body()).contains("\"events\":1");
        assertThat(status("GET /v1/users/ben", CLIENT, "")).isEqualTo(404);
    }

    @Test
    void wrongTokensOfUsersAreRefused() throws Exception {
        String request = "GET /v1/users/anna/recommendations";
        String exp = "\"exp\":" + (Instant.now().getEpochSecond() + 60);
        String header = "{\"alg\":\"HS256\"}";
        String claims = "{\"sub\":\"anna\"," + exp + "}";
        assertThat(status(request, token(header, claims, SECRET), "")).isEqualTo(200);
        assertThat(ask(request, anna(-1), "", "").body()).contains("this token has expired");
        for (String each : List.of(
                token(header, claims, SECRET + "x"),
                token("{\"alg\":\"none\"}", claims, SECRET),
                token(header, "{\"sub\":\"anna\"}", SECRET),
                token(header, "{" + exp + "}", SECRET),
                token(header, "{\"sub\":7," + exp + "}", SECRET),
                token(header, claims, SECRET) + "x",
                "a.b.c",
                "..",
                "%%%.%%%.%%%")) {
            assertThat(status(request, each, "")).as(each).isEqualTo(401);
        }
        String valid = token(header, claims, SECRET);
        String other = token(header, claims.replace("anna", "ben"), SECRET);
        String mixed = other.substring(0, other.lastIndexOf('.')) + valid.substring(valid.lastIndexOf('.'));
        assertThat(status("GET /v1/users/ben/recommendations", mixed, "")).isEqualTo(401);
    }

    @Test
    void tokensOfUsersNeedTokensOfClientsAndASafeSecret() throws IOException {
        Path secret = Files.writeString(directory.resolve("short"), "too short");
        assertThatThrownBy(() -> Tokens.NONE.withUsers(secret))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("--token-file");
        Tokens clients = Tokens.read(directory.resolve("clients"), null);
        assertThatThrownBy(() -> clients.withUsers(secret)).hasMessageContaining("at least 32 characters");
        assertThatThrownBy(() -> clients.withUsers(directory.resolve("none"))).hasMessageContaining("no such file");
    }

    @Test
    void pagesOfAnAllowedOriginMayCallAndReadTheServer() throws Exception {
        String from = "Origin: " + SHOP + "\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: cors\r\n";
        RawClient.Reply preflight = ask(
                "OPTIONS /v1/events",
                "",
                from + "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization\r\n",
                "");
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("Access-Control-Allow-Origin")).contains(SHOP);
        assertThat(preflight.header("Access-Control-Allow-Headers")).contains("authorization, content-type");
        RawClient.Reply list = ask("GET /v1/users/anna/recommendations", anna(60), from, "");
        assertThat(list.status()).isEqualTo(200);
        assertThat(list.header("Access-Control-Allow-Origin")).contains(SHOP);
        assertThat(list.header("Vary")).contains("Origin");
        assertThat(ask("GET /v1/users/ben/recommendations", anna(60), from, "").header("Access-Control-Allow-Origin"))
                .as("a refusal can be read too")
                .contains(SHOP);
    }

    @Test
    void pagesOfOtherOriginsMayNot() throws Exception {
        for (String origin : List.of("https://other.example", "http://shop.example", SHOP + ":8443", "null")) {
            String from = "Origin: " + origin + "\r\n";
            assertThat(ask("OPTIONS /v1/events", "", from + "Access-Control-Request-Method: POST\r\n", "")
                            .status())
                    .isEqualTo(405);
            RawClient.Reply reply = ask("GET /v1/users/anna/recommendations", anna(60), from, "");
            assertThat(reply.status()).isEqualTo(403);
            assertThat(reply.header("Access-Control-Allow-Origin")).isEmpty();
        }
        assertThat(ask("GET /v1/model", CLIENT, "", "").header("Access-Control-Allow-Origin"))
                .isEmpty();
        assertThatThrownBy(() -> new Listen("127.0.0.1", 0, List.of(), List.of("https://shop.example/")))
                .hasMessageContaining("is not an origin");
    }
}
