package io.github.ttt4rec.cli.command;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.catalogue.ItemFile;
import io.github.ttt4rec.cli.option.TenantsFile;
import io.github.ttt4rec.cli.retrain.RetrainSchedule;
import io.github.ttt4rec.cli.retrain.Retrainer;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.io.internal.ModelSeries;
import io.github.ttt4rec.serve.Ending;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.EngineConfig;
import io.github.ttt4rec.serve.http.Limits;
import io.github.ttt4rec.serve.http.RecommendationServer;
import io.github.ttt4rec.serve.http.ServerConfig;
import io.github.ttt4rec.serve.http.ServerFiles;
import io.github.ttt4rec.serve.http.Tenant;
import io.github.ttt4rec.serve.http.Tokens;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreConfig;
import io.github.ttt4rec.terminal.ReloadSignal;
import io.github.ttt4rec.terminal.StopSignals;
import io.github.ttt4rec.terminal.Text;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** Serves several catalogues until a signal arrives. Reports a tenant that cannot be opened and serves the others. */
final class TenantServing {
    private final PrintWriter out;
    private final PrintWriter err;
    private final Path file;
    private final StoreConfig store;
    private final EngineConfig engines;
    private final Retraining retraining;

    /**
     * The server's own settings of retraining.
     *
     * @param schedule when to retrain tenants that have no schedule of their own; null for never
     * @param megabytes the heap of the training process, in MB
     */
    record Retraining(@Nullable RetrainSchedule schedule, int megabytes) {}

    /** Retrains tenants until it is closed. */
    private record Retrainers(List<Retrainer> all) implements AutoCloseable {
        @Override
        public void close() {
            all.forEach(Retrainer::close);
        }
    }

    /**
     * @param file see {@link TenantsFile}
     * @param store the configuration of each store
     * @param engines the configuration of each engine; its memory is the total of all engines
     * @param retraining the server's own settings of retraining
     */
    TenantServing(
            PrintWriter out,
            PrintWriter err,
            Path file,
            StoreConfig store,
            EngineConfig engines,
            Retraining retraining) {
        this.out = out;
        this.err = err;
        this.file = file;
        this.store = store;
        this.engines = engines;
        this.retraining = retraining;
    }

    /** Serves; {@code again} reads the server's own options again at SIGHUP. */
    void run(ServerConfig config, Again again) throws InterruptedException {
        List<TenantsFile.Entry> entries = TenantsFile.read(file);
        List<Optional<RetrainSchedule>> schedules =
                entries.stream().map(this::schedule).toList();
        RecommendationServer.check(config);
        List<Tenant> tenants = new ArrayList<>();
        CountDownLatch stop = new CountDownLatch(1);
        try {
            for (int i = 0; i < entries.size(); i++) {
                TenantsFile.Entry entry = entries.get(i);
                ServerConfig own = config(entry, config, entries.size());
                boolean series = schedules.get(i).isPresent();
                tenants.add(new Tenant(entry.name(), open(entry, own, cacheBytes(entry, entries), series), own));
            }
            if (tenants.stream().allMatch(tenant -> tenant.engine() == null)) {
                throw new UserFacingException(file + ": none of its tenants could be opened");
            }
            try (RecommendationServer server = RecommendationServer.start(tenants, config, Ending.halt());
                    ReloadSignal _ = new ReloadSignal(() -> reload(server, again));
                    StopSignals signals = new StopSignals(signal -> {
                        line("stopping: requests in progress are finished, new ones refused; a second signal kills");
                        stop.countDown();
                    })) {
                print(server, tenants, entries);
                server.warnings().forEach(this::line);
                try (Retrainers _ = retrainers(tenants, schedules)) {
                    while (!signals.stopped()) {
                        stop.await();
                    }
                }
            }
        } finally {
            tenants.stream().map(Tenant::engine).filter(Objects::nonNull).forEach(Engine::close);
        }
    }

    /** Returns when to retrain a tenant; empty for never. */
    private Optional<RetrainSchedule> schedule(TenantsFile.Entry entry) {
        if (entry.retrain() == null) {
            return Optional.ofNullable(retraining.schedule());
        }
        if (entry.retrain().equals("off")) {
            return Optional.empty();
        }
        try {
            return Optional.of(new RetrainSchedule.Converter().convert(entry.retrain()));
        } catch (TypeConversionException wrong) {
            throw new UserFacingException(
                    file + ": tenant " + entry.name() + ", retrain: " + wrong.getMessage() + ", or off", wrong);
        }
    }

    /** Starts to retrain the tenants that are served and have a schedule. */
    private Retrainers retrainers(List<Tenant> tenants, List<Optional<RetrainSchedule>> schedules) {
        List<Retrainer> retrainers = new ArrayList<>();
        for (int i = 0; i < tenants.size(); i++) {
            Tenant tenant = tenants.get(i);
            Engine engine = tenant.engine();
            RetrainSchedule schedule = schedules.get(i).orElse(null);
            Path models = tenant.config().files().models();
            Path state = tenant.config().files().store();
            if (engine != null && schedule != null && models != null && state != null) {
                RetrainSchedule.Job job = new RetrainSchedule.Job(schedule, models, state, retraining.megabytes());
                retrainers.add(Retrainer.start(job, engine, text -> line("tenant " + tenant.name() + ": " + text)));
            }
        }
        return new Retrainers(retrainers);
    }

    /**
     * Returns the directory that contains the served model; null if the model is at the root of a file system. If the
     * tenant's directory cannot be read, it is the one beside that directory: such a tenant is not served.
     */
    private static @Nullable Path models(TenantsFile.Entry entry) {
        Path directory = entry.model();
        try {
            directory = ModelSeries.resolve(directory);
        } catch (UserFacingException unreadable) {
            // Opening the tenant reports it.
        }
        return directory.toAbsolutePath().normalize().getParent();
    }

    /** Reloads the server's own options. */
    @FunctionalInterface
    interface Again {
        ServerConfig read();
    }

    private void reload(RecommendationServer server, Again again) {
        try {
            ServerConfig config = again.read();
            List<TenantsFile.Entry> entries = TenantsFile.read(file);
            List<ServerConfig> own = entries.stream()
                    .map(entry -> config(entry, config, entries.size()))
                    .toList();
            server.reload(config);
            for (int i = 0; i < own.size(); i++) {
                server.reload(entries.get(i).name(), own.get(i));
            }
            line("limits and tokens were read again");
        } catch (UserFacingException | ParameterException e) {
            line("nothing was changed: " + e.getMessage());
        }
    }

    /**
     * Returns the memory for users' states: the setting in the file, or an equal share of the rest of {@code
     * --cache-mb}.
     */
    private long cacheBytes(TenantsFile.Entry entry, List<TenantsFile.Entry> all) {
        long given = all.stream()
                .mapToLong(each -> (long) each.number("cache_mb", 0) << 20)
                .sum();
        if (given > engines.cacheBytes()) {
            throw new UserFacingException(file + ": the tenants' cache_mb make " + (given >> 20)
                    + ", and --cache-mb is " + (engines.cacheBytes() >> 20) + " for all of them");
        }
        long others =
                all.stream().filter(each -> each.number("cache_mb", 0) == 0).count();
        int own = entry.number("cache_mb", 0);
        return own > 0 ? (long) own << 20 : (engines.cacheBytes() - given) / others;
    }

    private static ServerConfig config(TenantsFile.Entry entry, ServerConfig server, int tenants) {
        Limits all = server.limits();
        Limits limits = all.with(tenant -> tenant.k(entry.number("max_k", all.k()))
                .requests(entry.number("max_requests", Math.max(1, all.requests() / tenants)))
                .rate(entry.number("rate", all.rate())));
        List<Path> secrets = Stream.of(entry.tokens(), entry.admins())
                .filter(Objects::nonNull)
                .toList();
        return server.withLimits(limits)
                .withTokens(Tokens.read(entry.tokens(), entry.admins()))
                .withFiles(new ServerFiles(
                        models(entry), entry.state(), server.files().maxBackups(), secrets))
                .withMemory(server.memory().ofTenant());
    }

    /**
     * Opens the engine of a tenant; null if it cannot be opened.
     *
     * @param series whether its models must be a series, because it is retrained
     */
    private @Nullable Engine open(TenantsFile.Entry entry, ServerConfig config, long cacheBytes, boolean series) {
        try {
            Path directory = series ? ModelSeries.resolveServed(entry.model()) : ModelSeries.resolve(entry.model());
            Path models = config.files().models();
            if (series && models != null && !Files.exists(models.resolve(ModelSeries.SERVED))) {
                ModelSeries.open(models).close();
            }
            config.memory().use(directory);
            EngineConfig own = new EngineConfig(
                    engines.policy(),
                    cacheBytes,
                    engines.qualityRate(),
                    engines.updates(),
                    entry.types() == null ? null : EventRoles.parse(entry.types()));
            Engine engine = Engine.open(TrainedModel.load(directory), EventStore.open(entry.state(), store), own);
            engine.notes().forEach(note -> line("tenant " + entry.name() + ": " + note));
            if (entry.items() != null) {
                engine.putChangedItems(ItemFile.read(entry.items()));
            }
            return engine;
        } catch (UserFacingException e) {
            line("tenant " + entry.name() + " is not served: " + e.getMessage());
            return null;
        }
    }

    private void print(RecommendationServer server, List<Tenant> tenants, List<TenantsFile.Entry> entries) {
        out.println("Serving at " + server.uri());
        for (int i = 0; i < tenants.size(); i++) {
            Engine engine = tenants.get(i).engine();
            out.println(
                    engine == null
                            ? "  /t/" + tenants.get(i).name() + "/  not served"
                            : Text.format(
                                    "  /t/%s/  %s, %,d items, version %s; %s: %,d events of %,d users; %s",
                                    tenants.get(i).name(),
                                    engine.model().type(),
                                    engine.model().items(),
                                    engine.model().version(),
                                    entries.get(i).state(),
                                    engine.statistics().events(),
                                    engine.statistics().users(),
                                    entries.get(i).tokens() == null ? "without tokens" : "with a token"));
        }
        out.println("Ctrl-C stops it.");
        out.flush();
    }

    private void line(String text) {
        err.println("ttt4rec: " + text);
        err.flush();
    }
}
