package io.github.ttt4rec.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends requests at a constant rate. Each is due at a fixed time from which its latency counts, so that a pause of the
 * server affects all requests that were due meanwhile, as it would affect real users. Any free connection takes the
 * next request; if none is free, the request is sent late.
 */
final class OpenLoop {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final long MAX_PARK = Duration.ofMillis(100).toNanos();
    private static final int MAX_EXAMPLE = 200;

    private final LoadConfig config;
    private final Requests requests;
    private final Tally tally;
    private final BooleanSupplier stopped;
    private final long first;
    private final long count;
    private final long duration;
    private final AtomicLong next = new AtomicLong();
    private volatile long start;

    /**
     * Creates a run of {@code requests} from number {@code first} on for {@code duration}; ends early once {@code
     * stopped}.
     */
    OpenLoop(
            LoadConfig config, Requests requests, long first, Duration duration, Tally tally, BooleanSupplier stopped) {
        this.config = config;
        this.requests = requests;
        this.first = first;
        this.duration = duration.toNanos();
        this.count = (long) (config.rate() * this.duration / 1e9);
        this.tally = tally;
        this.stopped = stopped;
    }

    /** Returns the total number of requests. */
    long count() {
        return count;
    }

    /** Runs to the end and calls {@code tick} about every second with the seconds since the start. */
    void run(DoubleConsumer tick) throws InterruptedException {
        // Starts a moment later, when all threads are ready.
        start = System.nanoTime() + Duration.ofMillis(50).toNanos();
        Workers.run(config.connections(), this::work, () -> tick.accept((System.nanoTime() - start) / 1e9));
    }

    /** Returns the seconds during which requests were sent: the duration, or less if the run was stopped. */
    double seconds() {
        return (stopped.getAsBoolean() ? Math.clamp(System.nanoTime() - start, 1, duration) : duration) / 1e9;
    }

    /** Returns the number of requests that are due within a time. */
    long due(double seconds) {
        return Math.min(count, (long) Math.ceil(seconds * config.rate()));
    }

    private void work(BooleanSupplier broken) {
        BooleanSupplier end = () -> stopped.getAsBoolean() || broken.getAsBoolean();
        try (PatientClient client = new PatientClient(config.target(), config.timeout(), end, tally::retried)) {
            for (long n = next.getAndIncrement(); n < count; n = next.getAndIncrement()) {
                Requests.Request request = requests.at(first + n);
                long due = start + (long) (n * 1e9 / config.rate());
                if (!await(due, end)) {
                    return;
                }
                long late = System.nanoTime() - due;
                if (late > config.timeout().toNanos()) {
                    tally.failed(
                            "not sent",
                            "no connection was free within " + config.timeout().toMillis() + " ms");
                    continue;
                }
                tally.sent(late);
                send(client, request, due);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until a time; returns false if the run ends before. */
    private static boolean await(long due, BooleanSupplier end) {
        while (!end.getAsBoolean()) {
            long wait = due - System.nanoTime();
            if (wait <= 0) {
                return true;
            }
            LockSupport.parkNanos(Math.min(wait, MAX_PARK));
        }
        return false;
    }

    private void send(PatientClient client, Requests.Request request, long due) {
        HttpReply reply;
        try {
            reply = client.send(request.bytes());
        } catch (SocketTimeoutException e) {
            tally.failed("timed out", "no answer within " + config.timeout().toMillis() + " ms");
            return;
        } catch (IOException e) {
            tally.failed("no answer", String.valueOf(e.getMessage()));
            return;
        }
        long now = System.nanoTime();
        if (now - start <= duration) {
            tally.answeredInTime();
        }
        if (reply.status() != 200) {
            tally.failed("status " + reply.status(), shortened(reply.body()));
        } else if (isWhatWasAskedFor(request.kind(), reply.body())) {
            tally.answered(request.kind(), now - due);
        } else {
            tally.failed("unexpected answer", shortened(reply.body()));
        }
    }

    private boolean isWhatWasAskedFor(RequestKind kind, String text) {
        JsonNode body;
        try {
            body = JSON.readTree(text);
        } catch (JacksonException e) {
            return false;
        }
        return switch (kind) {
            case EVENT -> {
                String status = body.path("results").path(0).path("status").asString("");
                if (status.equals("duplicate")) {
                    tally.duplicate();
                }
                yield status.equals("accepted") || status.equals("duplicate");
            }
            case RECOMMENDATION -> {
                if (body.path("basis").asString("").equals("popularity")) {
                    tally.cold();
                }
                yield !body.path("items").isEmpty();
            }
        };
    }

    private static String shortened(String text) {
        return text.substring(0, Math.min(MAX_EXAMPLE, text.length()));
    }
}
