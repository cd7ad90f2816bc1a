package io.github.ttt4rec.train;

import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.model.Objective;
import io.github.ttt4rec.model.SequenceBatch;
import io.github.ttt4rec.random.SplitMix;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The Cloze task (Sun et al. 2019, section 3.6). A window becomes masked sequences, drawn one after the other until
 * they have as many masked items as the window has cases. With probability {@code lastRatio} a sequence is the window
 * up to the target of one of its cases, and only that target is masked, as in scoring; the cases are used in turn,
 * starting from a random one. Otherwise it is the whole window with its last target; each item is masked with
 * probability {@code maskRatio}, but at least one is.
 *
 * <p>RecBole instead draws one masked sequence for every prefix of a user, which costs a pass per case. The two are
 * similar if windows have few cases. With {@link TrainConfig.ExampleForm#PER_CASE} windows are those prefixes, but one
 * item of each is masked, whereas RecBole may mask several.
 */
final class MaskedItemExamples implements Examples {
    /** Separates the random streams of a window's sequences from the draws within each sequence. */
    private static final long NEXT_SEQUENCE = 0xA0761D6478BD642FL;

    private static final long NEXT_DRAW = 0xE7037ED1A0B428DBL;

    private final TrainingWindows windows;
    private final int maxLen;
    private final Objective.MaskedItem objective;

    MaskedItemExamples(TrainingWindows windows, int maxLen, Objective.MaskedItem objective) {
        this.windows = windows;
        this.maxLen = maxLen;
        this.objective = objective;
    }

    @Override
    public int tokens(int window) {
        int length = Math.min(maxLen, windows.length(window) + 1);
        double targets =
                objective.lastRatio() + (1 - objective.lastRatio()) * Math.max(1, objective.maskRatio() * length);
        return length * Math.max(1, (int) Math.round(windows.cases(window) / targets));
    }

    @Override
    public Pass pass(int[] some, long epochSeed) {
        Sequences sequences = new Sequences();
        for (int window : some) {
            draw(sequences, window, epochSeed);
        }
        return sequences.pass();
    }

    private void draw(Sequences sequences, int window, long epochSeed) {
        int cases = windows.cases(window);
        long windowSeed = windows.seed(epochSeed, window, 0);
        int turn = below(cases, SplitMix.mix(windowSeed ^ NEXT_SEQUENCE));
        int wanted = cases;
        for (int number = 1; wanted > 0; number++) {
            long seed = SplitMix.mix(windowSeed + number * NEXT_SEQUENCE);
            if (unit(seed) < objective.lastRatio()) {
                int end = windows.caseInput(window, turn) + 2;
                turn = (turn + 1) % cases;
                sequences.add(window, end, epochSeed, seed);
                sequences.mask(sequences.rows - 1);
                wanted--;
            } else {
                int row = sequences.rows;
                sequences.add(window, windows.length(window) + 1, epochSeed, seed);
                wanted -= mask(sequences, row, wanted, seed);
            }
        }
    }

    /** Masks at least one and at most {@code most} of the tokens from {@code row} on; returns their number. */
    private int mask(Sequences sequences, int row, int most, long seed) {
        int length = sequences.rows - row;
        // Starts at a random token, so that none is preferred if not all may be masked.
        int first = below(length, SplitMix.mix(seed + NEXT_DRAW));
        int masked = 0;
        for (int i = 0; i < length && masked < most; i++) {
            int t = (first + i) % length;
            if (sequences.weights[row + t] > 0
                    && unit(SplitMix.mix(seed + (t + 2) * NEXT_DRAW)) < objective.maskRatio()) {
                sequences.mask(row + t);
                masked++;
            }
        }
        if (masked == 0) {
            int t = first;
            while (sequences.weights[row + t] == 0) {
                t = (t + 1) % length;
            }
            sequences.mask(row + t);
            masked = 1;
        }
        return masked;
    }

    /** Uniform in [0, 1). */
    private static double unit(long bits) {
        return (bits >>> 11) * 0x1p-53;
    }

    /** Uniform in 0 .. bound − 1. */
    private static int below(int bound, long bits) {
        return (int) (unit(bits) * bound);
    }

    /** The sequences of a pass, while they are drawn. */
    private final class Sequences {
        private int[] items = new int[1024];
        private int[] positions = new int[1024];
        private long[] rowSeeds = new long[1024];
        /** The item that was masked at a token; 0 if none was. */
        private int[] hidden = new int[1024];

        /** The factor of the loss of each token's item; 0 if it may not be masked. */
        private float[] weights = new float[1024];

        private int[] offsets = new int[128];
        private int rows;
        private int count;

        /** Adds the last maxLen of the window's items before {@code end}. */
        void add(int window, int end, long epochSeed, long seed) {
            int from = Math.max(0, end - maxLen);
            int grown = rows + end - from;
            if (grown > items.length) {
                items = Arrays.copyOf(items, 2 * grown);
                positions = Arrays.copyOf(positions, 2 * grown);
                rowSeeds = Arrays.copyOf(rowSeeds, 2 * grown);
                hidden = Arrays.copyOf(hidden, 2 * grown);
                weights = Arrays.copyOf(weights, 2 * grown);
            }
            for (int t = from; t < end; t++, rows++) {
                items[rows] = windows.input(window, t);
                weights[rows] = windows.lossWeight(window, t);
                positions[rows] = t - from;
                rowSeeds[rows] = SplitMix.mix(windows.seed(epochSeed, window, t) + seed);
            }
            if (count + 1 == offsets.length) {
                offsets = Arrays.copyOf(offsets, 2 * offsets.length);
            }
            offsets[++count] = rows;
        }

        void mask(int row) {
            hidden[row] = items[row];
            items[row] = objective.maskToken();
        }

        Pass pass() {
            int[] masked =
                    IntStream.range(0, rows).filter(row -> hidden[row] != 0).toArray();
            int[] targets = Arrays.stream(masked).map(row -> hidden[row]).toArray();
            Segments segments = new Segments(Arrays.copyOf(offsets, count + 1));
            float[] ofMasked = new float[windows.weighLosses() ? masked.length : 0];
            for (int i = 0; i < ofMasked.length; i++) {
                ofMasked[i] = weights[masked[i]];
            }
            return new Pass(new SequenceBatch(items, positions, rowSeeds, segments), masked, targets, ofMasked);
        }
    }
}
