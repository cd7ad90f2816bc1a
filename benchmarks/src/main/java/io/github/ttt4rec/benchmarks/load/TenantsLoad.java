package io.github.ttt4rec.benchmarks.load;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.benchmarks.chaos.Client;
import io.github.ttt4rec.benchmarks.chaos.ServerProcess;
import io.github.ttt4rec.benchmarks.models.SyntheticShop;
import io.github.ttt4rec.internal.AtomicFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Serves a synthetic shop to several tenants of one server, each with its own copy of the model, its own store, items,
 * scenarios and users, and loads all of them at once.
 *
 * @param launcher the command that starts ttt4rec
 * @param shop the shop; its files must be written
 * @param tenants the number of tenants
 * @param lists the requests for lists a second, for all tenants together
 * @param events the events a second, for all tenants together
 * @param users the number of users of each tenant
 * @param warmup the duration of the load before the measurement
 * @param duration the duration of the measurement
 */
public record TenantsLoad(
        List<String> launcher,
        SyntheticShop shop,
        int tenants,
        double lists,
        double events,
        int users,
        Duration warmup,
        Duration duration) {
    private static final int HEAP_MEGABYTES = 3072;
    private static final int CACHE_MEGABYTES = 384;
    private static final int PRELOAD = 10;
    private static final int CONNECTIONS = 66;
    private static final int K = 10;
    private static final long SEED = 1;
    private static final Duration START = Duration.ofMinutes(10);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /**
     * The result.
     *
     * @param tenants the result of each tenant, in order
     * @param serverCores the processor time of the server in the warm-up and the measurement, divided by their duration
     * @param liveHeapBytes the server's heap in use after its last collection of old objects; null before the first one
     */
    public record Result(
            List<LoadResult> tenants,
            double serverCores,
            @Nullable Long liveHeapBytes) {
        public Result {
            tenants = List.copyOf(tenants);
        }
    }

    /** Starts the server, stores the scenarios, gives every user some events, warms up, and measures. */
    public Result run() throws InterruptedException {
        Path directory = shop.directory();
        try (ServerProcess server =
                ServerProcess.ofTenants(launcher, tenantsFile(), directory.resolve("server.log"), START)) {
            try (Client client = new Client(server.uri("http"))) {
                ServerProcess.Way way = ServerProcess.Way.USUAL
                        .withHeap(HEAP_MEGABYTES)
                        .withOptions("--cache-mb", String.valueOf(CACHE_MEGABYTES));
                if (!server.start(client, way)) {
                    throw new UserFacingException("the server did not start: " + server.lastWords());
                }
                putScenarios(client);
                Duration first = Duration.ofSeconds(1);
                loadAll(server, tenant -> config(server, tenant, first, Duration.ZERO, PRELOAD));
                double before = server.processorSeconds();
                List<LoadResult> results = loadAll(server, tenant -> config(server, tenant, duration, warmup, 0));
                double seconds = (warmup.toMillis() + duration.toMillis()) / 1e3;
                Result result = new Result(
                        results,
                        (server.processorSeconds() - before) / seconds,
                        ServerMemory.parse(client.get("/metrics").body()).liveHeapBytes());
                server.stop();
                return result;
            }
        }
    }

    private static String name(int tenant) {
        return "shop-" + (tenant + 1);
    }

    private Path tenantsFile() {
        Path file = shop.directory().resolve("tenants.yaml");
        AtomicFiles.writeText(file, writer -> {
            writer.write("tenants:\n");
            for (int tenant = 0; tenant < tenants; tenant++) {
                // All three read the same files, but each has its own copy in memory.
                writer.write("  - {name: " + name(tenant) + ", model: model, items: items.jsonl, state: " + name(tenant)
                        + ".db}\n");
            }
        });
        return file;
    }

    private void putScenarios(Client client) {
        for (int tenant = 0; tenant < tenants; tenant++) {
            for (int n = 1; n <= SyntheticShop.SCENARIOS; n++) {
                String path = "/t/" + name(tenant) + "/v1/scenarios/" + SyntheticShop.name(n);
                Client.Answer answer = client.put(path, read(shop.scenario(n)));
                if (answer.status() != 200) {
                    throw new UserFacingException(path + " was answered " + answer.status() + ": " + answer.body());
                }
            }
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private LoadConfig config(ServerProcess server, int tenant, Duration duration, Duration warmup, int preload) {
        double all = lists + events;
        return new LoadConfig(
                LoadTarget.parse(server.uri("http") + "t/" + name(tenant)),
                null,
                all / tenants,
                duration,
                warmup,
                users,
                0,
                events / all,
                K,
                true,
                preload,
                Math.max(1, CONNECTIONS / tenants),
                TIMEOUT,
                duration,
                SEED + tenant,
                shop.queries());
    }

    /** Loads all tenants at the same time. */
    private List<LoadResult> loadAll(ServerProcess server, IntFunction<LoadConfig> configs)
            throws InterruptedException {
        List<Future<LoadResult>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(tenants)) {
            for (int tenant = 0; tenant < tenants; tenant++) {
                LoadConfig config = configs.apply(tenant);
                running.add(threads.submit(() -> new LoadGenerator(config, new Silence()).run()));
            }
        }
        List<LoadResult> results = new ArrayList<>();
        for (Future<LoadResult> each : running) {
            try {
                results.add(each.get());
            } catch (ExecutionException e) {
                if (e.getCause() instanceof UserFacingException failure) {
                    throw failure;
                }
                throw new IllegalStateException(
                        "the load failed; the server's last lines: " + server.lastWords(), e.getCause());
            }
        }
        return results;
    }
}
