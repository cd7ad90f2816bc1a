package io.github.ttt4rec.serve.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Sends requests to the server as a client would, over a new connection each time, without using any code of the
 * server.
 */
final class SelfClient {
    private static final int MAX_ANSWER = 1 << 20;
    private static final String BODY = "{\"history\":[],\"k\":1}";

    private final InetSocketAddress address;
    private final String host;
    private final boolean secure;
    private final String token;

    /**
     * @param address the address that the server listens on
     * @param token a token that the server accepts
     */
    SelfClient(InetAddress address, int port, boolean secure, String token) {
        try {
            this.address = new InetSocketAddress(
                    address.isAnyLocalAddress() ? InetAddress.getByAddress(new byte[] {127, 0, 0, 1}) : address, port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
        this.host = OriginCheck.name(address);
        this.secure = secure;
        this.token = token;
    }

    /**
     * Requests a list and returns the status of the answer.
     *
     * @throws IOException if there is no answer; {@link java.net.ConnectException} if nothing listens
     */
    int ask(Duration patience) throws IOException {
        int millis = Math.toIntExact(patience.toMillis());
        try (Socket plain = new Socket()) {
            plain.connect(address, millis);
            plain.setSoTimeout(millis);
            try (Socket socket = secure ? secured(plain) : plain) {
                socket.getOutputStream()
                        .write(("POST /v1/recommendations HTTP/1.1\r\nHost: " + host + ":" + address.getPort()
                                        + "\r\nAuthorization: Bearer " + token
                                        + "\r\nContent-Type: application/json\r\nContent-Length: " + BODY.length()
                                        + "\r\nConnection: close\r\n\r\n" + BODY)
                                .getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
                return status(socket.getInputStream());
            }
        }
    }

    private static int status(InputStream in) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 13];
        for (int read = in.read(buffer); read >= 0 && answer.size() < MAX_ANSWER; read = in.read(buffer)) {
            answer.write(buffer, 0, read);
        }
        String text = answer.toString(StandardCharsets.ISO_8859_1);
        if (!text.startsWith("HTTP/1.1 ") || text.length() < "HTTP/1.1 200".length()) {
            throw new IOException(text.isEmpty() ? "the connection was closed without an answer" : "no HTTP came back");
        }
        return Integer.parseInt(text.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
    }

    private Socket secured(Socket plain) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustsItself()}, new SecureRandom());
            return context.getSocketFactory().createSocket(plain, host, address.getPort(), true);
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS cannot be used", e);
        }
    }

    /** The connection goes to this process, so the certificate need not be verified. */
    private static final class TrustsItself extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
