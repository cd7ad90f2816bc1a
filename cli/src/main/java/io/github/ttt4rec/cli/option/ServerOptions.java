package io.github.ttt4rec.cli.option;

import io.github.ttt4rec.serve.engine.MemoryPlan;
import io.github.ttt4rec.serve.http.Limits;
import io.github.ttt4rec.serve.http.Listen;
import io.github.ttt4rec.serve.http.ServerConfig;
import io.github.ttt4rec.serve.http.ServerFiles;
import io.github.ttt4rec.serve.http.Timeouts;
import io.github.ttt4rec.serve.http.TlsFiles;
import io.github.ttt4rec.serve.http.Tokens;
import io.github.ttt4rec.terminal.option.OptionValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
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

    @Mixin
    private final CommandSpec access = CommandSpec.create();

    private final OptionValue<Path> tokenFile = OptionValue.file(
            access,
            "--token-file",
            "File of client tokens, one per line; every request then needs one (Authorization: Bearer TOKEN).");
    private final OptionValue<Path> adminTokenFile = OptionValue.file(
            access,
            "--admin-token-file",
            "File of admin tokens. Admins may also swap the model, delete users and change the rules of recommendation."
                    + " With --token-file alone, nobody may.");
    private final OptionValue<Path> userSecret = OptionValue.file(
            access,
            "--user-token-secret",
            "File of the secret that signs tokens bound to one user (JSON Web Tokens, HS256). With such a token a page"
                    + " may only send events and read lists of its own user. Needs --token-file.");
    private final OptionValue<Path> certificate =
            OptionValue.file(access, "--tls-cert", "Certificate (PEM). The server then serves only HTTPS.");
    private final OptionValue<Path> key =
            OptionValue.file(access, "--tls-key", "Private key of the certificate (PEM, PKCS#8).");

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

    @Mixin
    private final CommandSpec limits = CommandSpec.create();

    private final OptionValue<Integer> bodyKilobytes =
            OptionValue.count(limits, "--max-body-kb", "KB", "Maximum size of a request body in KB (default: 1024).");
    private final OptionValue<Integer> batch =
            OptionValue.count(limits, "--max-batch", "N", "Maximum number of events in a request (default: 1000).");
    private final OptionValue<Integer> k =
            OptionValue.count(limits, "--max-k", "N", "Maximum number of items in a list (default: 1000).");
    private final OptionValue<Integer> connections = OptionValue.count(
            limits,
            "--max-connections",
            "N",
            "Maximum number of connections; beyond it, idle ones are closed (default: 1024, or as many as the limit of"
                    + " open files allows).");
    private final OptionValue<Integer> requests = OptionValue.count(
            limits, "--max-requests", "N", "Maximum number of concurrent requests; others get 503 (default: 256).");
    private final OptionValue<Integer> rate = OptionValue.count(
            limits,
            "--rate",
            "N",
            "Maximum number of requests per second for each token; others get 429 (default: no limit).");
    private final OptionValue<Integer> backups = OptionValue.count(
            limits,
            "--max-backups",
            "N",
            "Maximum number of backups made by clients, kept next to the state file (default: 8).");
    private final OptionValue<Duration> requestTime = OptionValue.period(
            limits,
            "--request-timeout",
            "Disconnect a client that takes longer to send a request or to receive an answer (default: 8s).");
    private final OptionValue<Duration> idleTime = OptionValue.period(
            limits, "--idle-timeout", "Close a connection that has been idle this long (default: 60s).");
    private final OptionValue<Duration> stopTime = OptionValue.period(
            limits, "--stop-timeout", "When stopping, wait this long for requests in progress (default: 10s).");

    /** Returns the configuration, with item names and, if given, the model directory and event store. */
    public ServerConfig config(
            Map<String, String> names, @Nullable Path models, @Nullable Path store, MemoryPlan memory) {
        Path certificateFile = certificate.orNull();
        Path keyFile = key.orNull();
        if ((certificateFile == null) != (keyFile == null)) {
            throw wrongUsage("--tls-cert and --tls-key go together");
        }
        if (port < 0 || port > 65535) {
            throw wrongUsage("--port must be from 0 to 65535");
        }
        TlsFiles tls = certificateFile == null || keyFile == null ? null : new TlsFiles(certificateFile, keyFile);
        try {
            return new ServerConfig(
                    new Listen(host, port, allowedHosts, allowedOrigins),
                    limits(),
                    tokens(),
                    tls,
                    names,
                    List.of(),
                    new ServerFiles(models, store, backups.or(ServerFiles.DEFAULT_BACKUPS), secrets()),
                    memory);
        } catch (IllegalArgumentException e) {
            throw wrongUsage(String.valueOf(e.getMessage()));
        }
    }

    private Tokens tokens() {
        Tokens tokens = Tokens.read(tokenFile.orNull(), adminTokenFile.orNull());
        Path secret = userSecret.orNull();
        return secret == null ? tokens : tokens.withUsers(secret);
    }

    private List<Path> secrets() {
        return Stream.of(tokenFile, adminTokenFile, userSecret)
                .map(OptionValue::orNull)
                .filter(Objects::nonNull)
                .toList();
    }

    private Limits limits() {
        return DEFAULTS.with(changed -> {
            bodyKilobytes.ifGiven(kilobytes -> changed.bodyBytes(Math.multiplyExact(kilobytes, 1024)));
            batch.ifGiven(changed::batch);
            k.ifGiven(changed::k);
            connections.ifGiven(changed::connections);
            requests.ifGiven(changed::requests);
            rate.ifGiven(changed::rate);
            changed.timeouts(new Timeouts(
                    requestTime.or(DEFAULTS.timeouts().request()),
                    idleTime.or(DEFAULTS.timeouts().idle()),
                    stopTime.or(DEFAULTS.timeouts().stop())));
        });
    }

    private ParameterException wrongUsage(String message) {
        if (mixee == null) {
            throw new IllegalStateException("picocli sets the command that this is part of");
        }
        return new ParameterException(mixee.commandLine(), message);
    }
}
