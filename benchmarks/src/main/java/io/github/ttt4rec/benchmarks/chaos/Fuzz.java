package io.github.ttt4rec.benchmarks.chaos;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Sends malformed requests: HTTP/1.0 and 1.1, chunked or not, over TLS or not, with bytes changed, doubled, cut or
 * random.
 */
final class Fuzz {
    /** Longer than the server's time limit for a request, which must end every request. */
    private static final int PATIENCE_MILLIS = 10_000;

    private static final int AT_ONCE = 32;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 ([0-9]{3}) ");
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\nContent-Length: ([0-9]+)\r\n");
    private static final String EVENT = "{\"user\":\"fuzz\",\"item\":\"i1\"}";
    private static final String[] SEEDS = {
        "GET /v1/users/u/recommendations?k=3 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /v1/model HTTP/1.0\r\n\r\n",
        "GET /v1/items?query=a&limit=3 HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n",
        "POST /v1/recommendations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 16"
                + "\r\n\r\n{\"history\":[\"a\"]}",
        "POST /v1/recommendations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"his\r\nc\r\ntory\":[\"a\"]}\r\n0\r\n\r\n",
        "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n1a\r\n" + EVENT + "\r\n0\r\n\r\n",
        "POST /v1/events HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: " + EVENT.length() + "\r\n\r\n"
                + EVENT,
        "PUT /v1/items/x HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Type: application/json\r\n"
                + "Content-Length: 2\r\n\r\n{}",
        "DELETE /v1/users/%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    };
    private static final String[] PIECES = {
        "\r\n",
        "\n",
        "\0",
        "%",
        "%zz",
        ";",
        "HTTP/1.0",
        "HTTP/9.9",
        "Transfer-Encoding: chunked\r\n",
        "Content-Length: 7\r\n",
        "Content-Length: -1\r\n",
        "Host: x\r\n",
        "ffffffff\r\n",
        "-1\r\n",
        "0\r\n\r\n",
        "\r\n folded",
        "\u00ff",
        "{",
        "[[[[[[[[[[",
        "\"",
        "..",
        "//",
        "?k=-1",
        "Expect: 100-continue\r\n"
    };

    private final SplittableRandom random;
    private final URI server;
    private final @Nullable SSLContext tls;
    private final Map<String, Integer> answers = new TreeMap<>();
    private final List<String> wrong = new ArrayList<>();
    private long longestMillis;

    /**
     * Creates malformed requests to a server.
     *
     * @param tls null for plain HTTP
     */
    Fuzz(SplittableRandom random, URI server, @Nullable SSLContext tls) {
        this.random = random;
        this.server = server;
        this.tls = tls;
    }

    /** A request. The client may half-close the connection after it. */
    private record Odd(String text, boolean ends) {}

    /** Sends requests, several at once, and waits for all answers. */
    void send(int requests) {
        Semaphore places = new Semaphore(AT_ONCE);
        for (int i = 0; i < requests; i++) {
            Odd odd = new Odd(mutate(SEEDS[random.nextInt(SEEDS.length)]), random.nextBoolean());
            places.acquireUninterruptibly();
            Thread.startVirtualThread(() -> {
                try {
                    long begun = System.nanoTime();
                    String answer = answer(odd);
                    note(odd, answer, (System.nanoTime() - begun) / 1_000_000);
                } finally {
                    places.release();
                }
            });
        }
        places.acquireUninterruptibly(AT_ONCE);
    }

    private synchronized void note(Odd odd, String answer, long millis) {
        answers.merge(answer, 1, Integer::sum);
        longestMillis = Math.max(longestMillis, millis);
        if ((answer.startsWith("5") && !answer.equals("503")) || answer.equals("hangs")) {
            wrong.add(answer + " for " + odd.text.replace("\r", "\\r").replace("\n", "\\n"));
        }
    }

    /** Returns the number of answers by kind: a status, "closed" without a status, or "hangs". */
    synchronized Map<String, Integer> answers() {
        return new TreeMap<>(answers);
    }

    /** Returns the longest time of a request. */
    synchronized long longestMillis() {
        return longestMillis;
    }

    /** Returns all errors, one line each. */
    synchronized List<String> wrong() {
        return List.copyOf(wrong);
    }

    private String answer(Odd odd) {
        try (Socket socket = connect()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(odd.text.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            if (odd.ends) {
                socket.shutdownOutput();
            }
            String status = status(socket.getInputStream());
            return status.equals("100") ? status(socket.getInputStream()) : status;
        } catch (SocketTimeoutException e) {
            return "hangs";
        } catch (EOFException | SocketException | javax.net.ssl.SSLException closed) {
            return "closed"; // closing the connection is a valid refusal
        } catch (IOException e) {
            return e.getClass().getSimpleName();
        }
    }

    private Socket connect() throws IOException {
        if (tls == null) {
            return new Socket(server.getHost(), server.getPort());
        }
        SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(server.getHost(), server.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.startHandshake();
        return socket;
    }

    /** Reads an answer to its end. */
    private static String status(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("closed");
            }
            head.append((char) next);
        }
        Matcher length = LENGTH.matcher(head);
        if (length.find()) {
            in.readNBytes(Integer.parseInt(length.group(1)));
        }
        Matcher status = STATUS.matcher(head);
        return status.lookingAt() ? status.group(1) : "5xx: " + head;
    }

    private String mutate(String seed) {
        StringBuilder text = new StringBuilder(seed);
        for (int changes = random.nextInt(4); changes > 0 && !text.isEmpty(); changes--) {
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
