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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Serves an {@link Engine} over HTTP. It accepts requests when {@link #start} returns; {@link #close} refuses new ones
 * and waits for those in progress. The caller remains the owner of the engine.
 */
public final class RecommendationServer implements AutoCloseable {
    /** A strong reference: the JVM collects an unreferenced logger together with its level. */
    private static final Logger HELIDON = Logger.getLogger("io.helidon");
    /** Helidon's listener logs a stack trace if a connection arrives while it stops; it closes the connection. */
    private static final Logger HELIDON_LISTENER = Logger.getLogger("io.helidon.webserver.ServerListener");

    private final Listener listener;
    private final Sites sites;
    private final Connections connections;
    private final Watchdog watchdog;
    private final URI uri;
    private final List<String> warnings;
    /** One watch over the store of each tenant. */
    private final List<TenantWatch> watches = new ArrayList<>();

    /** The tokens at the start; the watchdog's own token never changes. */
    private final Tokens own;

    private RecommendationServer(Listener listener, Sites sites, Connections connections, Parts parts) {
        this.listener = listener;
        this.sites = sites;
        this.connections = connections;
        this.watchdog = parts.watchdog;
        this.uri = parts.uri;
        this.own = parts.tokens;
        this.warnings = List.copyOf(parts.warnings);
    }

    private record Parts(Watchdog watchdog, Tokens tokens, URI uri, List<String> warnings) {}

    /** Starts a server. If it cannot continue, it ends the process, see {@link Ending#halt}. */
    public static RecommendationServer start(Engine engine, ServerConfig config) {
        return start(engine, config, Ending.halt());
    }

    /**
     * Starts a server.
     *
     * @param ending ends the process if the server cannot continue
     * @throws UserFacingException if the host is unknown, the port is taken, the certificate cannot be used, the limit
     *     of open files is too low, or the server would listen on an address other than loopback without tokens
     */
    public static RecommendationServer start(Engine engine, ServerConfig config, Ending ending) {
        return start(config, ending, engine::probe, (admission, connections) -> {
            ServerState state = new ServerState();
            Metrics metrics =
                    new Metrics(engine, connections, state, config.files().models());
            Site site = new Site(
                    new Router(Routes.of(engine, config, state, metrics)),
                    admission.of(config, metrics),
                    new Places(connections, Places.usualBytes()),
                    metrics,
                    state);
            return new Sites(site, Map.of());
        });
    }

    /**
     * Starts to serve several catalogues, each under {@code /t/NAME/}. A store that fails makes only its own tenant unready.
     *
     * @param config where the server listens, and its tokens for {@code /metrics}
     * @param ending ends the process if the server cannot continue
     * @throws UserFacingException as above
     */
    public static RecommendationServer start(List<Tenant> tenants, ServerConfig config, Ending ending) {
        for (Tenant tenant : tenants) {
            requireTokens(tenant.config().withListen(config.listen()), "token_file of tenant " + tenant.name());
        }
        RecommendationServer server = start(config, ending, () -> {}, (admission, connections) -> {
            ServerState state = new ServerState();
            Metrics metrics = Metrics.ofTenants(connections, state);
            Site main = new Site(
                    new Router(Routes.ofTenants(state, metrics)),
                    admission.of(config, metrics),
                    new Places(connections, Places.usualBytes()),
                    metrics,
                    state);
            Map<String, Optional<Site>> sites = new LinkedHashMap<>();
            for (Tenant tenant : tenants) {
                sites.put(
                        tenant.name(),
                        Optional.ofNullable(tenant.engine())
                                .map(engine -> site(tenant, engine, admission, connections, tenants.size())));
            }
            return new Sites(main, sites);
        });
        for (Tenant tenant : tenants) {
            Optional<Site> site = server.sites.tenants().getOrDefault(tenant.name(), Optional.empty());
            Engine engine = tenant.engine();
            if (engine != null) {
                server.watches.add(new TenantWatch(
                        tenant.name(), engine::probe, site.orElseThrow().state()));
            }
        }
        return server;
    }

    private static Site site(Tenant tenant, Engine engine, Admissions admission, Connections connections, int tenants) {
        ServerState state = new ServerState();
        Metrics metrics = Metrics.ofTenant(tenant.name(), engine, state);
        return new Site(
                new Router(Routes.of(engine, tenant.config(), state, metrics)),
                admission.of(tenant.config(), metrics),
                new Places(connections, Places.usualBytes() / tenants),
                metrics,
                state);
    }

    /** Makes the admission of a site. */
    @FunctionalInterface
    private interface Admissions {
        Admission of(ServerConfig config, Metrics metrics);
    }

    /** Makes the sites of a server. */
    @FunctionalInterface
    private interface SitesFactory {
        Sites make(Admissions admission, Connections connections);
    }

    private static RecommendationServer start(
            ServerConfig config, Ending ending, Runnable probe, SitesFactory factory) {
        check(config);
        InetAddress address = address(config);
        TlsFiles.Loaded certificate = config.tls() == null ? null : config.tls().load();
        Tls tls = certificate == null ? Tls.builder().enabled(false).build() : certificate.tls();
        if (HELIDON.getLevel() == null) {
            HELIDON.setLevel(Level.SEVERE); // it logs its start and each malformed request
        }
        HELIDON_LISTENER.setFilter(entry -> !(entry.getThrown() instanceof RejectedExecutionException));
        Limits limits = config.limits();
        Tokens tokens = config.tokens().withOwn();
        Connections connections = new Connections(limits, Descriptors.ofProcess(), !tls.enabled(), ending);
        OriginCheck origins = new OriginCheck(
                address, config.listen().allowedHosts(), config.listen().allowedOrigins());
        Sites sites = factory.make(
                (site, metrics) ->
                        new Admission(site.limits(), site.equals(config) ? tokens : site.tokens(), origins, metrics),
                connections);
        ServerState state = sites.main().state();
        Metrics metrics = sites.main().metrics();
        Dispatcher dispatcher = new Dispatcher(sites, connections);
        connections.start();
        Listener listener;
        try {
            listener = new Listener(address, config.listen().port(), limits, tls, connections, dispatcher);
        } catch (RuntimeException e) {
            connections.close();
            metrics.close();
            sites.tenants()
                    .values()
                    .forEach(site -> site.ifPresent(each -> each.metrics().close()));
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
                new StoreProbe(probe),
                state,
                ending,
                Watchdog.Times.usual());
        watchdog.start();
        systemd.send(SystemdNotify.READY);
        List<String> warnings = new ArrayList<>(warnings(config, connections));
        if (watch != null) {
            watch.warning().ifPresent(warnings::add);
        }
        return new RecommendationServer(listener, sites, connections, new Parts(watchdog, tokens, uri, warnings));
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
            return false; // Without access there is nothing to warn about; reading the file reports if it is missing.
        }
    }

    /**
     * Throws {@link UserFacingException} if {@link #start} would, so that callers can check before they load a model.
     */
    public static void check(ServerConfig config) {
        InetAddress address = address(config);
        requireTokens(config, "--token-file");
        Descriptors.ofProcess().require();
        if (config.tls() != null) {
            config.tls().load();
        }
        requireFree(address, config.listen().port());
    }

    private static void requireTokens(ServerConfig config, String option) {
        if (!address(config).isLoopbackAddress() && !config.tokens().guardClients()) {
            throw new UserFacingException("listening at " + config.listen().host()
                    + " lets other machines in, which needs tokens: give " + option + ", or leave --host out");
        }
    }

    private static InetAddress address(ServerConfig config) {
        String host = config.listen().host();
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new UserFacingException("'" + host + "' is neither an address of this machine nor a name of one", e);
        }
    }

    /** Helidon reports a failed start only in its log. */
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

    /** Returns the server's address, such as {@code http://127.0.0.1:8080/}. */
    public URI uri() {
        return uri;
    }

    /** Returns warnings for the operator about this start, one line each. */
    public List<String> warnings() {
        return warnings;
    }

    /** Returns the number of requests in progress. */
    public int underWay() {
        return sites.main().state().underWay();
    }

    /** For tests: stops listening, as Helidon does after an error. */
    void endListener() {
        listener.stop();
    }

    /** For tests: returns this server's watchdog. */
    Watchdog watchdog() {
        return watchdog;
    }

    /** Takes over limits and tokens from another configuration; nothing else changes. */
    public void reload(ServerConfig config) {
        sites.main().admission().apply(config.limits(), config.tokens().withOwnOf(own));
        connections.apply(config.limits());
    }

    /** Takes the limits and tokens of a tenant from another configuration; nothing happens if there is no such tenant. */
    public void reload(String tenant, ServerConfig config) {
        Optional.ofNullable(sites.tenants().get(tenant))
                .flatMap(site -> site)
                .ifPresent(site -> site.admission().apply(config.limits(), config.tokens()));
    }

    /**
     * Accepts no more connections, answers new requests on open ones with 503, waits for requests in progress up to the
     * configured time, and closes all connections.
     */
    @Override
    public void close() {
        watchdog.close();
        SystemdNotify.ofProcess().send(SystemdNotify.STOPPING);
        sites.main().state().stop();
        connections.stop();
        listener.stop();
        connections.close();
        sites.main().metrics().close();
        sites.tenants()
                .values()
                .forEach(site -> site.ifPresent(each -> each.metrics().close()));
        watches.forEach(TenantWatch::close);
    }
}
