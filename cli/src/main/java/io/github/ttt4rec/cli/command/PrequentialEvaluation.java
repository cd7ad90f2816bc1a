package io.github.ttt4rec.cli.command;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.NewItem;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.internal.EventRanks;
import io.github.ttt4rec.internal.EventTokens;
import io.github.ttt4rec.io.Provenance;
import io.github.ttt4rec.live.EventRanker;
import io.github.ttt4rec.live.LiveCatalogue;
import io.github.ttt4rec.live.LiveModel;
import io.github.ttt4rec.live.QualityLog;
import io.github.ttt4rec.live.QualityLog.Difference;
import io.github.ttt4rec.live.QualityLog.Figures;
import io.github.ttt4rec.live.QualityLog.Group;
import io.github.ttt4rec.live.QualityLog.Method;
import io.github.ttt4rec.terminal.Text;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Ranks each event of a log as a server would have ranked it just before storing it: by the history policy of serving,
 * after all earlier events, those of unknown items included. Events that the model was fitted on are history, but are
 * not ranked. An event of an item that the model does not know counts as a miss.
 */
final class PrequentialEvaluation {
    private final LiveModel model;
    private final @Nullable Instant fittedUntil;

    PrequentialEvaluation(TrainedModel trained) {
        this(trained, fittedUntil(trained));
    }

    /**
     * Creates an evaluation on the events after a given time.
     *
     * @param fittedUntil the time up to which events are not ranked; null to rank all
     */
    PrequentialEvaluation(TrainedModel trained, @Nullable Instant fittedUntil) {
        model = new LiveModel(trained, 0, LiveModel.policy(trained, null));
        this.fittedUntil = fittedUntil;
    }

    /** Returns the time of the last event that a model was fitted on; null if the model does not record it. */
    static @Nullable Instant fittedUntil(TrainedModel trained) {
        Provenance.Fitted fitted = trained.provenance().fitted();
        return fitted == null ? null : fitted.lastTime();
    }

    /**
     * Ranks the events of a log.
     *
     * @param rate the share of events to rank
     * @throws UserFacingException if there is no event to rank
     */
    QualityLog rank(Dataset log, double rate, int threads) throws InterruptedException {
        QualityLog quality = new QualityLog(Math.max(1, log.eventCount()));
        rank(new Ranking(log, model, Long.MIN_VALUE, Long.MAX_VALUE, rate, quality, firsts(log)), threads);
        return checked(log, quality);
    }

    /**
     * Ranks the events of a log while the model's catalogue grows: after each period, recounts all events so far and
     * adds the items that the model did not know, as {@code serve --live-catalogue} does.
     *
     * @param rate the share of events to rank
     * @throws UserFacingException if there is no event to rank or the log has no times
     */
    QualityLog rankLive(Dataset log, double rate, int threads, Duration period) throws InterruptedException {
        if (!log.hasTimes()) {
            throw new UserFacingException(log.source().file()
                    + ": has an order but no times, which --live-catalogue needs: name the column of times by"
                    + " --time-column");
        }
        QualityLog quality = new QualityLog(Math.max(1, log.eventCount()));
        long[] firsts = firsts(log);
        long first = Arrays.stream(log.times()).min().orElse(0);
        long last = Arrays.stream(log.times()).max().orElse(0);
        long step = TimeUnit.MILLISECONDS.toMicros(period.toMillis());
        TrainedModel known = model.model();
        for (long from = fittedUntil == null ? first : EventTime.micros(fittedUntil) + 1; from <= last; from += step) {
            Split before = before(log, from);
            LiveModel counted = model;
            if (before.cases(Split.Part.TRAIN) > 0) {
                List<NewItem> added = LiveCatalogue.newItems(known, before, LiveCatalogue.MIN_USERS);
                known = added.isEmpty() ? known : known.withItems(added);
                counted = new LiveModel(LiveCatalogue.counted(known, before), 0, model.policy());
            }
            rank(new Ranking(log, counted, from, from + step, rate, quality, firsts), threads);
        }
        return checked(log, quality);
    }

    /** Returns the time of each item's first event; {@link Long#MAX_VALUE} without times. */
    private static long[] firsts(Dataset log) {
        long[] firsts = new long[log.itemCount() + 1];
        Arrays.fill(firsts, Long.MAX_VALUE);
        for (int user = 0; log.hasTimes() && user < log.userCount(); user++) {
            for (int position = 0; position < log.length(user); position++) {
                int item = log.item(user, position);
                firsts[item] = Math.min(firsts[item], log.times()[log.start(user) + position]);
            }
        }
        return firsts;
    }

    /** Returns a split whose training part has the events before a given time. */
    private static Split before(Dataset log, long moment) {
        int[] ends = new int[log.userCount()];
        for (int user = 0; user < ends.length; user++) {
            while (ends[user] < log.length(user) && log.times()[log.start(user) + ends[user]] < moment) {
                ends[user]++;
            }
        }
        return new Split("before a time", log, ends, ends);
    }

    private QualityLog checked(Dataset log, QualityLog quality) {
        if (quality.added() == 0) {
            throw new UserFacingException(log.source().file() + ": no event to rank"
                    + (fittedUntil == null ? "" : ": the model was fitted on all events until " + fittedUntil));
        }
        return quality;
    }

    /**
     * Ranks events by one model.
     *
     * @param from the first time of the events to rank
     * @param to the time after the last one
     * @param rate the share of events to rank
     * @param quality collects the ranks
     * @param firsts the time of each item's first event
     */
    private record Ranking(
            Dataset log, LiveModel model, long from, long to, double rate, QualityLog quality, long[] firsts) {
        int[] indices() {
            int[] indices = new int[log.itemCount() + 1];
            for (int item = 1; item < indices.length; item++) {
                indices[item] = model.index(log.items().name(item));
            }
            return indices;
        }

        boolean has(long time) {
            return time >= from && time < to;
        }
    }

    private void rank(Ranking ranking, int threads) throws InterruptedException {
        int[] indices = ranking.indices();
        AtomicInteger nextUser = new AtomicInteger();
        List<Future<?>> workers = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            for (int t = 0; t < threads; t++) {
                workers.add(executor.submit(() -> {
                    EventRanker ranker = new EventRanker(ranking.model());
                    for (int user = nextUser.getAndIncrement();
                            user < ranking.log().userCount();
                            user = nextUser.getAndIncrement()) {
                        rank(ranking, user, indices, ranker);
                    }
                }));
            }
            for (Future<?> worker : workers) {
                worker.get();
            }
        } catch (ExecutionException failure) {
            throw new IllegalStateException("ranking failed", failure.getCause());
        }
    }

    private void rank(Ranking ranking, int user, int[] indices, EventRanker ranker) {
        Dataset log = ranking.log();
        int[] items = new int[log.length(user)];
        Arrays.setAll(items, position -> indices[log.item(user, position)]);
        int[] tokens = items.clone();
        for (int position = 0; ranking.model().readsKinds() && position < tokens.length; position++) {
            tokens[position] = items[position] == 0 ? 0 : EventTokens.of(items[position], log.kind(user, position));
        }
        String id = log.users().name(user + 1);
        for (int position = 0; position < items.length; position++) {
            long now = log.times()[log.start(user) + position];
            if (ranking.has(now) && isNew(log, now) && EventRanker.isSampled(id, position, ranking.rate())) {
                long[] times = log.hasTimes()
                        ? Arrays.copyOfRange(log.times(), log.start(user), log.start(user) + position)
                        : new long[0];
                EventRanks ranks = ranker.rank(0, Arrays.copyOf(tokens, position), times, items[position], now);
                ranking.quality().add(id, position, ranks.since(ranking.firsts()[log.item(user, position)], now));
            }
        }
    }

    private boolean isNew(Dataset log, long time) {
        return fittedUntil == null || !log.hasTimes() || EventTime.instant(time).isAfter(fittedUntil);
    }

    /** Prints the comparison of two models on the events that both ranked. */
    static void print(PrintWriter out, String name, Difference difference) {
        out.println(Text.format(
                "%nAgainst %s, the same %,d events of %,d users: NDCG@10 %.4f there, %.4f here,%ndifference %+.4f%s (%s)",
                name,
                difference.events(),
                difference.users(),
                difference.first(),
                difference.second(),
                difference.mean(),
                Text.halfWidth(difference.halfWidth()),
                difference.users() == 1
                        ? "no interval, because all events are of one user"
                        : "95 %, users are the independent units"));
    }

    /** Prints the metrics of all groups and methods as a table. */
    static void print(PrintWriter out, QualityLog quality) {
        out.println(Text.format(
                "%-10s %-11s %9s %7s %8s %19s %8s", "history", "method", "events", "users", "HR@10", "NDCG@10", "MRR"));
        for (Group group : Group.values()) {
            for (Method method : Method.values()) {
                Figures figures = quality.figures(method, group, Integer.MAX_VALUE);
                if (figures.events() > 0) {
                    out.println(Text.format(
                            "%-10s %-11s %,9d %,7d %8.4f %10.4f%-9s %8.4f",
                            group.name().toLowerCase(Locale.ROOT),
                            method.name().toLowerCase(Locale.ROOT),
                            figures.events(),
                            figures.users(),
                            figures.hitRate(),
                            figures.ndcg(),
                            Text.halfWidth(figures.halfWidth()),
                            figures.reciprocalRank()));
                }
            }
        }
    }
}
