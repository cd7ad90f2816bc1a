package io.github.ttt4rec.cli.option;

import io.github.ttt4rec.serve.engine.MemoryPlan;
import io.github.ttt4rec.serve.http.Limits;
import io.github.ttt4rec.serve.http.Listen;
import io.github.ttt4rec.serve.http.ServerConfig;
import io.github.ttt4rec.serve.http.ServerFiles;
import io.github.ttt4rec.serve.http.Timeouts;
import io.github.ttt4rec.serve.http.TlsFiles;
import io.github.ttt4rec.serve.http.Tokens;
import io.github.ttt4rec.terminal.option.PeriodConverter;
import io.github.ttt4rec.terminal.option.PositiveConverter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options for a server's address, access and limits. */
public final class ServerOptions {
    private static final Limits DEFAULTS = Limits.defaults();

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec mixee;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description =
                    "Address to listen on (default: ${DEFAULT-VALUE}, this machine only). 0.0.0.0 admits all machines"
                            + " and needs --token-file.")
    private String host;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Port (default: ${DEFAULT-VALUE}); 0 picks a free port and prints it.")
    private int port;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "File of client tokens, one per line; every request then needs one"
                    + " (Authorization: Bearer TOKEN).")
    private @Nullable Path tokenFile;

    @Option(
            names = "--admin-token-file",
            paramLabel = "FILE",
            description = "File of admin tokens. Admins may also swap the model, delete users and change the rules of"
                    + " recommendation. With --token-file alone, nobody may.")
    private @Nullable Path adminTokenFile;

    @Option(
            names = "--user-token-secret",
            paramLabel = "FILE",
            description =
                    "File of the secret that signs tokens bound to one user (JSON Web Tokens, HS256). With such a token"
                            + " a page may only send events and read lists of its own user. Needs --token-file.")
    private @Nullable Path userSecret;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description = "Certificate (PEM). The server then serves only HTTPS.")
    private @Nullable Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "Private key of the certificate (PEM, PKCS#8).")
    private @Nullable Path key;

    @Option(
            names = "--allow-host",
            paramLabel = "NAME",
            description =
                    "Host name by which browsers and proxies may call the server, such as shop.example; repeatable. On"
                            + " loopback, only localhost and the address are accepted by default.")
    private List<String> allowedHosts = List.of();

    @Option(
            names = "--allow-origin",
            paramLabel = "ORIGIN",
            description = "Origin whose pages may call the server from browsers, such as https://shop.example;"
                    + " repeatable.")
    private List<String> allowedOrigins = List.of();

    @Option(
            names = "--max-body-kb",
            paramLabel = "KB",
            converter = PositiveConverter.class,
            description = "Maximum size of a request body in KB (default: 1024).")
    private @Nullable Integer bodyKilobytes;

    @Option(
            names = "--max-batch",
            paramLabel = "N",
            converter = PositiveConverter.class,
            description = "Maximum number of events in a request (default: 1000).")
    private @Nullable Integer batch;

    @Option(
            names = "--max-k",
            paramLabel = "N",
            converter = PositiveConverter.class,
            description = "Maximum number of items in a list (default: 1000).")
    private @Nullable Integer k;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            converter = PositiveConverter.class,
            description =
                    "Maximum number of connections; beyond it, idle ones are closed (default: 1024, or as many as the"
                            + " limit of open files allows).")
    private @Nullable Integer connections;

    @Option(
            names = "--max-requests",
            paramLabel = "N",
            converter = PositiveConverter.class,
            description = "Maximum number of concurrent requests; others get 503 (default: 256).")
    private @Nullable Integer requests;

    @Option(
            names = "--rate",
            paramLabel = "N",
            converter = PositiveConverter.class,
            description = "Maximum number of requests per second for each token; others get 429 (default: no limit).")
    private @Nullable Integer rate;

    @Option(
            names = "--max-backups",
            paramLabel = "N",
            converter = PositiveConverter.class,
            description = "Maximum number of backups made by clients, kept next to the state file (default: 8).")
    private @Nullable Integer backups;

    @Option(
            names = "--request-timeout",
            paramLabel = "TIME",
            converter = PeriodConverter.class,
            description =
                    "Disconnect a client that takes longer to send a request or to receive an answer (default: 8s).")
    private @Nullable Duration requestTime;

    @Option(
            names = "--idle-timeout",
            paramLabel = "TIME",
            converter = PeriodConverter.class,
            description = "Close a connection that has been idle this long (default: 60s).")
    private @Nullable Duration idleTime;

    @Option(
            names = "--stop-timeout",
            paramLabel = "TIME",
            converter = PeriodConverter.class,
            description = "When stopping, wait this long for requests in progress (default: 10s).")
    private @Nullable Duration stopTime;

    /** Returns the configuration, with item names and, if given, the model directory and event store. */
    public ServerConfig config(
            Map<String, String> names, @Nullable Path models, @Nullable Path store, MemoryPlan memory) {
        if ((certificate == null) != (key == null)) {
            throw wrongUsage("--tls-cert and --tls-key go together");
        }
        if (port < 0 || port > 65535) {
            throw wrongUsage("--port must be from 0 to 65535");
        }
        TlsFiles tls = certificate == null || key == null ? null : new TlsFiles(certificate, key);
        try {
            return new ServerConfig(
                    new Listen(host, port, allowedHosts, allowedOrigins),
                    limits(),
                    tokens(),
                    tls,
                    names,
                    List.of(),
                    new ServerFiles(models, store, backups == null ? ServerFiles.DEFAULT_BACKUPS : backups, secrets()),
                    memory);
        } catch (IllegalArgumentException e) {
            throw wrongUsage(String.valueOf(e.getMessage()));
        }
    }

    private Tokens tokens() {
        Tokens tokens = Tokens.read(tokenFile, adminTokenFile);
        return userSecret == null ? tokens : tokens.withUsers(userSecret);
    }

    private List<Path> secrets() {
        return Stream.of(tokenFile, adminTokenFile, userSecret)
                .filter(Objects::nonNull)
                .toList();
    }

    private Limits limits() {
        return new Limits(
                bodyKilobytes == null ? DEFAULTS.bodyBytes() : Math.multiplyExact(bodyKilobytes, 1024),
                batch == null ? DEFAULTS.batch() : batch,
                k == null ? DEFAULTS.k() : k,
                DEFAULTS.history(),
                connections == null ? DEFAULTS.connections() : connections,
                requests == null ? DEFAULTS.requests() : requests,
                rate == null ? DEFAULTS.rate() : rate,
                new Timeouts(
                        requestTime == null ? DEFAULTS.timeouts().request() : requestTime,
                        idleTime == null ? DEFAULTS.timeouts().idle() : idleTime,
                        stopTime == null ? DEFAULTS.timeouts().stop() : stopTime));
    }

    private ParameterException wrongUsage(String message) {
        if (mixee == null) {
            throw new IllegalStateException("picocli sets the command that this is part of");
        }
        return new ParameterException(mixee.commandLine(), message);
    }
}
