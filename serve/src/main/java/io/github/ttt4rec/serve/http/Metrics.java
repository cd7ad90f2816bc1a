package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.internal.Version;
import io.github.ttt4rec.live.QualityLog;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.EngineStatistics;
import io.github.ttt4rec.serve.engine.ExperimentView;
import io.github.ttt4rec.serve.engine.ModelInfo;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The server's metrics in the Prometheus format. */
final class Metrics implements AutoCloseable {
    private static final String FORMAT = "text/plain; version=0.0.4; charset=utf-8";
    private static final Duration[] BUCKETS = {
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5)
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<Key, Timer> timers = new ConcurrentHashMap<>();
    private final JvmGcMetrics garbageCollection = new JvmGcMetrics();
    private final Counter limited;
    private final Counter saturated;
    private final MultiGauge model;
    private final MultiGauge experimentNdcg;
    private final MultiGauge experimentEvents;
    private final @Nullable Engine engine;
    private final @Nullable RetrainingMetrics retraining;
    /** Taken once per scrape, so that its figures are consistent. */
    private volatile @Nullable EngineStatistics statistics;

    private record Key(String method, String route, int statusClass) {}

    /**
     * Creates the metrics of a server.
     *
     * @param models the directory whose retrainings are reported; null for none
     */
    Metrics(Engine engine, Connections connections, ServerState state, @Nullable Path models) {
        this(engine, state, models, null);
        ofServer(connections);
    }

    /** Metrics of a server with tenants that belong to none of them. */
    static Metrics ofTenants(Connections connections, ServerState state) {
        Metrics metrics = new Metrics(null, state, null, null);
        metrics.ofServer(connections);
        return metrics;
    }

    /** Metrics of one tenant, each with the label {@code tenant}. */
    static Metrics ofTenant(String tenant, Engine engine, ServerState state) {
        return new Metrics(engine, state, null, tenant);
    }

    private Metrics(@Nullable Engine engine, ServerState state, @Nullable Path models, @Nullable String tenant) {
        this.engine = engine;
        if (tenant != null) {
            registry.config().commonTags("tenant", tenant);
        }
        retraining = models == null ? null : RetrainingMetrics.in(registry, models);
        this.statistics = engine == null ? null : engine.statistics();
        this.limited = Counter.builder("ttt4rec.http.rate.limited")
                .description("Requests refused with 429")
                .register(registry);
        this.saturated = Counter.builder("ttt4rec.http.saturated")
                .description("Requests refused with 503 because too many were in progress")
                .register(registry);
        this.model = MultiGauge.builder("ttt4rec.model")
                .description("The current model: always 1, with the model in the labels")
                .register(registry);
        this.experimentNdcg = MultiGauge.builder("ttt4rec.experiment.ndcg")
                .description("NDCG@10 of an experiment's arm, each event ranked just before it was stored")
                .register(registry);
        this.experimentEvents = MultiGauge.builder("ttt4rec.experiment.events")
                .description("Ranked events of an experiment's arm")
                .register(registry);
        Gauge.builder("ttt4rec.ready", state, now -> now.unready().isEmpty() ? 1 : 0)
                .description("1 if the server is ready for requests; GET /health gives the reason if not")
                .register(registry);
        Gauge.builder("ttt4rec.http.requests.under.way", state, ServerState::underWay)
                .description("Requests under way")
                .register(registry);
        if (engine != null) {
            Gauge.builder("ttt4rec.model.items", () -> engine.model().items())
                    .description("Items in the model's catalogue")
                    .register(registry);
            ofEngine(engine);
        }
    }

    private void ofServer(Connections connections) {
        Gauge.builder("ttt4rec.http.connections", connections, Connections::count)
                .description("Connections open")
                .register(registry);
        FunctionCounter.builder("ttt4rec.http.connections.cut", connections, Connections::cut)
                .description("Connections cut because the client was too slow")
                .register(registry);
        Gauge.builder("ttt4rec.http.connections.limit", connections, Connections::limit)
                .description("Maximum number of connections: the limit, or fewer if descriptors are short")
                .register(registry);
        FunctionCounter.builder("ttt4rec.http.connections.shed", connections, Connections::shed)
                .description("Idle or unfinished connections closed in favour of others")
                .register(registry);
        FunctionCounter.builder("ttt4rec.http.connections.refused", connections, Connections::refused)
                .description("New connections closed because all others were in use")
                .register(registry);
        ofJvm();
    }

    private void ofEngine(Engine engine) {
        for (QualityLog.Method method : QualityLog.Method.values()) {
            Gauge.builder(
                            "ttt4rec.quality.ndcg",
                            () -> engine.quality()
                                    .log()
                                    .figures(method, QualityLog.Group.ALL, QualityLog.CAPACITY)
                                    .ndcg())
                    .description("NDCG@10 of the last sampled events, each ranked just before it was stored")
                    .tags("method", method.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        Gauge.builder("ttt4rec.quality.dropped", engine, e -> e.quality().dropped() ? 1 : 0)
                .description("1 while the last sampled events are ranked significantly worse than those before")
                .register(registry);
        FunctionCounter.builder(
                        "ttt4rec.quality.events", engine, e -> e.quality().log().added())
                .description("Events ranked to measure quality")
                .register(registry);
        gauge("users", "Users in the store", EngineStatistics::users);
        gauge("events", "Events in the store", EngineStatistics::events);
        Gauge.builder("ttt4rec.users.damaged", engine, Engine::damagedUsers)
                .description("Users whose stored events are damaged; only these users are not served")
                .register(registry);
        Gauge.builder("ttt4rec.users.held.back", engine, Engine::heldBack)
                .description(
                        "Idle users kept because they exceed the number that one round may forget; check the clock")
                .register(registry);
        Gauge.builder("ttt4rec.store.erasing", engine, now -> now.erasing() ? 1 : 0)
                .description("1 while deleted data may still be in the store's log")
                .register(registry);
        counter("events.accepted", "Events accepted", EngineStatistics::accepted);
        counter("events.duplicate", "Events that were already stored", EngineStatistics::duplicates);
        gauge("cache.users", "Users whose last vector is in memory", EngineStatistics::cachedUsers);
        gauge("cache.states", "Users whose fast weights are in memory", EngineStatistics::cachedStates);
        gauge("cache.bytes", "Memory used by users' states", EngineStatistics::cacheBytes);
        gauge("cache.limit.bytes", "Memory limit of users' states", EngineStatistics::cacheLimitBytes);
        counter("cache.hits", "Reads served from memory", EngineStatistics::hits);
        counter("cache.misses", "Reads that needed the store", EngineStatistics::misses);
        counter("cache.evictions", "States evicted for lack of memory", EngineStatistics::evictions);
        counter("replays", "States rebuilt from events", EngineStatistics::replays);
        counter("replayed.events", "Events replayed to rebuild states", EngineStatistics::replayedEvents);
        counter("users.forgotten", "Users forgotten because they were idle", EngineStatistics::forgottenIdle);
        counter("impressions.shown", "Items shown to users", EngineStatistics::shown);
        counter("impressions.taken", "Shown items that were taken within a day", EngineStatistics::taken);
        counter("store.commits", "Transactions of the store", EngineStatistics::commits);
        counter("store.commit.seconds", "Time in commits, waiting for the disk included", s -> s.commitNanos() / 1e9);
        gauge("store.bytes", "Size of the store's file and its log", EngineStatistics::storeBytes);
    }

    /** Adds metrics of the certificate. */
    void of(CertificateWatch certificate) {
        Gauge.builder("ttt4rec.tls.certificate.days.left", certificate, CertificateWatch::daysLeft)
                .description("Days until the certificate expires; negative after that")
                .register(registry);
    }

    private void gauge(String name, String description, ToDoubleFunction<EngineStatistics> value) {
        Gauge.builder("ttt4rec." + name, () -> figure(value))
                .description(description)
                .register(registry);
    }

    private double figure(ToDoubleFunction<EngineStatistics> value) {
        EngineStatistics now = statistics;
        return now == null ? 0 : value.applyAsDouble(now);
    }

    private void counter(String name, String description, ToDoubleFunction<EngineStatistics> value) {
        FunctionCounter.builder("ttt4rec." + name, this, self -> self.figure(value))
                .description(description)
                .register(registry);
    }

    private void ofJvm() {
        new JvmMemoryMetrics().bindTo(registry);
        garbageCollection.bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
    }

    /** Counts a request and its duration. */
    void request(String method, String route, int status, long nanos) {
        timers.computeIfAbsent(new Key(method, route, status / 100), this::timer)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Key key) {
        return Timer.builder("ttt4rec.http.requests")
                .description("Requests, from their headers' arrival until the answer is sent")
                .tags("method", key.method, "route", key.route, "status", key.statusClass + "xx")
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    /** Counts a request refused because of its token's rate limit. */
    void limited() {
        limited.increment();
    }

    /** Counts a request refused because too many were in progress. */
    void saturated() {
        saturated.increment();
    }

    private static List<MultiGauge.Row<?>> arms(
            @Nullable ExperimentView experiment, ToDoubleFunction<ExperimentView.Arm> value) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        if (experiment != null) {
            for (ExperimentView.Arm arm : experiment.arms()) {
                Tags tags = Tags.of(
                        "experiment",
                        experiment.experiment().name(),
                        "arm",
                        arm.definition().name());
                rows.add(MultiGauge.Row.of(tags, value.applyAsDouble(arm)));
            }
        }
        return rows;
    }

    Response show(Call call) {
        if (retraining != null) {
            retraining.read();
        }
        if (engine != null) {
            statistics = engine.statistics();
            ExperimentView experiment = engine.experiment();
            experimentNdcg.register(arms(experiment, ExperimentView.Arm::ndcg), true);
            experimentEvents.register(arms(experiment, ExperimentView.Arm::events), true);
            register(engine.model());
        }
        return Response.text(FORMAT, registry.scrape());
    }

    private void register(ModelInfo info) {
        model.register(
                List.of(MultiGauge.Row.of(
                        Tags.of(
                                "version",
                                info.version(),
                                "type",
                                info.type(),
                                "policy",
                                info.policy().name(),
                                "server",
                                Version.current()),
                        1)),
                true);
    }

    @Override
    public void close() {
        garbageCollection.close();
        registry.close();
    }
}
