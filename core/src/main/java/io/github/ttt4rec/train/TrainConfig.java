package io.github.ttt4rec.train;

import io.github.ttt4rec.internal.Ranges;
import io.github.ttt4rec.internal.Withers;

/**
 * The settings of training. The defaults ({@link #defaults()}) are the published protocol's.
 *
 * @param loss the outer loss
 * @param maxLen the maximum number of items of a history that the model sees
 * @param windowStride for training sequences longer than maxLen: how many new cases each further window of maxLen items
 *     brings; 1 gives every case the last maxLen items exactly and costs most; 0 means maxLen/2
 * @param batchSize prediction cases per optimiser step
 * @param learningRate of Adam
 * @param epochs the maximum number of epochs
 * @param patience training stops after this many epochs without a better validation NDCG@10
 * @param negatives items drawn for a case by the losses that sample; 0 means 256 for {@link Loss#SAMPLED_CE} and
 *     {@link Loss#GBCE}, 1 for {@link Loss#BCE} and {@link Loss#BPR}. Fewer than {@value #SHARED} are drawn for each case
 *     alone, never its target; of more, {@value #SHARED} cases share a draw, in which a case's own target does not count
 * @param negativeSampling how they are drawn, with replacement
 * @param popularityAlpha of {@link NegativeSampling#POPULARITY}; 0 is uniform, 1 in proportion to popularity
 * @param gbceT of {@link Loss#GBCE}, its calibration t in [0, 1]: 0 is {@link Loss#BCE}
 * @param sparseItemUpdates whether a step updates only those rows of the item tables that it has a gradient for (lazy
 *     Adam), for catalogues so large that going through all rows is most of the work. Not exactly Adam: a row's moments are
 *     exact, but it does not move on by its momentum in the steps without a gradient. Only for losses that sample
 * @param examples how a user's cases become training sequences
 * @param validationCases validate on about so many cases after each epoch, all those of a sample of users, the same in every
 *     run; 0 means on all. A case is ranked among all items, which for a million of them takes as long as training on 50
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
        int validationCases)
        implements TrainConfigBuilder.With {
    /** Cases that share a draw of at least as many negatives. */
    static final int SHARED = 64;

    private static final int MAX_NEGATIVES = 1 << 20;

    /** The outer loss. */
    public enum Loss {
        /** Cross-entropy over the whole catalogue. */
        CE,
        /** Bayesian personalised ranking against one sampled negative item. */
        BPR,
        /** Cross-entropy over the target and sampled items, with the logQ correction: an estimate of {@link #CE}. */
        SAMPLED_CE,
        /** Binary cross-entropy of the target against sampled items (SASRec). */
        BCE,
        /** Generalised binary cross-entropy, which corrects for the small share of items sampled (gSASRec). */
        GBCE;

        /** Returns whether it compares the target with sampled items. */
        public boolean samples() {
            return this != CE;
        }
    }

    /** How a user's cases become training sequences. */
    public enum ExampleForm {
        /** In one pass: every position of a sequence is a case. A batch is made of whole users. */
        PER_POSITION,
        /**
         * Each case is a sequence of its own, with the last item's output alone to learn from: RecBole's expanded prefixes.
         * A batch is made of independent cases with dropout masks of their own, and costs as many passes.
         */
        PER_CASE
    }

    /** How negative items are drawn. */
    public enum NegativeSampling {
        /** All items alike. */
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
        Ranges.require(popularityAlpha >= 0 && popularityAlpha <= 1, "popularity_alpha must be in [0, 1]");
        Ranges.require(gbceT >= 0 && gbceT <= 1, "gbce_t must be in [0, 1]");
        Ranges.require(
                loss.samples() || !sparseItemUpdates,
                "sparse_item_updates needs a loss that samples (sampled_ce, bce, gbce or bpr): with ce every item has a"
                        + " gradient in every step");
    }

    /** Without anything particular to the losses that sample. */
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
                0);
    }

    /** The published protocol on Amazon: cross-entropy, 50 items, batches of 2048 cases, Adam at 0.001, patience 5. */
    public static TrainConfig defaults() {
        return new TrainConfig(Loss.CE, 50, 0, 2048, 1e-3, 300, 5);
    }

    /** This with negatives drawn in another way. */
    public TrainConfig withNegatives(int count, NegativeSampling sampling, double alpha) {
        return with(config -> config.negatives(count).negativeSampling(sampling).popularityAlpha(alpha));
    }

    /** The number of negatives in force; 0 for a loss that does not sample. */
    public int effectiveNegatives() {
        return switch (loss) {
            case CE -> 0;
            case BPR, BCE -> Math.max(1, negatives);
            case SAMPLED_CE, GBCE -> negatives == 0 ? 256 : negatives;
        };
    }

    /** The stride in force. */
    public int effectiveStride() {
        return windowStride == 0 ? Math.max(1, maxLen / 2) : windowStride;
    }
}
