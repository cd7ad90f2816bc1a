package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.io.Provenance;
import io.github.ttt4rec.serve.store.ExperimentFigures;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An experiment under way: its arms' models and what they have shown. For any number of threads. */
final class RunningExperiment {
    /** Users of each arm before the test begins: means of fewer are not normal. */
    static final int MIN_USERS = 100;
    /** The number of users with changed figures at which the figures are stored. */
    static final int MAX_UNSTORED = 50;
    /** The time after which changed figures are stored with the next ranked event. */
    private static final Duration STORE_EVERY = Duration.ofSeconds(10);

    private final Experiment experiment;
    private final Instant started;
    private final List<Arm> arms = new ArrayList<>();
    private final SequentialTest test;
    /** The users whose figures have changed since they were last stored. */
    private final Set<String> changed = new HashSet<>();

    private long storedNanos = System.nanoTime();

    /** An arm. */
    static final class Arm {
        private final Experiment.Arm definition;
        private final ArmLog log = new ArmLog();
        /** The arm's model. */
        private volatile ModelSlot slot;
        /** Identifies the training of its model. */
        private final String training;
        /** The largest ratio so far. */
        private double largest = 1;

        Arm(Experiment.Arm definition, ModelSlot slot) {
            this.definition = definition;
            this.slot = slot;
            Provenance provenance = slot.model().provenance();
            Provenance.Fitted fitted = provenance.fitted();
            training = provenance.finished() + (fitted == null ? "" : "/" + fitted.finished());
        }

        Experiment.Arm definition() {
            return definition;
        }

        ModelSlot slot() {
            return slot;
        }

        void use(ModelSlot next) {
            slot = next;
        }
    }

    /**
     * An experiment.
     *
     * @param slots the model of each arm
     * @param started when it began
     */
    RunningExperiment(Experiment experiment, List<ModelSlot> slots, Instant started) {
        this.experiment = experiment;
        this.started = started;
        test = new SequentialTest(experiment.smallestEffect());
        for (int i = 0; i < slots.size(); i++) {
            arms.add(new Arm(experiment.arms().get(i), slots.get(i)));
        }
    }

    Experiment experiment() {
        return experiment;
    }

    Instant started() {
        return started;
    }

    List<Arm> arms() {
        return arms;
    }

    /** All arms but that of the model in use. */
    List<Arm> others() {
        return arms.subList(1, arms.size());
    }

    Arm armOf(String user) {
        return arms.get(experiment.armOf(user));
    }

    /** Adds a ranked event of a user. */
    synchronized void add(String user, double gain) {
        Arm arm = armOf(user);
        arm.log.add(user, gain);
        changed.add(user);
        ArmLog.Figures control = arms.getFirst().log.figures();
        for (Arm other : others()) {
            ArmLog.Figures figures = other.log.figures();
            double variance = figures.variance() + control.variance();
            if ((arm == other || arm == arms.getFirst())
                    && variance > 0
                    && Math.min(figures.users(), control.users()) >= MIN_USERS) {
                other.largest = Math.max(other.largest, test.ratio(figures.mean() - control.mean(), variance));
            }
        }
    }

    /** Removes what was recorded of a user. */
    synchronized void forget(String user) {
        arms.forEach(arm -> arm.log.forget(user));
        changed.add(user);
    }

    /**
     * Continues from stored figures.
     *
     * @return whether they are those of the same models; if not, nothing changes
     */
    synchronized boolean restore(ExperimentFigures stored) {
        Map<String, ExperimentFigures.Arm> byName = new HashMap<>();
        stored.arms().forEach(arm -> byName.put(arm.name(), arm));
        boolean same = arms.stream().allMatch(arm -> {
            ExperimentFigures.Arm before = byName.get(arm.definition.name());
            return before != null && before.model().equals(arm.training);
        });
        if (same) {
            for (Arm arm : arms) {
                ExperimentFigures.Arm before = byName.get(arm.definition.name());
                arm.largest = before == null ? 1 : before.largestRatio();
            }
            stored.users().forEach(user -> armOf(user.id()).log.restore(user.id(), user.events(), user.gain()));
        }
        return same;
    }

    /** Returns whether enough figures have changed, or enough time has passed, to store them. */
    synchronized boolean isDue() {
        return changed.size() >= MAX_UNSTORED || System.nanoTime() - storedNanos > STORE_EVERY.toNanos();
    }

    /** Returns the figures that have changed since the last call. */
    synchronized ExperimentFigures takeChanges() {
        List<ExperimentFigures.Arm> states = arms.stream()
                .map(arm -> new ExperimentFigures.Arm(arm.definition.name(), arm.training, arm.largest))
                .toList();
        List<ExperimentFigures.User> users = new ArrayList<>();
        for (String user : changed) {
            double[] own = armOf(user).log.of(user);
            users.add(new ExperimentFigures.User(user, (long) own[0], own[1]));
        }
        changed.clear();
        storedNanos = System.nanoTime();
        return new ExperimentFigures(experiment.name(), started, states, users);
    }

    /** Puts changes back that could not be stored. */
    synchronized void putBack(ExperimentFigures changes) {
        changes.users().forEach(user -> changed.add(user.id()));
    }

    /** The results so far; {@code served} is the version of the model in use. */
    synchronized ExperimentView view(String served) {
        ArmLog.Figures control = arms.getFirst().log.figures();
        List<ExperimentView.Arm> views = new ArrayList<>();
        for (Arm arm : arms) {
            ArmLog.Figures figures = arm.log.figures();
            double variance = figures.variance() + control.variance();
            boolean compared =
                    arm != arms.getFirst() && variance > 0 && Math.min(figures.users(), control.users()) >= MIN_USERS;
            views.add(new ExperimentView.Arm(
                    arm.definition,
                    arm == arms.getFirst() ? served : arm.slot.info().version(),
                    figures.events(),
                    figures.users(),
                    figures.mean(),
                    1.96 * Math.sqrt(figures.variance()),
                    compared
                            ? new ExperimentView.Comparison(
                                    figures.mean() - control.mean(),
                                    test.halfWidth(variance),
                                    Math.min(1, 1 / arm.largest),
                                    SequentialTest.needed(figures, control, experiment.smallestEffect()))
                            : null));
        }
        return new ExperimentView(experiment, started, views);
    }
}
