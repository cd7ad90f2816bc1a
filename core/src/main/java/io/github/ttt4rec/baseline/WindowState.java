package io.github.ttt4rec.baseline;

import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.autograd.SelectRows;
import io.github.ttt4rec.autograd.StateInput;
import io.github.ttt4rec.autograd.StateOutput;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.model.Objective;
import io.github.ttt4rec.model.SequenceBatch;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.model.SequenceState;
import java.util.Arrays;

/**
 * The state of a network without recurrence: the user's last items, all of which are read again for each event. An
 * event costs one pass over at most {@link SequenceModel#maxLength()} tokens. Up to that length the query vectors equal
 * those of one pass over the whole sequence; beyond it, those of a sliding window, as in the evaluated history policy.
 */
final class WindowState implements SequenceState {
    private int[] items;
    private long events;

    private WindowState(int[] items, long events) {
        this.items = items;
        this.events = events;
    }

    /** The state before a user's first event. */
    static WindowState initial() {
        return new WindowState(new int[0], 0);
    }

    @Override
    public WindowState copy() {
        return new WindowState(items, events);
    }

    @Override
    public long bytes() {
        return (long) Integer.BYTES * items.length;
    }

    @Override
    public void write(StateOutput out) {
        out.putLong(events);
        out.putInt(items.length);
        out.putInts(items);
    }

    @Override
    public void read(StateInput in) {
        events = in.getLong();
        items = in.getInts(in.getCount(Integer.MAX_VALUE));
    }

    @Override
    public long events() {
        return events;
    }

    /**
     * Appends items and returns, for each, the query vector of the window that ends with it, {@code (more.length, d)}.
     */
    Tensor append(SequenceModel model, Tape tape, int... more) {
        int before = items.length;
        int[] history = historyWith(more);
        Windows windows = new Windows(history, more.length);
        switch (model.objective()) {
            case Objective.NextItem causal -> {
                // One pass serves all events within the first window.
                int first = Math.min(history.length, model.maxLength());
                if (first > before) {
                    windows.add(0, first);
                    for (int end = before + 1; end <= first; end++) {
                        windows.ask(end - 1);
                    }
                }
                for (int end = Math.max(before, first) + 1; end <= history.length; end++) {
                    windows.add(end - model.maxLength(), end);
                    windows.askLast();
                }
            }
            case Objective.MaskedItem masked -> {
                for (int end = before + 1; end <= history.length; end++) {
                    windows.addMasked(model, end, masked.maskToken());
                }
            }
        }
        keep(model, history, more.length);
        return windows.encode(model, tape);
    }

    /** Appends items and returns the query vector {@code (1, d)} of the window that ends with the last item. */
    Tensor advance(SequenceModel model, Tape tape, int... more) {
        int[] history = historyWith(more);
        Windows windows = new Windows(history, 1);
        switch (model.objective()) {
            case Objective.NextItem causal -> {
                windows.add(Math.max(0, history.length - model.maxLength()), history.length);
                windows.askLast();
            }
            case Objective.MaskedItem masked -> windows.addMasked(model, history.length, masked.maskToken());
        }
        keep(model, history, more.length);
        return windows.encode(model, tape);
    }

    private int[] historyWith(int[] more) {
        int[] history = Arrays.copyOf(items, items.length + more.length);
        System.arraycopy(more, 0, history, items.length, more.length);
        return history;
    }

    private void keep(SequenceModel model, int[] history, int more) {
        items = Arrays.copyOfRange(history, Math.max(0, history.length - model.maxLength()), history.length);
        events += more;
    }

    /** Windows of a history laid out for one pass, and the rows whose vectors are needed. */
    private static final class Windows {
        private final int[] history;
        private final int[] offsets;
        private final int[] rows;
        private int[] tokens = new int[64];
        private int count;
        private int windows;
        private int asked;

        Windows(int[] history, int events) {
            this.history = history;
            offsets = new int[events + 1];
            rows = new int[events];
        }

        /** Adds a window with the items {@code from .. to − 1} of the history. */
        void add(int from, int to) {
            for (int i = from; i < to; i++) {
                put(history[i]);
            }
            offsets[++windows] = count;
        }

        /** Adds a token at the end of the last window. */
        void add(int token) {
            put(token);
            offsets[windows] = count;
        }

        /** Adds the window that ends before {@code end}, followed by the mask token, whose vector is needed. */
        void addMasked(SequenceModel model, int end, int maskToken) {
            add(Math.max(0, end - (model.maxLength() - 1)), end);
            add(maskToken);
            askLast();
        }

        private void put(int token) {
            if (count == tokens.length) {
                tokens = Arrays.copyOf(tokens, 2 * count);
            }
            tokens[count++] = token;
        }

        void ask(int row) {
            rows[asked++] = row;
        }

        void askLast() {
            ask(count - 1);
        }

        Tensor encode(SequenceModel model, Tape tape) {
            Segments segments = new Segments(Arrays.copyOf(offsets, windows + 1));
            return SelectRows.apply(tape, model.encode(tape, SequenceBatch.of(tokens, segments)), rows);
        }
    }
}
