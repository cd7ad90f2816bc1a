package io.github.ttt4rec.recommend;

import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.recommend.internal.LearnedTables;
import io.github.ttt4rec.model.SequenceModel;
import java.util.List;

/** A network and a second stage that was fitted after it; see {@link TwoStageConfig}. */
public interface TwoStageRecommender extends Recommender {
    /** The first stage, under this recommender's policy. */
    SequenceRecommender firstStage();

    /** This with another network that has the same output table, such as one whose fast weights are frozen. */
    TwoStageRecommender withNetwork(SequenceModel other);

    /**
     * This for a network that was trained on more of the same log: what the second stage counts, it counts on the training part of
     * {@code split}; what it fitted on cases that it had not counted stays.
     */
    TwoStageRecommender refit(SequenceRecommender network, Split split);

    /**
     * This with what live events of all users add to the tables that it has counted.
     *
     * @param learned the live events, by this recommender's item indices
     * @param training the number of training events of each item, {@code V + 1}
     */
    TwoStageRecommender learning(LearnedTables.View learned, long[] training);

    /**
     * This for a larger catalogue; live tables must be set again.
     *
     * @param all the network with the new items at the end of its catalogue
     * @param similar for each new item the indices of similar items, at least one; these may be new items before it
     */
    TwoStageRecommender withItems(SequenceModel all, List<int[]> similar);
}
