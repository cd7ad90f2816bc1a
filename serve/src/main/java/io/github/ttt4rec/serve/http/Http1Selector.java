package io.github.ttt4rec.serve.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Passes each connection to Helidon's HTTP/1.1. Reports arriving bytes to {@link Connections}. Rewrites a first request
 * in HTTP/1.0, which proxies send by default and Helidon refuses, as HTTP/1.1 with {@code Connection: close}, and adds
 * a {@code Host} if it has none. Answers always have a length, so HTTP/1.0 clients understand them.
 */
final class Http1Selector implements ServerConnectionSelector {
    private static final String OLD = " HTTP/1.0";
    private static final int CRLF_LENGTH = 2;
    private static final int MAX_SIZE_DIGITS = 16;

    private final Http1ConnectionSelector http1;
    private final Connections connections;
    private final String host;
    private final int maxHead;

    /**
     * @param host the server's own name, for requests without a host
     * @param maxHead the maximum size of a request's first line and headers in bytes
     */
    Http1Selector(Http1ConnectionSelector http1, Connections connections, String host, int maxHead) {
        this.http1 = http1;
        this.connections = connections;
        this.host = host;
        this.maxHead = maxHead;
    }

    @Override
    public int bytesToIdentifyConnection() {
        return 0;
    }

    @Override
    public Support supports(BufferData data) {
        return Support.SUPPORTED;
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return http1.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        Source source = new Source(
                context.serverSocket(), connections.of(context.remotePeer().address()));
        return http1.connection(new Watched(context, new StrictReader(source)));
    }

    /** Returns a connection's bytes; null at the end. */
    private final class Source implements Supplier<byte @Nullable []> {
        private final HelidonSocket socket;
        private final Connection connection;
        private boolean first = true;

        Source(HelidonSocket socket, Connection connection) {
            this.socket = socket;
            this.connection = connection;
        }

        @Override
        public byte @Nullable [] get() {
            byte[] bytes = read();
            if (first && bytes != null) {
                first = false;
                return modern(bytes);
            }
            return bytes;
        }

        private byte @Nullable [] read() {
            byte[] bytes;
            try {
                bytes = socket.get();
            } catch (UncheckedIOException e) {
                throw new ServerConnectionException("a connection failed", e);
            }
            connection.received();
            return bytes;
        }

        /** Reads the first bytes of the connection, up to the end of the headers if they are HTTP/1.0. */
        private byte[] modern(byte[] start) {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            head.writeBytes(start);
            String text = text(head);
            while (text.indexOf('\n') < 0 && head.size() < maxHead && more(head)) {
                text = text(head);
            }
            if (!firstLine(text).endsWith(OLD)) {
                return head.toByteArray();
            }
            while (!text.contains("\r\n\r\n") && head.size() < maxHead && more(head)) {
                text = text(head);
            }
            int end = text.indexOf("\r\n");
            int headers = text.indexOf("\r\n\r\n");
            if (end < 0 || headers < 0) {
                return head.toByteArray(); // Too long or incomplete; refused like any other request.
            }
            boolean named =
                    text.substring(0, headers + 2).toLowerCase(Locale.ROOT).contains("\r\nhost:");
            String line = text.substring(0, end - OLD.length()) + " HTTP/1.1\r\n";
            String added = "Connection: close\r\n" + (named ? "" : "Host: " + host + "\r\n");
            return (line
                            + added
                            + withoutConnection(text.substring(end + 2, headers + 2))
                            + text.substring(headers + 2))
                    .getBytes(StandardCharsets.ISO_8859_1);
        }

        private boolean more(ByteArrayOutputStream head) {
            byte[] next = read();
            if (next != null) {
                head.writeBytes(next);
            }
            return next != null;
        }
    }

    /**
     * Refuses a chunk that does not end with CRLF, for which Helidon skips any two bytes, and a chunk size with a sign
     * or too many digits, which Helidon accepts.
     */
    @SuppressWarnings("removal") // Deprecated constructor: its replacement, a static method, cannot create a subclass.
    private static final class StrictReader extends DataReader {
        StrictReader(Source source) {
            super(source);
        }

        @Override
        public BufferData readBuffer(int length) {
            // These two bytes are part of a body, not the end of a line.
            BufferData data = getBuffer(length);
            super.skip(length);
            return data;
        }

        @Override
        public void skip(int length) {
            // Helidon itself skips two bytes only at the ends of lines and chunks.
            if (length == CRLF_LENGTH && !startsWithNewLine()) {
                throw new IncorrectNewLineException("a chunk or line does not end with CRLF");
            }
            super.skip(length);
        }

        @Override
        public String readLine() {
            // Helidon reads only chunk sizes, and the empty line after the last chunk, by line.
            String line = super.readLine();
            if (line.length() > MAX_SIZE_DIGITS || !line.chars().allMatch(HexFormat::isHexDigit)) {
                throw new IncorrectNewLineException("the size of a chunk is not a hexadecimal number");
            }
            return line;
        }
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return text.substring(0, end < 0 ? 0 : end).stripTrailing();
    }

    /** A {@code keep-alive} of HTTP/1.0 would contradict the added close. */
    private static String withoutConnection(String headers) {
        return headers.replaceAll("(?i)(?m)^(?:connection|keep-alive):[^\n]*\n", "");
    }

    /** Helidon's context of the connection, with a different reader. */
    private record Watched(ConnectionContext context, DataReader dataReader) implements ConnectionContext {
        @Override
        public ListenerContext listenerContext() {
            return context.listenerContext();
        }

        @Override
        public ExecutorService executor() {
            return context.executor();
        }

        @Override
        public DataWriter dataWriter() {
            return context.dataWriter();
        }

        @Override
        public Router router() {
            return context.router();
        }

        @Override
        public Optional<ProxyProtocolData> proxyProtocolData() {
            return context.proxyProtocolData();
        }

        @Override
        public HelidonSocket serverSocket() {
            return context.serverSocket();
        }

        @Override
        public PeerInfo remotePeer() {
            return context.remotePeer();
        }

        @Override
        public PeerInfo localPeer() {
            return context.localPeer();
        }

        @Override
        public boolean isSecure() {
            return context.isSecure();
        }

        @Override
        public String socketId() {
            return context.socketId();
        }

        @Override
        public String childSocketId() {
            return context.childSocketId();
        }
    }
}
