package io.github.ttt4rec.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StageTest {
    @Test
    void innermostClassDecides() {
        assertThat(Stage.of(List.of("VectorGemm", "PackedMatrix", "Linear", "TttBlock", "Trainer")))
                .isEqualTo(Stage.LINEAR);
        assertThat(Stage.of(List.of("VectorGemm", "PackedMatrix", "OutputLayer", "CatalogueCrossEntropy", "Trainer")))
                .isEqualTo(Stage.LOSS);
        assertThat(Stage.of(List.of("VectorNorm", "MlpInnerModel", "TttScan$Scan", "Tape", "Trainer")))
                .isEqualTo(Stage.SCAN);
        assertThat(Stage.of(List.of("Thread"))).isEqualTo(Stage.OTHER);
    }

    @Test
    void packagesThatEvaluationCallsBelongToEvaluation() {
        assertThat(Stage.of(List.of("VectorGemm", "Linear", "SequenceRecommender", "Evaluator$Run")))
                .isEqualTo(Stage.EVALUATION);
    }

    /** A renamed class would silently count towards another stage. */
    @ParameterizedTest
    @EnumSource
    void itsClassesExist(Stage stage) {
        for (String name : stage.classes()) {
            assertThat(Stream.of("autograd", "ttt", "train", "eval", "recommend")
                            .filter(part -> exists(part, name)))
                    .as(name)
                    .hasSize(1);
        }
    }

    private static boolean exists(String part, String name) {
        try {
            Class.forName("io.github.ttt4rec." + part + "." + name, false, StageTest.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException absent) {
            return false;
        }
    }
}
