package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.UserFacingException;
import io.helidon.common.socket.SocketOptions;
import io.helidon.common.tls.Tls;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Duration;

/**
 * Helidon's web server at one address. It can be reopened, because Helidon's own listener ends permanently at the first
 * error of an accept.
 */
final class Listener {
    private static final System.Logger LOG = System.getLogger(Listener.class.getName());
    /** Enough for a filter of the maximum length, in which each character is percent-encoded. */
    static final int MAX_FIRST_LINE_BYTES = 16 << 10;

    private static final int MAX_HEADER_BYTES = 16 << 10;
    /** Helidon counts a connection until its thread has ended, possibly after its descriptor was closed. */
    private static final int CLOSING_CONNECTIONS = 256;

    private final InetAddress address;
    private final Connections connections;
    private final Dispatcher dispatcher;
    private final Duration stopTime;
    private final int maxConnections;
    private final long maxBody;
    private final Tls tls;
    private final int port;
    private volatile WebServer web;

    /** Opens the port, or any free one if it is 0. */
    Listener(InetAddress address, int port, Limits limits, Tls tls, Connections connections, Dispatcher dispatcher) {
        this.address = address;
        this.connections = connections;
        this.dispatcher = dispatcher;
        this.stopTime = limits.timeouts().stop();
        this.maxConnections = limits.connections() + CLOSING_CONNECTIONS;
        this.maxBody = Connections.maxBody(limits);
        this.tls = tls;
        this.web = open(port);
        this.port = web.port();
    }

    private WebServer open(int port) {
        Http1Config http1 = Http1Config.builder()
                .maxPrologueLength(MAX_FIRST_LINE_BYTES)
                .maxHeadersSize(MAX_HEADER_BYTES)
                .continueImmediately(false)
                .addReceiveListener(connections.listener())
                .build();
        WebServer made = WebServer.builder()
                .address(address)
                .port(port)
                .tls(tls)
                // With channels, Helidon's TLS looks up the name of each client's address, which may take seconds.
                .useNio(!tls.enabled())
                .shutdownHook(false)
                .shutdownGracePeriod(stopTime)
                .maxTcpConnections(maxConnections)
                .maxPayloadSize(maxBody)
                .connectionOptions(connections.admitting(
                        SocketOptions.builder().tcpNoDelay(true).build()))
                .directHandlers(TransportProblems.handlers())
                .protocolsDiscoverServices(false)
                .addConnectionSelector(new Http1Selector(
                        Http1ConnectionSelector.builder().config(http1).build(),
                        connections,
                        OriginCheck.name(address),
                        MAX_FIRST_LINE_BYTES + MAX_HEADER_BYTES))
                .routing(HttpRouting.builder().addFilter(dispatcher))
                .build();
        made.start();
        if (!made.isRunning()) {
            throw new UserFacingException("cannot listen at " + address.getHostAddress() + ", port " + port);
        }
        return made;
    }

    int port() {
        return port;
    }

    /** Opens the same port again after Helidon's listener has ended; throws {@link RuntimeException} if it cannot. */
    void reopen() {
        WebServer ended = web;
        web = open(port);
        // Stopping a failed listener may wait for ever.
        Thread.ofPlatform().daemon().name("ttt4rec-ended-listener").start(() -> {
            try {
                ended.stop();
            } catch (RuntimeException e) {
                LOG.log(Level.DEBUG, "the listener that failed could not be stopped", e);
            }
        });
    }

    /** Sets the certificate and key for future connections. */
    void reload(Tls other) {
        web.reloadTls(other);
    }

    /** Accepts no more connections, and waits for requests in progress. */
    void stop() {
        web.stop();
    }
}
