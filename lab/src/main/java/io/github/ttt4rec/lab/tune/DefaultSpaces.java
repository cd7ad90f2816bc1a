package io.github.ttt4rec.lab.tune;

import io.github.ttt4rec.api.RecommenderTypes;
import java.util.List;
import java.util.Map;

/**
 * The ranges that are searched by default: around each published default, with room on both sides. Sizes that make a
 * trial much more expensive are left out.
 */
public final class DefaultSpaces {
    private static final String LEARNING_RATE = "learning_rate=log(0.0002,0.01)";
    private static final String HIDDEN_SIZE = "hidden_size=choice(32,64,128)";

    private static final Map<String, List<String>> RANGES = Map.ofEntries(
            Map.entry(
                    "ttt4rec",
                    List.of(
                            LEARNING_RATE,
                            "dropout=uniform(0,0.6)",
                            "num_layers=int(1,2)",
                            HIDDEN_SIZE,
                            "mini_batch_size=choice(1,4,8,16)",
                            "base_lr=log(0.05,2)")),
            Map.entry(
                    "gru4rec",
                    List.of(
                            LEARNING_RATE,
                            "dropout_prob=uniform(0,0.6)",
                            "num_layers=int(1,2)",
                            "embedding_size=choice(32,64,128)",
                            "hidden_size=choice(64,128,256)")),
            Map.entry(
                    "narm",
                    List.of(
                            LEARNING_RATE,
                            "embedding_dropout=uniform(0,0.6)",
                            "code_dropout=uniform(0,0.7)",
                            "embedding_size=choice(32,64,128)",
                            "hidden_size=choice(64,128,256)")),
            Map.entry(
                    "sasrec",
                    List.of(
                            LEARNING_RATE,
                            "hidden_dropout=uniform(0,0.7)",
                            "attention_dropout=uniform(0,0.7)",
                            "num_layers=int(1,3)",
                            "num_heads=choice(1,2,4)",
                            HIDDEN_SIZE)),
            Map.entry(
                    "esasrec",
                    List.of(
                            LEARNING_RATE,
                            "hidden_dropout=uniform(0,0.7)",
                            "attention_dropout=uniform(0,0.7)",
                            "num_layers=int(1,3)",
                            "num_heads=choice(1,2,4)",
                            HIDDEN_SIZE)),
            Map.entry(
                    "hstu",
                    List.of(
                            LEARNING_RATE,
                            "hidden_dropout=uniform(0,0.7)",
                            "num_layers=int(1,3)",
                            "num_heads=choice(1,2,4)",
                            HIDDEN_SIZE)),
            Map.entry(
                    "bert4rec",
                    List.of(
                            LEARNING_RATE,
                            "hidden_dropout=uniform(0,0.5)",
                            "attention_dropout=uniform(0,0.5)",
                            "mask_ratio=uniform(0.1,0.8)",
                            "num_layers=int(1,3)",
                            HIDDEN_SIZE)),
            Map.entry(
                    "mamba4rec",
                    List.of(
                            LEARNING_RATE,
                            "dropout=uniform(0,0.6)",
                            "num_layers=int(1,2)",
                            "d_state=choice(8,16,32)",
                            HIDDEN_SIZE)),
            Map.entry(
                    "hybrid",
                    List.of(
                            LEARNING_RATE,
                            "dropout=uniform(0,0.7)",
                            "neighbours=logint(20,200)",
                            "memory_events=int(5,50)",
                            "visit_gap_minutes=log(1,1440)",
                            "fresh_days=log(2,90)")),
            Map.entry("fmc", List.of(LEARNING_RATE, "dropout=uniform(0,0.7)", HIDDEN_SIZE)),
            Map.entry(
                    "item-knn",
                    List.of(
                            "neighbours=logint(10,2000)",
                            "shrinkage=uniform(0,100)",
                            "decay=uniform(0.2,1)",
                            "remind=choice(true,false)")),
            Map.entry(
                    "vsknn",
                    List.of(
                            "k=logint(20,2000)",
                            "sample_size=logint(200,20000)",
                            "weighting=choice(same,div,quadratic,log)",
                            "score_weighting=choice(same,div,quadratic,log)",
                            "idf_weight=uniform(0,10)",
                            "remind=choice(true,false)")),
            Map.entry("ease", List.of("neighbours=logint(20,300)", "lambda=log(1,2000)")),
            Map.entry(
                    "slist",
                    List.of(
                            "neighbours=logint(20,300)",
                            "lambda=log(1,1000)",
                            "alpha=uniform(0,1)",
                            "tau_train=log(0.5,20)",
                            "tau_inference=log(0.5,20)")),
            Map.entry(
                    "tale",
                    List.of(
                            "neighbours=logint(20,300)",
                            "lambda=log(0.1,500)",
                            "tau_train=log(0.05,100)",
                            "floor=uniform(0,1)",
                            "beta=uniform(0,1)",
                            "popularity_days=choice(0,7,30,90)",
                            "tau_inference=log(0.5,20)")),
            Map.entry("recent-popularity", List.of("share=log(0.001,1)")));

    private DefaultSpaces() {}

    /**
     * The ranges for a type of {@link RecommenderTypes#names}, as {@link SearchSpace#parse} reads them. For a network
     * without an entry here, only the learning rate is searched; for a memory-based type without one, nothing is.
     */
    public static List<String> of(String type) {
        return RANGES.getOrDefault(type, RecommenderTypes.isTrained(type) ? List.of(LEARNING_RATE) : List.of());
    }
}
