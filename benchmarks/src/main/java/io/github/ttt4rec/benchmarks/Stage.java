package io.github.ttt4rec.benchmarks;

import java.util.List;
import java.util.Set;

/** The stages of an epoch that a profile tells apart, by the classes at work. */
enum Stage {
    LOSS("output layer and cross-entropy, forward and backward", "CatalogueCrossEntropy"),
    SCAN(
            "TTT scan, forward and backward",
            "TttScan",
            "TttScan$Scan",
            "InnerModel",
            "MlpInnerModel",
            "LinearInnerModel"),
    LINEAR("linear maps of the block, forward and backward", "Linear", "InnerLearningRate"),
    ELEMENTS(
            "norms, activations, dropout, rotation, embedding",
            "LayerNorm",
            "RmsNorm",
            "Gates",
            "Activations",
            "Dropout",
            "DropoutMask",
            "RotaryEmbedding",
            "Embedding",
            "Add",
            "CausalConvolution",
            "Tape"),
    OPTIMISER("Adam and packing", "Adam", "LazyRows", "ParameterSet"),
    EVALUATION("validation: block, scores, ranks", "Evaluator", "Evaluator$Run", "SequenceRecommender"),
    OTHER("all else");

    private final String description;
    /** From {@code Set.of}, which is immutable, though its type does not say so. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final Set<String> classes;

    Stage(String description, String... classes) {
        this.description = description;
        this.classes = Set.of(classes);
    }

    String description() {
        return description;
    }

    /** Simple names of the classes whose work it is. */
    Set<String> classes() {
        return classes;
    }

    /** The stage of a stack of simple class names, innermost first: evaluation whoever it calls, else the innermost. */
    static Stage of(List<String> stack) {
        if (stack.stream().anyMatch(EVALUATION.classes::contains)) {
            return EVALUATION;
        }
        for (String name : stack) {
            for (Stage stage : values()) {
                if (stage.classes.contains(name)) {
                    return stage;
                }
            }
        }
        return OTHER;
    }
}
