package io.github.ttt4rec.serve.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A connection that can send arbitrary bytes. */
final class RawClient implements AutoCloseable {
    /** The start of a request with an event, without its framing headers and body. */
    static final String EVENT_REQUEST =
            "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    private final Socket socket;
    private final InputStream in;

    RawClient(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(30_000);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A response. */
    record Reply(int status, List<String> headers, String body) {
        Optional<String> header(String name) {
            String start = name.toLowerCase(Locale.ROOT) + ":";
            return headers.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                    .map(line -> line.substring(start.length()).strip())
                    .findFirst();
        }

        boolean closes() {
            return header("Connection").orElse("").equals("close");
        }
    }

    /** Sends Latin-1 text unchanged. */
    RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Half-closes the connection. */
    RawClient end() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Reads the next answer; empty if the server has closed the connection. */
    Optional<Reply> reply() throws IOException {
        return reply(true);
    }

    /** Reads the next answer to a HEAD request. */
    Optional<Reply> headReply() throws IOException {
        return reply(false);
    }

    private Optional<Reply> reply(boolean withBody) throws IOException {
        String status = line();
        if (status == null) {
            return Optional.empty();
        }
        List<String> headers = new ArrayList<>();
        for (String line = line(); line == null || !line.isEmpty(); line = line()) {
            if (line == null) {
                throw new EOFException("the answer ends within its headers");
            }
            headers.add(line);
        }
        Reply head = new Reply(Integer.parseInt(status.substring(9, 12)), headers, "");
        int length = withBody ? Integer.parseInt(head.header("Content-Length").orElse("0")) : 0;
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the answer ends within its body");
        }
        return Optional.of(new Reply(head.status, headers, new String(body, StandardCharsets.UTF_8)));
    }

    /** Sends a request on its own connection and returns the answer. */
    static Reply exchange(int port, String request) throws IOException {
        try (RawClient client = new RawClient(port)) {
            return client.send(request).reply().orElseThrow();
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return null;
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
