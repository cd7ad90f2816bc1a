package io.github.ttt4rec.benchmarks.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SplittableRandom;

/** Odd requests: HTTP/1.0 and 1.1, chunked or not, with bytes changed, doubled, cut or made up. */
final class Fuzz {
    private static final int PATIENCE_MILLIS = 12_500;
    private static final String EVENT = "{\"user\":\"fuzz\",\"item\":\"i1\"}";
    private static final String[] SEEDS = {
        "GET /v1/users/u/recommendations?k=3 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /v1/model HTTP/1.0\r\n\r\n",
        "GET /v1/items?query=a&limit=3 HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n",
        "POST /v1/recommendations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 16"
                + "\r\n\r\n{\"history\":[\"a\"]}",
        "POST /v1/recommendations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"his\r\nc\r\ntory\":[\"a\"]}\r\n0\r\n\r\n",
        "POST /v1/events HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: " + EVENT.length() + "\r\n\r\n"
                + EVENT,
        "PUT /v1/items/x HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Type: application/json\r\n"
                + "Content-Length: 2\r\n\r\n{}",
        "DELETE /v1/users/%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    };
    private static final String[] PIECES = {
        "\r\n", "\n", "\0", "%", "%zz", ";", "HTTP/1.0", "HTTP/9.9", "Transfer-Encoding: chunked\r\n",
                "Content-Length: 7\r\n",
        "Host: x\r\n", "ffffffff\r\n", "\u00ff", "{", "[[[[[[[[[[", "\"", "..", "//", "?k=-1",
                "Expect: 100-continue\r\n"
    };

    private final SplittableRandom random;
    private final URI server;

    Fuzz(SplittableRandom random, URI server) {
        this.random = random;
        this.server = server;
    }

    /** Sends one request and waits for the end of the connection; returns what is wrong. */
    Optional<String> send() {
        String request = mutate(SEEDS[random.nextInt(SEEDS.length)]);
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            String answer = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            return answer.startsWith("HTTP/1.1 5") && !answer.startsWith("HTTP/1.1 503")
                    ? Optional.of(answer.lines().findFirst().orElse("") + " for " + shown(request))
                    : Optional.empty();
        } catch (SocketTimeoutException e) {
            return Optional.of("no end after " + PATIENCE_MILLIS + " ms for " + shown(request));
        } catch (IOException reset) {
            return Optional.empty(); // a way to refuse
        }
    }

    private static String shown(String request) {
        return request.replace("\r", "\\r").replace("\n", "\\n");
    }

    private String mutate(String seed) {
        StringBuilder text = new StringBuilder(seed);
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            int place = random.nextInt(text.length());
            switch (random.nextInt(5)) {
                case 0 -> text.setCharAt(place, (char) random.nextInt(256));
                case 1 -> text.deleteCharAt(place);
                case 2 -> text.insert(place, PIECES[random.nextInt(PIECES.length)]);
                case 3 -> text.setLength(Math.max(1, place));
                default -> text.insert(place, text.substring(place, Math.min(text.length(), place + 20)));
            }
        }
        return text.toString();
    }
}
