package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.serve.engine.Engine;
import io.helidon.common.socket.SocketOptions;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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
    private final Dispatcher dispatcher;
    private final Connections connections;
    private final Metrics metrics;
    private final AtomicInteger underWay;
    private final URI uri;

    private RecommendationServer(
            WebServer web,
            Dispatcher dispatcher,
            Connections connections,
            Metrics metrics,
            AtomicInteger underWay,
            URI uri) {
        this.web = web;
        this.dispatcher = dispatcher;
        this.connections = connections;
        this.metrics = metrics;
        this.underWay = underWay;
        this.uri = uri;
    }

    /**
     * Starts to serve.
     *
     * @throws UserFacingException where the host is not known, the port is taken, the certificate cannot be used, or the
     *     server would listen beyond this machine without tokens
     */
    public static RecommendationServer start(Engine engine, ServerConfig config) {
        InetAddress address = address(config);
        if (!address.isLoopbackAddress() && !config.tokens().guardClients()) {
            throw new UserFacingException("listening at " + config.host()
                    + " lets other machines in, which needs tokens:" + " give --token-file, or leave --host out");
        }
        if (HELIDON.getLevel() == null) {
            HELIDON.setLevel(Level.SEVERE); // it tells of its start and of each odd client
        }
        requireFree(address, config.port());

        Limits limits = config.limits();
        // Beyond this Helidon gives up on a body at once; up to this it is read to its end to be refused in good order.
        long mostBody = Math.max(8L << 20, 2L * limits.bodyBytes());
        Connections connections = new Connections(limits.requestTime(), limits.idleTime(), mostBody + (1 << 20));
        AtomicInteger underWay = new AtomicInteger();
        Metrics metrics = new Metrics(engine, connections, underWay::get);
        // The routes ask whether the server is stopping, which the dispatcher of the routes knows.
        Dispatcher[] dispatchers = new Dispatcher[1];
        HealthEndpoint health = new HealthEndpoint(() -> dispatchers[0].unready());
        List<Route> routes = Routes.of(engine, config, health, metrics);
        Dispatcher dispatcher = new Dispatcher(
                routes, config, new OriginCheck(address, config.allowedHosts()), connections, metrics, underWay);
        dispatchers[0] = dispatcher;

        WebServer web = WebServer.builder()
                .address(address)
                .port(config.port())
                .shutdownHook(false)
                .shutdownGracePeriod(limits.stopTime())
                .maxTcpConnections(limits.connections())
                .maxPayloadSize(mostBody)
                .connectionOptions(connections.watching(
                        SocketOptions.builder().tcpNoDelay(true).build()))
                .update(builder -> {
                    if (config.tls() != null) {
                        builder.tls(config.tls().load());
                    }
                })
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
            throw new UserFacingException("cannot listen at " + config.host() + ", port " + config.port());
        }
        String scheme = config.tls() == null ? "http" : "https";
        URI uri = URI.create(scheme + "://" + OriginCheck.name(address) + ":" + web.port() + "/");
        return new RecommendationServer(web, dispatcher, connections, metrics, underWay, uri);
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
        return underWay.get();
    }

    /**
     * Takes no more connections, answers requests on open ones with 503, waits for those under way as long as the limits
     * say, and ends all connections.
     */
    @Override
    public void close() {
        dispatcher.stopping();
        web.stop();
        connections.close();
        metrics.close();
    }
}
