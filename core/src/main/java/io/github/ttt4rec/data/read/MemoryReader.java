package io.github.ttt4rec.data.read;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.EpochUnit;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.data.Interaction;
import io.github.ttt4rec.internal.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Adds a program's own events to a log, with the same rules for ids as for files. */
final class MemoryReader {
    private final InteractionLog log;
    private final MessageDigest digest = Sha256.newDigest();
    private final IdBuffer user = new IdBuffer(true);
    private final IdBuffer item = new IdBuffer(true);
    private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
    private final TimeParser times;
    private final @Nullable TypeRules rules;
    private boolean timed;
    private long count;

    /** A reader that appends the events that {@code rules} keep to {@code log}; all events if {@code rules} is null. */
    public MemoryReader(InteractionLog log, @Nullable TypeRules rules) {
        this.log = log;
        this.rules = rules;
        times = new TimeParser(EpochUnit.AUTO, null, log.times());
    }

    /**
     * Appends an event.
     *
     * @throws UserFacingException if an id is empty or not valid text, if only some events have times, or if an event
     *     matches no rule; the message gives the event's number
     */
    public void add(Interaction event) {
        count++;
        if (rules != null) {
            String problem = rules.decide(event.type(), event.value());
            if (problem != null) {
                throw wrong(problem);
            }
            if (!rules.isKept()) {
                return;
            }
            log.kind(rules.roles(), rules.kind());
        }
        check("user", user.set(event.user()));
        check("item", item.set(event.item()));
        Instant time = event.time();
        if (log.size() > 0 && timed != (time != null)) {
            throw wrong("it has "
                    + (timed
                            ? "no time, but those before it have; give all events a time or none"
                            : "a time, but those before it have none; give all events a time or none"));
        }
        timed = time != null;
        long at = time == null ? log.size() : micros(time);
        hash(user);
        hash(item);
        if (rules != null) {
            digest.update((byte) rules.kind());
        }
        digest.update(number.clear().putLong(at).flip());
        if (time == null) {
            log.add(user, item, at);
            return;
        }
        int nanos = time.get(ChronoField.NANO_OF_SECOND) % 1000;
        if (nanos != 0) {
            digest.update(number.clear().putLong(nanos).flip());
        }
        String problem = times.acceptMicros(at, nanos);
        if (problem != null) {
            throw wrong(problem);
        }
        log.add(user, item, times.value());
    }

    private long micros(Instant time) {
        try {
            return EventTime.micros(time);
        } catch (ArithmeticException e) {
            throw new UserFacingException("event " + count + ": the time " + time + " is out of range", e);
        }
    }

    private void hash(IdBuffer id) {
        digest.update(number.clear().putLong(id.length()).flip());
        digest.update(id.bytes(), 0, id.length());
    }

    private void check(String role, @Nullable String problem) {
        if (problem != null) {
            throw wrong("as " + role + ", " + problem);
        }
    }

    private UserFacingException wrong(String problem) {
        return new UserFacingException("event " + count + ": " + problem);
    }

    /** The conversion of the added times to those of a data set. */
    public TimeScale scale() {
        return timed ? times.scale() : TimeScale.order();
    }

    /** The number of events seen, including those that were not kept. */
    long count() {
        return count;
    }

    /** The SHA-256 of the added events, in hex. */
    public String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
