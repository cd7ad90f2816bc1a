package io.github.ttt4rec.recommend;

import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.internal.LearnedTables;
import io.github.ttt4rec.model.SequenceModel;
import java.util.BitSet;
import java.util.List;

/** A network with a second stage that was fitted after it; see {@link TwoStageConfig}. */
public interface TwoStageRecommender extends Recommender {
    /** The first stage, under this recommender's policy. */
    SequenceRecommender firstStage();

    /** This recommender with another network that has the same output table, such as one with frozen fast weights. */
    TwoStageRecommender withNetwork(SequenceModel other);

    /**
     * This recommender for a network that was trained on more of the same log. Its counts are recomputed on the
     * training part of {@code split}; parameters that were fitted on held-out cases stay.
     */
    TwoStageRecommender refit(SequenceRecommender network, Split split);

    /**
     * This recommender with the mean popularity of the other items for some items, about whose popularity nothing is
     * known.
     */
    TwoStageRecommender withMeanPopularity(BitSet items);

    /**
     * This recommender with the live events of all users added to its tables.
     *
     * @param learned the counts of live events, by this recommender's item indices
     * @param training the number of training events of each item, {@code V + 1}
     */
    TwoStageRecommender learning(LearnedTables.View learned, long[] training);

    /**
     * This recommender for a larger catalogue, without the live events that {@link #learning} added.
     *
     * @param all the network with the new items at the end of its catalogue
     * @param similar the indices of each new item's similar items, at least one; these may include new items before it
     */
    TwoStageRecommender withItems(SequenceModel all, List<int[]> similar);
}
