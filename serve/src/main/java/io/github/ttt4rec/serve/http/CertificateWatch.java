package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.UserFacingException;
import io.helidon.common.tls.Tls;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/** Reloads the certificate and its key when the files change, and reports how long it is valid. */
final class CertificateWatch {
    private static final System.Logger LOG = System.getLogger(CertificateWatch.class.getName());
    private static final Duration SOON = Duration.ofDays(14);

    private final TlsFiles files;
    private final Consumer<Tls> reload;
    private final InstantSource clock;
    private volatile TlsFiles.Loaded loaded;
    private boolean failing;

    /** Creates the watch; {@code reload} passes a new certificate to the listener. */
    CertificateWatch(TlsFiles files, TlsFiles.Loaded loaded, Consumer<Tls> reload, InstantSource clock) {
        this.files = files;
        this.loaded = loaded;
        this.reload = reload;
        this.clock = clock;
    }

    /** Loads the files if they have changed. If they cannot be used, the current certificate stays. */
    void look() {
        try {
            if (!files.times().equals(loaded.times())) {
                TlsFiles.Loaded next = files.load();
                reload.accept(next.tls());
                loaded = next;
                LOG.log(Level.INFO, "another certificate is in use, valid until " + next.until());
                warning().ifPresent(line -> LOG.log(Level.WARNING, line));
            }
            failing = false;
        } catch (UserFacingException e) {
            if (!failing) { // logged once, not at every check
                LOG.log(Level.ERROR, "the certificate in use stays: " + e.getMessage());
            }
            failing = true;
        }
    }

    /** Returns the days until the certificate expires; negative after that. */
    double daysLeft() {
        return Duration.between(clock.instant(), loaded.until()).toMillis() / 86_400_000.0;
    }

    /** Returns a line for the operator if clients refuse the certificate or soon will. */
    Optional<String> warning() {
        Instant now = clock.instant();
        if (now.isBefore(loaded.from())) {
            return Optional.of("the certificate is not valid before " + loaded.from() + ": clients refuse it");
        }
        if (now.isAfter(loaded.until())) {
            return Optional.of("the certificate has been invalid since " + loaded.until() + ": clients refuse it");
        }
        return now.plus(SOON).isAfter(loaded.until())
                ? Optional.of("the certificate is valid until " + loaded.until() + " only")
                : Optional.empty();
    }
}
