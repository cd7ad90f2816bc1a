package io.github.ttt4rec.recommend;

/**
 * The part of a long history that a model reads if it was trained on at most L = max_len items. Training starts every
 * sequence from the learned state, and the published evaluation slides a window of L items. A state that continues
 * beyond L items computes something else, so every policy has a name and can be evaluated. If n items precede the case,
 * the model reads items {@code start .. n − 1}.
 */
public enum HistoryPolicy {
    /** The last L items, read again for each case, as in the published protocol. Costs L steps per event. */
    WINDOW {
        @Override
        public int start(int n, int maxLen) {
            return Math.max(0, n - maxLen);
        }
    },
    /** All items: the state is never restarted. Costs one step per event. */
    UNBOUNDED {
        @Override
        public int start(int n, int maxLen) {
            return 0;
        }
    },
    /**
     * Restarts from the learned state after every L items, so that between 1 and L items are read. Costs one step per
     * event.
     */
    RESET {
        @Override
        public int start(int n, int maxLen) {
            return n == 0 ? 0 : (n - 1) / maxLen * maxLen;
        }
    },
    /**
     * Continues the state up to 2L items, then rebuilds it from the last L, so that between L and 2L − 1 items of a
     * long history are read. Costs two steps per event on average.
     */
    HOP {
        @Override
        public int start(int n, int maxLen) {
            return Math.max(0, n / maxLen - 1) * maxLen;
        }
    };

    /** The first item that is read if n items precede the case; never decreases with n. */
    public abstract int start(int n, int maxLen);

    /** The largest number of items of a history that the model reads; {@link Long#MAX_VALUE} for all of them. */
    public long longest(int maxLen) {
        return switch (this) {
            case WINDOW, RESET -> maxLen;
            case HOP -> 2L * maxLen - 1;
            case UNBOUNDED -> Long.MAX_VALUE;
        };
    }

    /** A description for reports, such as {@code last 50 items}. */
    public String describe(int maxLen) {
        return text(Integer.toString(maxLen), Integer.toString(2 * maxLen - 1));
    }

    /** A description without max_len. */
    public String describe() {
        return text("max_len", "2·max_len − 1");
    }

    private String text(String length, String longest) {
        return switch (this) {
            case WINDOW -> "last " + length + " items";
            case UNBOUNDED -> "all items";
            case RESET -> "items since a reset every " + length;
            case HOP -> "last " + length + " to " + longest + " items";
        };
    }
}
