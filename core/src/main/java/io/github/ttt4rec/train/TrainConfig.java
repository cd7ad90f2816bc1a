package io.github.ttt4rec.train;

import io.github.ttt4rec.internal.Ranges;
import io.github.ttt4rec.internal.Withers;

/**
 * The settings of training. The defaults ({@link #defaults()}) are the published protocol's.
 *
 * @param loss the outer loss
 * @param maxLen the maximum number of items of a history that the model sees
 * @param windowStride the number of new cases in each further window of maxLen items of a longer training sequence;
 *     with 1 every case sees exactly the last maxLen items, at the highest cost; 0 means maxLen/2
 * @param batchSize prediction cases per optimiser step
 * @param learningRate the learning rate of Adam
 * @param epochs the maximum number of epochs
 * @param patience training stops after this many epochs without a better validation NDCG@10. The first this many
 *     epochs do not count, because a network with strong dropout may get worse at first
 * @param negatives the number of negatives drawn per case by sampled losses; 0 means 256 for {@link Loss#SAMPLED_CE}
 *     and {@link Loss#GBCE}, 1 for {@link Loss#BCE} and {@link Loss#BPR}. If there are fewer than {@value #SHARED},
 *     they are drawn separately for each case, never its target; otherwise {@value #SHARED} cases share a draw, and a
 *     case's own target in it is ignored
 * @param negativeSampling how negatives are drawn, with replacement
 * @param popularityAlpha the exponent of {@link NegativeSampling#POPULARITY}; 0 is uniform, 1 is proportional to
 *     popularity
 * @param gbceT the calibration parameter t of {@link Loss#GBCE}, in [0, 1]; 0 is {@link Loss#BCE}
 * @param sparseItemUpdates whether a step updates only the rows of the item tables that have a gradient (lazy Adam),
 *     for catalogues so large that updating all rows dominates the work. This is not exactly Adam: a row's moments are
 *     exact, but momentum does not move the row in steps without a gradient. Only for sampled losses
 * @param examples how a user's cases become training sequences
 * @param validationCases the approximate number of validation cases after each epoch: all cases of a sample of users,
 *     which is the same in every run; 0 means all cases. Each case is ranked among all items, which takes as long for a
 *     million items as training on 50 cases
 * @param averaging the exponent γ of the average of the weights that is validated and kept: later weights count in
 *     proportion to about (share of the run)^γ. 0 keeps the weights of the last step, as published
 * @param idDropout the share of items with attributes that are represented by their attributes alone in a step; it has
 *     no effect without attributes
 */
@Withers
public record TrainConfig(
        Loss loss,
        int maxLen,
        int windowStride,
        int batchSize,
        double learningRate,
        int epochs,
        int patience,
        int negatives,
        NegativeSampling negativeSampling,
        double popularityAlpha,
        double gbceT,
        boolean sparseItemUpdates,
        ExampleForm examples,
        int validationCases,
        double averaging,
        double idDropout)
        implements TrainConfigBuilder.With {
    /** The number of cases that share a draw of at least this many negatives. */
    static final int SHARED = 64;

    private static final int MAX_NEGATIVES = 1 << 20;
    private static final int MAX_AVERAGING = 1000;
    /** The default of {@code id_dropout}; docs/beyond.md has the measurements. */
    public static final double ID_DROPOUT = 0.3;

    /** The outer loss. */
    public enum Loss {
        /** Cross-entropy over the whole catalogue. */
        CE,
        /** Bayesian personalised ranking against one sampled negative item. */
        BPR,
        /** Cross-entropy over the target and sampled items, with the logQ correction: which estimates {@link #CE}. */
        SAMPLED_CE,
        /** Binary cross-entropy of the target against sampled items (SASRec). */
        BCE,
        /** Generalised binary cross-entropy, which corrects for the small share of sampled items (gSASRec). */
        GBCE;

        /** Returns whether the loss compares the target with sampled items. */
        public boolean samples() {
            return this != CE;
        }
    }

    /** How the cases of a user become training sequences. */
    public enum ExampleForm {
        /** One pass per sequence: every position is a case. A batch consists of whole users. */
        PER_POSITION,
        /**
         * Each case is a separate sequence, trained only on the output of its last item: RecBole's expanded prefixes. A
         * batch consists of independent cases with their own dropout masks, and costs one pass per case.
         */
        PER_CASE
    }

    /** How negative items are drawn. */
    public enum NegativeSampling {
        /** All items with the same probability. */
        UNIFORM,
        /** In proportion to the number of training interactions, at least 1, to the power of {@code popularityAlpha}. */
        POPULARITY
    }

    /** Checks the ranges. */
    public TrainConfig {
        Ranges.require(maxLen >= 1, "max_len must be at least 1");
        Ranges.require(windowStride >= 0 && windowStride <= maxLen, "window_stride must be in 0 .. max_len");
        Ranges.require(batchSize >= 1, "batch_size must be at least 1");
        Ranges.require(learningRate > 0 && Double.isFinite(learningRate), "learning_rate must be above 0");
        Ranges.require(epochs >= 1, "epochs must be at least 1");
        Ranges.require(patience >= 1, "patience must be at least 1");
        Ranges.require(negatives >= 0 && negatives <= MAX_NEGATIVES, "negatives must be in 0 .. " + MAX_NEGATIVES);
        Ranges.require(
                loss != Loss.BPR || negatives <= 1,
                "loss bpr takes one negative, but negatives is " + negatives + "; leave it out");
        Ranges.require(validationCases >= 0, "validation_cases must be 0 (all) or more");
        Ranges.require(averaging >= 0 && averaging <= MAX_AVERAGING, "averaging must be in 0 .. " + MAX_AVERAGING);
        Ranges.require(idDropout >= 0 && idDropout <= 1, "id_dropout must be in 0 .. 1");
        Ranges.require(popularityAlpha >= 0 && popularityAlpha <= 1, "popularity_alpha must be in [0, 1]");
        Ranges.require(gbceT >= 0 && gbceT <= 1, "gbce_t must be in [0, 1]");
        Ranges.require(
                loss.samples() || !sparseItemUpdates,
                "sparse_item_updates needs a loss that samples (sampled_ce, bce, gbce or bpr): with ce every item has a"
                        + " gradient in every step");
    }

    /** Settings with the defaults for everything that only sampled losses use. */
    public TrainConfig(
            Loss loss, int maxLen, int windowStride, int batchSize, double learningRate, int epochs, int patience) {
        this(
                loss,
                maxLen,
                windowStride,
                batchSize,
                learningRate,
                epochs,
                patience,
                0,
                NegativeSampling.UNIFORM,
                0.75,
                0.75,
                false,
                ExampleForm.PER_POSITION,
                0,
                0,
                ID_DROPOUT);
    }

    /** The published protocol on Amazon: cross-entropy, 50 items, batches of 2048 cases, Adam at 0.001, patience 5. */
    public static TrainConfig defaults() {
        return new TrainConfig(Loss.CE, 50, 0, 2048, 1e-3, 300, 5);
    }

    /** These settings with other negatives. */
    public TrainConfig withNegatives(int count, NegativeSampling sampling, double alpha) {
        return with(config -> config.negatives(count).negativeSampling(sampling).popularityAlpha(alpha));
    }

    /** The number of negatives, with the default of the loss resolved; 0 for a loss that does not sample. */
    public int effectiveNegatives() {
        return switch (loss) {
            case CE -> 0;
            case BPR, BCE -> Math.max(1, negatives);
            case SAMPLED_CE, GBCE -> negatives == 0 ? 256 : negatives;
        };
    }

    /** The window stride, with the default resolved. */
    public int effectiveStride() {
        return windowStride == 0 ? Math.max(1, maxLen / 2) : windowStride;
    }
}
