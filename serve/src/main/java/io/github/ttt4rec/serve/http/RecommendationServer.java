package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.serve.Ending;
import io.github.ttt4rec.serve.engine.Engine;
import io.helidon.common.tls.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * An {@link Engine} behind HTTP. When {@link #start} returns, it takes requests; {@link #close} refuses new ones, waits for
 * those under way and leaves the engine to its owner.
 */
public final class RecommendationServer implements AutoCloseable {
    /** Kept: the JVM forgets a logger that nobody holds, with its level. */
    private static final Logger HELIDON = Logger.getLogger("io.helidon");

    private final Listener listener;
    private final ServerState state;
    private final Connections connections;
    private final Admission admission;
    private final Metrics metrics;
    private final Watchdog watchdog;
    private final URI uri;
    private final List<String> warnings;
    /** The tokens of the start: the watchdog's own stays the same. */
    private final Tokens own;

    private RecommendationServer(
            Listener listener, ServerState state, Connections connections, Admission admission, Parts parts) {
        this.listener = listener;
        this.state = state;
        this.connections = connections;
        this.admission = admission;
        this.metrics = parts.metrics;
        this.watchdog = parts.watchdog;
        this.uri = parts.uri;
        this.own = parts.tokens;
        this.warnings = List.copyOf(parts.warnings);
    }

    private record Parts(Metrics metrics, Watchdog watchdog, Tokens tokens, URI uri, List<String> warnings) {}

    /** Starts to serve; a server that cannot go on ends the process, see {@link Ending#halt}. */
    public static RecommendationServer start(Engine engine, ServerConfig config) {
        return start(engine, config, Ending.halt());
    }

    /**
     * Starts to serve.
     *
     * @param ending ends the process if the server cannot go on
     * @throws UserFacingException if the host is not known, the port is taken, the certificate cannot be used, the limit of
     *     open files is too low, or the server would listen beyond this machine without tokens
     */
    public static RecommendationServer start(Engine engine, ServerConfig config, Ending ending) {
        check(config);
        InetAddress address = address(config);
        TlsFiles.Loaded certificate = config.tls() == null ? null : config.tls().load();
        Tls tls = certificate == null ? Tls.builder().enabled(false).build() : certificate.tls();
        if (HELIDON.getLevel() == null) {
            HELIDON.setLevel(Level.SEVERE); // it tells of its start and of each odd client
        }
        Limits limits = config.limits();
        Tokens tokens = config.tokens().withOwn();
        Connections connections = new Connections(limits, Descriptors.ofProcess(), !tls.enabled(), ending);
        ServerState state = new ServerState();
        Metrics metrics = new Metrics(engine, connections, state, config.files().models());
        Admission admission = new Admission(
                limits,
                tokens,
                new OriginCheck(
                        address, config.listen().allowedHosts(), config.listen().allowedOrigins()),
                metrics);
        Dispatcher dispatcher = new Dispatcher(
                new Router(Routes.of(engine, config, state, metrics)),
                admission,
                new Places(connections, Places.usualBytes()),
                connections,
                metrics,
                state);
        connections.start();
        Listener listener;
        try {
            listener = new Listener(address, config.listen().port(), limits, tls, connections, dispatcher);
        } catch (RuntimeException e) {
            connections.close();
            metrics.close();
            throw e;
        }
        URI uri = URI.create(
                (tls.enabled() ? "https" : "http") + "://" + OriginCheck.name(address) + ":" + listener.port() + "/");
        CertificateWatch watch = config.tls() == null || certificate == null
                ? null
                : new CertificateWatch(config.tls(), certificate, listener::reload, InstantSource.system());
        if (watch != null) {
            metrics.of(watch);
        }
        SystemdNotify systemd = SystemdNotify.ofProcess();
        Watchdog watchdog = new Watchdog(
                new SelfClient(address, listener.port(), tls.enabled(), tokens.own()),
                new Watchdog.Acts(
                        listener::reopen,
                        watch == null ? () -> {} : watch::look,
                        () -> systemd.send(SystemdNotify.ALIVE)),
                new StoreProbe(engine::probe),
                state,
                ending,
                Watchdog.Times.usual());
        watchdog.start();
        systemd.send(SystemdNotify.READY);
        List<String> warnings = new ArrayList<>(warnings(config, connections));
        if (watch != null) {
            watch.warning().ifPresent(warnings::add);
        }
        return new RecommendationServer(
                listener, state, connections, admission, new Parts(metrics, watchdog, tokens, uri, warnings));
    }

    private static List<String> warnings(ServerConfig config, Connections connections) {
        List<String> warnings = new ArrayList<>();
        Descriptors descriptors = Descriptors.ofProcess();
        int carried = descriptors.carry(connections.count());
        int wanted = config.limits().connections();
        if (carried < wanted) {
            warnings.add("the limit of open files, " + descriptors.limit().getAsLong() + ", carries " + carried
                    + " connections and not " + wanted + ": beyond that idle ones are closed (ulimit -n raises it)");
        }
        config.secretFiles().stream()
                .filter(RecommendationServer::isReadableByAll)
                .forEach(file ->
                        warnings.add(file + ": every user of this machine can read it (chmod 600 " + file + ")"));
        return warnings;
    }

    private static boolean isReadableByAll(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException e) {
            return false; // whoever cannot look cannot warn; reading the file tells if it is missing
        }
    }

    /** Throws {@link UserFacingException} if {@link #start} would, before anything has been loaded to be served. */
    public static void check(ServerConfig config) {
        InetAddress address = address(config);
        if (!address.isLoopbackAddress() && !config.tokens().guardClients()) {
            throw new UserFacingException("listening at " + config.listen().host()
                    + " lets other machines in, which needs tokens: give --token-file, or leave --host out");
        }
        Descriptors.ofProcess().require();
        if (config.tls() != null) {
            config.tls().load();
        }
        requireFree(address, config.listen().port());
    }

    private static InetAddress address(ServerConfig config) {
        String host = config.listen().host();
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new UserFacingException("'" + host + "' is no address of this machine and no name of one", e);
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

    /** Its address, such as {@code http://127.0.0.1:8080/}. */
    public URI uri() {
        return uri;
    }

    /** Warnings for the operator about this start, a line each. */
    public List<String> warnings() {
        return warnings;
    }

    /** Requests under way. */
    public int underWay() {
        return state.underWay();
    }

    /** For tests: stops listening, as Helidon does on an error. */
    void endListener() {
        listener.stop();
    }

    /** For tests: the one that looks after this server. */
    Watchdog watchdog() {
        return watchdog;
    }

    /** Takes limits and tokens from another configuration, from now on; everything else in it stays as it was. */
    public void reload(ServerConfig config) {
        admission.apply(config.limits(), config.tokens().withOwnOf(own));
        connections.apply(config.limits());
    }

    /**
     * Takes no more connections, answers requests on open ones with 503, waits for those under way as long as the limits
     * say, and ends all connections.
     */
    @Override
    public void close() {
        watchdog.close();
        SystemdNotify.ofProcess().send(SystemdNotify.STOPPING);
        state.stop();
        connections.stop();
        listener.stop();
        connections.close();
        metrics.close();
    }
}
