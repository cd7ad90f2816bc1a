package io.github.ttt4rec.serve.http;

import java.lang.System.Logger.Level;
import java.time.Duration;

/**
 * Checks every few seconds whether the store of a tenant can be written. A failing store makes only its own tenant
 * unready; the process serves the others.
 */
final class TenantWatch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(TenantWatch.class.getName());
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String tenant;
    private final StoreProbe store;
    private final ServerState state;
    private final Thread thread;
    private boolean failing;

    /** Starts the checks. */
    TenantWatch(String tenant, Runnable probe, ServerState state) {
        this.tenant = tenant;
        this.store = new StoreProbe(probe);
        this.state = state;
        thread = Thread.ofVirtual().name("ttt4rec-tenant-" + tenant).start(this::watch);
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(EVERY);
                look();
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() throws InterruptedException {
        StoreProbe.Finding finding = store.look(PATIENCE);
        state.found(ServerState.Part.STORE, finding.trouble());
        boolean fails = finding.trouble() != null;
        if (fails != failing) {
            LOG.log(
                    Level.WARNING,
                    "tenant " + tenant + ": "
                            + (fails ? finding.trouble() + ": " + finding.reason() : "the event store works again"));
        }
        failing = fails;
    }

    @Override
    public void close() {
        thread.interrupt();
        store.close();
    }
}
