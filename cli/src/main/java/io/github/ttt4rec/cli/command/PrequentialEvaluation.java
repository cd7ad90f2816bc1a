package io.github.ttt4rec.cli.command;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.io.Provenance;
import io.github.ttt4rec.live.EventRanker;
import io.github.ttt4rec.live.LiveModel;
import io.github.ttt4rec.live.QualityLog;
import io.github.ttt4rec.live.QualityLog.Difference;
import io.github.ttt4rec.live.QualityLog.Figures;
import io.github.ttt4rec.live.QualityLog.Group;
import io.github.ttt4rec.live.QualityLog.Method;
import io.github.ttt4rec.terminal.Text;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Ranks each event of a log as a server would have ranked it just before it was stored: the history policy of serving, all
 * events before it, those of unknown items included. Events that the model was fitted on are history, but are not ranked. An
 * event of an item that the model does not know counts as a miss.
 */
final class PrequentialEvaluation {
    private final LiveModel model;
    private final @Nullable Instant fittedUntil;

    PrequentialEvaluation(TrainedModel trained) {
        this(trained, fittedUntil(trained));
    }

    /**
     * An evaluation on the events after a moment.
     *
     * @param fittedUntil the last event that is not ranked; null to rank all
     */
    PrequentialEvaluation(TrainedModel trained, @Nullable Instant fittedUntil) {
        model = new LiveModel(trained, 0, LiveModel.policy(trained, null));
        this.fittedUntil = fittedUntil;
    }

    /** The time of the last event that a model was fitted on; null if it does not say. */
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
        int[] indices = new int[log.itemCount() + 1];
        for (int item = 1; item < indices.length; item++) {
            indices[item] = model.index(log.items().name(item));
        }
        AtomicInteger nextUser = new AtomicInteger();
        List<Future<?>> workers = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            for (int t = 0; t < threads; t++) {
                workers.add(executor.submit(() -> {
                    EventRanker ranker = new EventRanker(model);
                    for (int user = nextUser.getAndIncrement();
                            user < log.userCount();
                            user = nextUser.getAndIncrement()) {
                        rank(log, user, indices, rate, ranker, quality);
                    }
                }));
            }
            for (Future<?> worker : workers) {
                worker.get();
            }
        } catch (ExecutionException failure) {
            throw new IllegalStateException("ranking failed", failure.getCause());
        }
        if (quality.added() == 0) {
            throw new UserFacingException(log.source().file() + ": no event to rank"
                    + (fittedUntil == null ? "" : ": the model was fitted on all events until " + fittedUntil));
        }
        return quality;
    }

    private void rank(Dataset log, int user, int[] indices, double rate, EventRanker ranker, QualityLog quality) {
        int[] items = new int[log.length(user)];
        Arrays.setAll(items, position -> indices[log.item(user, position)]);
        String id = log.users().name(user + 1);
        for (int position = 0; position < items.length; position++) {
            if (isNew(log, log.times()[log.start(user) + position]) && EventRanker.isSampled(id, position, rate)) {
                long[] times = log.hasTimes()
                        ? Arrays.copyOfRange(log.times(), log.start(user), log.start(user) + position)
                        : new long[0];
                long now = log.times()[log.start(user) + position];
                quality.add(id, position, ranker.rank(0, Arrays.copyOf(items, position), times, items[position], now));
            }
        }
    }

    private boolean isNew(Dataset log, long time) {
        return fittedUntil == null || !log.hasTimes() || EventTime.instant(time).isAfter(fittedUntil);
    }

    /** Prints how the first model, in {@code name}, compares with the second on the events that both ranked. */
    static void print(PrintWriter out, String name, Difference difference) {
        out.println(Text.format(
                "%nAgainst %s, the same %,d events of %,d users: NDCG@10 %.4f there, %.4f here,%ndifference %+.4f ± %.4f"
                        + " (95 %%, users are the independent units)",
                name,
                difference.events(),
                difference.users(),
                difference.first(),
                difference.second(),
                difference.mean(),
                difference.halfWidth()));
    }

    /** Prints a table of all groups and methods. */
    static void print(PrintWriter out, QualityLog quality) {
        out.println(Text.format(
                "%-10s %-11s %9s %7s %8s %19s %8s", "history", "method", "events", "users", "HR@10", "NDCG@10", "MRR"));
        for (Group group : Group.values()) {
            for (Method method : Method.values()) {
                Figures figures = quality.figures(method, group, Integer.MAX_VALUE);
                if (figures.events() > 0) {
                    out.println(Text.format(
                            "%-10s %-11s %,9d %,7d %8.4f %10.4f ± %.4f %8.4f",
                            group.name().toLowerCase(Locale.ROOT),
                            method.name().toLowerCase(Locale.ROOT),
                            figures.events(),
                            figures.users(),
                            figures.hitRate(),
                            figures.ndcg(),
                            figures.halfWidth(),
                            figures.reciprocalRank()));
                }
            }
        }
    }
}
