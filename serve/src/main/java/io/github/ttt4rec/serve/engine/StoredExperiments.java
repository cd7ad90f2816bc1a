package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.ExperimentFigures;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Experiments that outlast a restart: their definitions and figures are in the store. */
final class StoredExperiments {
    private static final System.Logger LOG = System.getLogger(StoredExperiments.class.getName());

    private final EventStore store;

    StoredExperiments(EventStore store) {
        this.store = store;
    }

    /**
     * Stores a new experiment and starts it.
     *
     * @param definition its form as JSON
     * @param models the models of its arms
     */
    RunningExperiment started(Experiment next, String definition, List<ModelSlot> models) {
        RunningExperiment running =
                new RunningExperiment(next, models, Instant.now().truncatedTo(ChronoUnit.MICROS));
        store.putExperiment(next.name(), definition, running.started());
        store.putExperimentFigures(running.takeChanges());
        return running;
    }

    /** Continues a stored experiment, with its figures if its models are the same; otherwise they start again from zero. */
    RunningExperiment resumed(Experiment before, String definition, List<ModelSlot> models) {
        ExperimentFigures stored = store.experimentFigures().orElse(null);
        if (stored != null) {
            RunningExperiment running = new RunningExperiment(before, models, stored.started());
            if (running.restore(stored)) {
                return running;
            }
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the figures of the experiment " + before.name()
                            + " start again from zero: its models have changed");
        }
        return started(before, definition, models);
    }
}
