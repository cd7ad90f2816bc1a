package io.github.ttt4rec.serve.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** An experiment under way: its arms' models and what they have shown. For any number of threads. */
final class RunningExperiment {
    /** Users of each arm before the test begins: means of fewer are not normal. */
    static final int MIN_USERS = 100;

    private final Experiment experiment;
    private final Instant started;
    private final List<Arm> arms = new ArrayList<>();
    private final SequentialTest test;

    /** An arm. */
    static final class Arm {
        private final Experiment.Arm definition;
        private final ArmLog log = new ArmLog();
        /** The arm's model. */
        private volatile ModelSlot slot;
        /** The largest ratio so far. */
        private double largest = 1;

        Arm(Experiment.Arm definition, ModelSlot slot) {
            this.definition = definition;
            this.slot = slot;
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

        ArmLog log() {
            return log;
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
