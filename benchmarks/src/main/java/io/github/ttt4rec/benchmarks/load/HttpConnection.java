package io.github.ttt4rec.benchmarks.load;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A persistent HTTP/1.1 connection on a blocking socket. The generator shares the machine with the server, so it must
 * be cheap: at 3,000 requests per second the JDK's client takes about seven times as much CPU time.
 */
final class HttpConnection implements AutoCloseable {
    private static final int MAX_LINE = 1 << 14;
    private static final int MAX_BODY = 1 << 26;

    private final LoadTarget target;
    private final byte[] buffer = new byte[MAX_LINE];
    private int position;
    private int limit;
    private @Nullable Socket socket;

    /** Creates a connection that opens with the first request. */
    HttpConnection(LoadTarget target) {
        this.target = target;
    }

    /** The headers that define the framing of an answer. */
    private record Framing(int length, boolean chunked, boolean close) {}

    /**
     * Sends a request and reads the answer. After an exception, the next request opens a new connection.
     *
     * @throws IOException if the answer is missing or incomplete; the request may or may not have been processed
     */
    HttpReply exchange(byte[] request, int timeoutMillis) throws IOException {
        boolean whole = false;
        try {
            Socket open = open(timeoutMillis);
            open.setSoTimeout(timeoutMillis);
            open.getOutputStream().write(request);
            HttpReply reply = read(open.getInputStream());
            whole = true;
            return reply;
        } finally {
            if (!whole) {
                close();
            }
        }
    }

    private Socket open(int timeoutMillis) throws IOException {
        Socket open = socket;
        if (open == null) {
            open = new Socket();
            socket = open;
            open.setTcpNoDelay(true);
            open.connect(target.address(), timeoutMillis);
            position = 0;
            limit = 0;
        }
        return open;
    }

    private HttpReply read(InputStream in) throws IOException {
        String statusLine = line(in);
        if (!statusLine.startsWith("HTTP/1.1 ") || statusLine.length() < 12) {
            throw new ProtocolException("not an answer in HTTP/1.1: " + statusLine);
        }
        int status = number(statusLine.substring(9, 12), 10);
        Framing framing = framing(in);
        byte[] body = framing.chunked ? chunks(in) : bytes(in, framing.length);
        if (framing.close) {
            close();
        }
        return new HttpReply(status, new String(body, StandardCharsets.UTF_8));
    }

    private Framing framing(InputStream in) throws IOException {
        int length = 0;
        boolean chunked = false;
        boolean close = false;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            String name = header.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT);
            String value = header.substring(colon + 1).strip();
            if (name.equals("content-length")) {
                length = number(value, 10);
            } else if (name.equals("transfer-encoding")) {
                chunked = value.equalsIgnoreCase("chunked");
            } else if (name.equals("connection")) {
                close = value.equalsIgnoreCase("close");
            }
        }
        return new Framing(length, chunked, close);
    }

    private byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int size = number(line(in).replaceFirst(";.*", "").strip(), 16);
            if (size == 0) {
                break;
            }
            if (body.size() + size > MAX_BODY) {
                throw new ProtocolException("an answer of more than " + MAX_BODY + " bytes");
            }
            body.writeBytes(bytes(in, size));
            line(in);
        }
        while (!line(in).isEmpty()) {
            // Trailers are not needed.
        }
        return body.toByteArray();
    }

    private static int number(String digits, int radix) throws IOException {
        try {
            int number = Integer.parseInt(digits, radix);
            if (number >= 0 && number <= MAX_BODY) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new ProtocolException("not a number in an answer: " + digits);
        }
        throw new ProtocolException("not a number up to " + MAX_BODY + " in an answer: " + digits);
    }

    private byte[] bytes(InputStream in, int count) throws IOException {
        byte[] bytes = new byte[count];
        int had = Math.min(count, limit - position);
        System.arraycopy(buffer, position, bytes, 0, had);
        position += had;
        if (in.readNBytes(bytes, had, count - had) < count - had) {
            throw new EOFException("the connection was closed within an answer");
        }
        return bytes;
    }

    /** Reads the next line, without its line end. */
    private String line(InputStream in) throws IOException {
        int scanned = position;
        while (true) {
            while (scanned < limit) {
                if (buffer[scanned] == '\n') {
                    int end = scanned > position && buffer[scanned - 1] == '\r' ? scanned - 1 : scanned;
                    String line = new String(buffer, position, end - position, StandardCharsets.ISO_8859_1);
                    position = scanned + 1;
                    return line;
                }
                scanned++;
            }
            System.arraycopy(buffer, position, buffer, 0, limit - position);
            scanned -= position;
            limit -= position;
            position = 0;
            if (limit == buffer.length) {
                throw new ProtocolException("a header of more than " + MAX_LINE + " bytes");
            }
            int read = in.read(buffer, limit, buffer.length - limit);
            if (read < 0) {
                throw new EOFException("the connection was closed before an answer");
            }
            limit += read;
        }
    }

    @Override
    public void close() throws IOException {
        Socket open = socket;
        socket = null;
        if (open != null) {
            open.close();
        }
    }
}
