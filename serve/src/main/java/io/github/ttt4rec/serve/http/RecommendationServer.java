package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.serve.engine.Engine;
import io.helidon.common.socket.SocketOptions;
import io.helidon.common.tls.Tls;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * An {@link Engine} behind HTTP. Once {@link #start} returns it takes requests; {@link #close} refuses new ones, waits for
 * those under way and leaves the engine to its owner.
 */
public final class RecommendationServer implements AutoCloseable {
    private static final int FIRST_LINE_BYTES = 8 << 10;
    private static final int HEADER_BYTES = 16 << 10;

    /** Kept: a logger that nobody holds is forgotten with its level. */
    private static final Logger HELIDON = Logger.getLogger("io.helidon");

    private final WebServer web;
    private final ServerState state;
    private final Connections connections;
    private final Metrics metrics;
    private final URI uri;

    private RecommendationServer(WebServer web, ServerState state, Connections connections, Metrics metrics, URI uri) {
        this.web = web;
        this.state = state;
        this.connections = connections;
        this.metrics = metrics;
        this.uri = uri;
    }

    /**
     * Starts to serve.
     *
     * @throws UserFacingException if the host is not known, the port is taken, the certificate cannot be used, or the
     *     server would listen beyond this machine without tokens
     */
    public static RecommendationServer start(Engine engine, ServerConfig config) {
        check(config);
        InetAddress address = address(config);
        Tls tls = tls(config);
        if (HELIDON.getLevel() == null) {
            HELIDON.setLevel(Level.SEVERE); // it tells of its start and of each odd client
        }
        Limits limits = config.limits();
        // Beyond this Helidon gives up on a body at once; up to this it is read to its end to be refused in good order.
        long mostBody = Math.max(8L << 20, 2L * limits.bodyBytes());
        Connections connections = new Connections(limits.requestTime(), limits.idleTime(), mostBody + (1 << 20));
        ServerState state = new ServerState();
        Metrics metrics = new Metrics(engine, connections, state);
        Dispatcher dispatcher = new Dispatcher(
                Routes.of(engine, config, state, metrics),
                config,
                new OriginCheck(address, config.allowedHosts()),
                connections,
                metrics,
                state);
        WebServer web = WebServer.builder()
                .address(address)
                .port(config.port())
                .tls(tls)
                // Over channels Helidon's TLS looks up the name of each client's address, which may take seconds.
                .useNio(!tls.enabled())
                .shutdownHook(false)
                .shutdownGracePeriod(limits.stopTime())
                .maxTcpConnections(limits.connections())
                .maxPayloadSize(mostBody)
                .connectionOptions(connections.watching(
                        SocketOptions.builder().tcpNoDelay(true).build()))
                .directHandlers(TransportProblems.handlers())
                .protocolsDiscoverServices(false)
                .addProtocol(Http1Config.builder()
                        .maxPrologueLength(FIRST_LINE_BYTES)
                        .maxHeadersSize(HEADER_BYTES)
                        .addReceiveListener(connections.listener())
                        .build())
                .routing(HttpRouting.builder().addFilter(dispatcher))
                .build();
        connections.start();
        web.start();
        if (!web.isRunning()) {
            connections.close();
            metrics.close();
            throw new UserFacingException("cannot listen at " + config.host() + ", port " + config.port());
        }
        URI uri = URI.create(
                (tls.enabled() ? "https" : "http") + "://" + OriginCheck.name(address) + ":" + web.port() + "/");
        return new RecommendationServer(web, state, connections, metrics, uri);
    }

    /** Throws {@link UserFacingException} if {@link #start} would, before anything has been loaded to be served. */
    public static void check(ServerConfig config) {
        InetAddress address = address(config);
        if (!address.isLoopbackAddress() && !config.tokens().guardClients()) {
            throw new UserFacingException("listening at " + config.host()
                    + " lets other machines in, which needs tokens:" + " give --token-file, or leave --host out");
        }
        tls(config);
        requireFree(address, config.port());
    }

    private static Tls tls(ServerConfig config) {
        return config.tls() == null
                ? Tls.builder().enabled(false).build()
                : config.tls().load();
    }

    private static InetAddress address(ServerConfig config) {
        try {
            return InetAddress.getByName(config.host());
        } catch (UnknownHostException e) {
            throw new UserFacingException(
                    "'" + config.host() + "' is no address of this machine and no name of one", e);
        }
    }

    /** Helidon says in its log alone that it could not start. */
    private static void requireFree(InetAddress address, int port) {
        try (ServerSocketChannel socket = ServerSocketChannel.open()) {
            socket.bind(new InetSocketAddress(address, port));
        } catch (IOException e) {
            throw new UserFacingException(
                    "cannot listen at " + address.getHostAddress() + ", port " + port + ": " + e.getMessage()
                            + "; another --port may be free, and --port 0 takes any that is",
                    e);
        }
    }

    /** Where it listens, such as {@code http://127.0.0.1:8080/}. */
    public URI uri() {
        return uri;
    }

    /** Requests under way. */
    public int underWay() {
        return state.underWay();
    }

    /**
     * Takes no more connections, answers requests on open ones with 503, waits for those under way as long as the limits
     * say, and ends all connections.
     */
    @Override
    public void close() {
        state.stop();
        web.stop();
        connections.close();
        metrics.close();
    }
}
