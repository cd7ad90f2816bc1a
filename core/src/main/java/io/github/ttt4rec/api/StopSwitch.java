package io.github.ttt4rec.api;

import io.github.ttt4rec.train.StopException;
import org.jspecify.annotations.Nullable;

/** Stops a job that runs many trainings and evaluations one after the other. */
public final class StopSwitch {
    private volatile boolean requested;
    private volatile @Nullable Training training;

    /** Asks the job to save and stop. May be called from any thread. */
    public void request() {
        requested = true;
        Training running = training;
        if (running != null) {
            running.requestStop();
        }
    }

    /** Returns whether a stop was requested. */
    public boolean isRequested() {
        return requested;
    }

    /** Forwards an earlier request, if any, and all further requests to this training. */
    public void connect(Training running) {
        training = running;
        if (requested) {
            running.requestStop();
        }
    }

    /** Ends the forwarding to a training. */
    public void disconnect() {
        training = null;
    }

    /** Throws {@link StopException} if a stop was requested. */
    public void check() {
        if (requested) {
            throw new StopException();
        }
    }
}
