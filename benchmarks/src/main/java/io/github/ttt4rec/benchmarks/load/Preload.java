package io.github.ttt4rec.benchmarks.load;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Appends some events for every user, as fast as the server accepts them. */
final class Preload {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** More connections would only queue in a server with few cores. */
    private static final int MAX_CONNECTIONS = 4;

    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final LoadConfig config;
    private final Requests requests;
    private final BooleanSupplier stopped;
    private final AtomicInteger next = new AtomicInteger();
    private final LongAdder added = new LongAdder();

    Preload(LoadConfig config, Requests requests, BooleanSupplier stopped) {
        this.config = config;
        this.requests = requests;
        this.stopped = stopped;
    }

    /** Appends the events and returns the number of those that the server did not have yet. */
    long run() throws InterruptedException {
        Workers.run(Math.min(MAX_CONNECTIONS, config.connections()), this::work, () -> {});
        return added.sum();
    }

    private void work(BooleanSupplier broken) {
        BooleanSupplier end = () -> stopped.getAsBoolean() || broken.getAsBoolean();
        try (PatientClient client = new PatientClient(config.target(), TIMEOUT, end, () -> {})) {
            int all = requests.preloads();
            for (int n = next.getAndIncrement(); n < all && !end.getAsBoolean(); n = next.getAndIncrement()) {
                send(client, n);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void send(PatientClient client, int n) {
        HttpReply reply;
        try {
            reply = client.send(requests.preload(n));
        } catch (IOException e) {
            throw new UserFacingException(config.target() + ": no answer to the first events: " + e.getMessage(), e);
        }
        if (reply.status() != 200) {
            throw new UserFacingException(
                    config.target() + ": the first events were answered " + reply.status() + ": " + reply.body());
        }
        for (JsonNode each : JSON.readTree(reply.body()).path("results")) {
            String status = each.path("status").asString("");
            if (status.equals("accepted")) {
                added.increment();
            } else if (!status.equals("duplicate")) {
                throw new UserFacingException(config.target() + ": one of the first events was not taken: " + each);
            }
        }
    }
}
