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
    /** Made by {@code Set.of} and therefore immutable, although its type does not show that. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final Set<String> classes;

    Stage(String description, String... classes) {
        this.description = description;
        this.classes = Set.of(classes);
    }

    String description() {
        return description;
    }

    /** The simple names of the classes that do this stage's work. */
    Set<String> classes() {
        return classes;
    }

    /**
     * Returns the stage of a stack of simple class names, innermost first: validation if any frame belongs to it,
     * otherwise the stage of the innermost frame that has one.
     */
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
