package io.github.ttt4rec.api;

import io.github.ttt4rec.train.StopException;
import org.jspecify.annotations.Nullable;

/** Stops a job of many trainings and evaluations, one after the other. */
public final class StopSwitch {
    private volatile boolean requested;
    private volatile @Nullable Training training;

    /** Asks to save and stop. For any thread. */
    public void request() {
        requested = true;
        Training running = training;
        if (running != null) {
            running.requestStop();
        }
    }

    /** Returns whether it was asked to stop. */
    public boolean isRequested() {
        return requested;
    }

    /** From now on requests, and one made before, go to this training too. */
    public void connect(Training running) {
        training = running;
        if (requested) {
            running.requestStop();
        }
    }

    /** Requests no longer go to a training. */
    public void disconnect() {
        training = null;
    }

    /** Throws {@link StopException} if it was asked to stop. */
    public void check() {
        if (requested) {
            throw new StopException();
        }
    }
}
