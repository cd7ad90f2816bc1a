package io.github.ttt4rec.cli.retrain;

import io.github.ttt4rec.cli.option.StoredLog;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.data.Interaction;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.read.Datasets;
import io.github.ttt4rec.internal.NothingLeftException;
import io.github.ttt4rec.serve.store.LoggedEvent;
import io.github.ttt4rec.serve.store.StoreLog;
import io.github.ttt4rec.serve.store.Twins;
import io.github.ttt4rec.terminal.Text;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The events to train on, and a reason for suspicion about the new ones.
 *
 * @param dataset all events to use, after the filters of the served model's configuration
 * @param newEvents the events since the served model was fitted, without those beyond the cap
 * @param notes one line for each reason for which events were left out
 * @param suspicion why the new events should not be used for training; null if there is no reason
 */
record StoredEvents(
        Dataset dataset,
        long newEvents,
        List<String> notes,
        @Nullable String suspicion) {
    /** The time by which events may be ahead of the clock before they count as wrong. */
    static final Duration AHEAD = Duration.ofDays(1);

    private static final double DOMINANT = 0.5;
    private static final double DOMINANT_BEFORE = 0.1;
    private static final double BACKWARDS = 0.2;

    /**
     * The events to read.
     *
     * @param state the server's store
     * @param older a log of events from before the store; null if the store has all events. Events in both count once
     * @param since the time of the last event that the served model has seen
     * @param now the current time; events more than a day later are left out, because their clock was wrong
     * @param cap the maximum number of new events of one user to use; the first ones are used
     * @param roles the roles of events by type; null if all are predicted
     */
    record Request(
            Path state,
            @Nullable Dataset older,
            Instant since,
            Instant now,
            int cap,
            @Nullable EventRoles roles) {
        /** Returns whether to read an event. An event that matches no rule is read, so that the reader refuses it. */
        boolean reads(LoggedEvent event) {
            EventRoles.Rule rule = roles == null
                    ? null
                    : roles.of(event.type().name(), event.type().value());
            return rule == null || rule.role().isRead();
        }
    }

    /** Events as they were stored, before the filters. */
    static final class Raw {
        private final Request request;
        private final List<Interaction> events;
        private final Counting counting;
        private final long backwards;

        private Raw(Request request, List<Interaction> events, Counting counting, long backwards) {
            this.request = request;
            this.events = events;
            this.counting = counting;
            this.backwards = backwards;
        }

        /** The number of events since the served model was fitted, without those beyond the cap. */
        long newEvents() {
            return counting.fresh;
        }

        /** One line for each reason for which events were left out. */
        List<String> notes() {
            return counting.notes();
        }

        /** The number of events. */
        int size() {
            return events.size();
        }

        /** Applies filters; throws {@link NothingLeftException} if they leave no event. */
        StoredEvents prepare(PrepareOptions prepare) {
            return new StoredEvents(
                    Datasets.of(events, prepare, request.roles()),
                    counting.fresh,
                    counting.notes(),
                    counting.suspicion(backwards));
        }
    }

    /** Reads the events. */
    static Raw read(Request request) {
        Counting counting = new Counting(request);
        List<Interaction> events = new ArrayList<>();
        long backwards;
        try (StoreLog log = StoreLog.open(request.state())) {
            Twins stored = new Twins();
            for (LoggedEvent event : log) {
                if (request.older() != null) {
                    stored.add(event.user(), event.item(), EventTime.micros(event.time()));
                }
                if (request.reads(event) && counting.counts(event)) {
                    events.add(StoredLog.interaction(event));
                }
            }
            if (request.older() != null) {
                older(request.older(), stored, events);
            }
            backwards = log.backwards(request.since());
        }
        return new Raw(request, events, counting, backwards);
    }

    private static void older(Dataset log, Twins stored, List<Interaction> events) {
        List<Interaction> before = new ArrayList<>();
        for (int user = 0; user < log.userCount(); user++) {
            String id = log.users().name(user + 1);
            for (int position = 0; position < log.length(user); position++) {
                String item = log.items().name(log.item(user, position));
                long time = log.times()[log.start(user) + position];
                if (!stored.take(id, item, time)) {
                    before.add(new Interaction(id, item, EventTime.instant(time)));
                }
            }
        }
        events.addAll(0, before);
    }

    /** Applies the cap and counts the new events. */
    private static final class Counting {
        private final Request request;
        private final Map<String, Integer> ofUser = new HashMap<>();
        private final Map<String, Long> freshOfItem = new HashMap<>();
        private final Map<String, Long> oldOfItem = new HashMap<>();
        private long fresh;
        private long old;
        private long ahead;
        private long beyondCap;

        Counting(Request request) {
            this.request = request;
        }

        boolean counts(LoggedEvent event) {
            if (event.time().isAfter(request.now().plus(AHEAD))) {
                ahead++;
                return false;
            }
            if (!event.time().isAfter(request.since())) {
                old++;
                oldOfItem.merge(event.item(), 1L, Long::sum);
                return true;
            }
            if (ofUser.merge(event.user(), 1, Integer::sum) > request.cap()) {
                beyondCap++;
                return false;
            }
            fresh++;
            freshOfItem.merge(event.item(), 1L, Long::sum);
            return true;
        }

        List<String> notes() {
            List<String> notes = new ArrayList<>();
            if (ahead > 0) {
                notes.add(
                        "left out " + Text.count(ahead, "event") + " more than a day in the future: a clock was wrong");
            }
            if (beyondCap > 0) {
                String user = Objects.requireNonNull(ofUser.entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .orElseThrow()
                        .getKey());
                notes.add("left out " + Text.count(beyondCap, "new event") + " beyond " + request.cap()
                        + " of one user; user \"" + user + "\" alone has " + ofUser.get(user));
            }
            return notes;
        }

        @Nullable String suspicion(long backwards) {
            long all = fresh + beyondCap;
            if (backwards > BACKWARDS * all) {
                return Text.format("%,d of %,d new events are earlier", backwards, all)
                        + " than their user's previous event: a clock jumped, or a log was sent"
                        + " in reverse order";
            }
            for (Map.Entry<String, Long> item : freshOfItem.entrySet()) {
                double share = (double) item.getValue() / Math.max(1, fresh);
                double before = (double) oldOfItem.getOrDefault(item.getKey(), 0L) / Math.max(1, old);
                if (share > DOMINANT && before < DOMINANT_BEFORE) {
                    return "item \"" + item.getKey() + "\" makes " + Math.round(100 * share)
                            + " % of the new events and made " + Math.round(100 * before) + " % before";
                }
            }
            return null;
        }
    }
}
