package io.github.ttt4rec.cli.retrain;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.NewItem;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.api.Training;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.live.LiveCatalogue;
import io.github.ttt4rec.terminal.Text;
import io.github.ttt4rec.train.TrainingListener;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Trains a new model from the served one and the events stored since, and decides whether it may be served. */
final class Retraining {
    /** The minimum number of users for a reliable bootstrap. */
    private static final int MIN_USERS = 20;

    private final TrainedModel served;
    private final Map<String, ItemAttributes> attributes;
    private final Settings settings;
    private final TrainingListener listener;
    private final Consumer<Step> steps;

    /** The parts of a retraining, which a server logs. */
    enum Step {
        /** Loads the model and reads all events. */
        READ("reads the stored events"),
        /** Trains the model to compare. */
        CANDIDATE("trains a candidate"),
        /** Ranks the latest events by both models. */
        COMPARE("compares it with the served model"),
        /** Trains the model to serve. */
        ALL("trains on all events"),
        /** Writes the model to serve, and asks a server to load it. */
        SAVE("saves the new model");

        private final String words;

        Step(String words) {
            this.words = words;
        }

        /** Returns what the retraining does, without a subject. */
        String words() {
            return words;
        }
    }

    /**
     * The settings of a retraining.
     *
     * @param scratch whether to start from random weights instead of the served model's
     * @param epochs the number of epochs over all events if it starts from the served model
     * @param minCases the minimum number of events that neither model has seen; with fewer, nothing is done
     * @param margin the loss of NDCG@10 that is tolerated, as a share of the served model's
     * @param threads the number of training threads
     */
    record Settings(boolean scratch, int epochs, int minCases, double margin, int threads) {}

    /**
     * The outcome of a retraining.
     *
     * @param model the model to serve; empty if the served one stays
     * @param reason one line that says why
     * @param gate the comparison; null if it did not take place
     */
    record Outcome(
            Optional<TrainedModel> model,
            String reason,
            @Nullable Gate gate) {
        static Outcome kept(String reason) {
            return new Outcome(Optional.empty(), reason, null);
        }

        static Outcome kept(String reason, Gate gate) {
            return new Outcome(Optional.empty(), reason + gate.describe(), gate);
        }
    }

    /**
     * Creates a retraining.
     *
     * @param attributes the attributes of items by id to train with; none for a model without an encoder of them
     * @param steps receives each step when it begins
     */
    Retraining(
            TrainedModel served,
            Map<String, ItemAttributes> attributes,
            Settings settings,
            TrainingListener listener,
            Consumer<Step> steps) {
        this.served = served;
        this.attributes = attributes;
        this.settings = settings;
        this.listener = listener;
        this.steps = steps;
    }

    /**
     * Trains a candidate on all events except the latest half of the new ones, and compares it with the served model on
     * that half. If it passes, trains a model in the same way on all events.
     *
     * @param since the time of the last event that the served model has seen
     */
    Outcome run(StoredEvents events, Instant since) throws InterruptedException {
        if (events.suspicion() != null) {
            return Outcome.kept(events.suspicion());
        }
        Dataset data = events.dataset();
        long cut = cut(data, since);
        int[] from = new int[data.userCount()];
        Arrays.setAll(from, user -> firstAfter(data, user, cut));
        if (Arrays.stream(from).sum() == 0) {
            return Outcome.kept("there are no events before those to compare on");
        }
        steps.accept(Step.CANDIDATE);
        TrainedModel candidate = fit(new Split("until the comparison", data, from, from));
        steps.accept(Step.COMPARE);
        Gate gate = Gate.compare(served, candidate, data, from, settings.margin(), settings.threads());
        if (gate.cases() < settings.minCases() / 4) {
            return Outcome.kept(Text.format(
                    "only %s to compare on, at least %,d are needed",
                    Text.count(gate.cases(), "event"), settings.minCases() / 4));
        }
        if (gate.users() < MIN_USERS) {
            return Outcome.kept(Text.format(
                    "only %s to compare on, at least %,d are needed: users are the units of the comparison",
                    Text.count(gate.users(), "user"), MIN_USERS));
        }
        switch (gate.verdict()) {
            case WORSE -> {
                return Outcome.kept("the new model is worse: ", gate);
            }
            case UNDECIDED -> {
                return Outcome.kept("too few events to rule out that the new model is worse: ", gate);
            }
            case PASSES -> {
                // The model to serve is fitted on all events below.
            }
        }
        steps.accept(Step.ALL);
        TrainedModel fitted = fit(Split.everything(data));
        return new Outcome(
                Optional.of(fitted.withMetrics(Map.of(
                        "gate served NDCG@10", gate.served(),
                        "gate candidate NDCG@10", gate.candidate(),
                        "gate cases", (double) gate.cases()))),
                gate.describe(),
                gate);
    }

    /** Returns the median time of the new events. */
    private static long cut(Dataset data, Instant since) {
        long[] times = Arrays.stream(data.times())
                .filter(time -> EventTime.instant(time).isAfter(since))
                .sorted()
                .toArray();
        if (times.length == 0) {
            throw new UserFacingException("the filters of the model's configuration leave no new event");
        }
        return times[times.length / 2];
    }

    private static int firstAfter(Dataset data, int user, long cut) {
        int position = 0;
        while (position < data.length(user) && data.times()[data.start(user) + position] < cut) {
            position++;
        }
        return position;
    }

    private TrainedModel fit(Split split) throws InterruptedException {
        if (settings.scratch()) {
            try (Training training = Training.again(served, split, attributes, settings.threads(), listener)) {
                return training.run(null).orElseThrow();
            }
        }
        TrainedModel start = withNewItems(split);
        try (Training training = Training.continuing(
                start,
                served.version(),
                LiveCatalogue.known(split, start),
                attributes,
                settings.epochs(),
                settings.threads(),
                listener)) {
            return training.run(null).orElseThrow();
        }
    }

    /**
     * Extends the served model by the items of the training part that it does not know; each starts similar to the
     * items bought next to it.
     */
    private TrainedModel withNewItems(Split split) {
        List<NewItem> added = LiveCatalogue.newItems(served, split, 1);
        return added.isEmpty() ? served : served.withItems(added);
    }
}
