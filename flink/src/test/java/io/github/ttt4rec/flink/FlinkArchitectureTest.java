package io.github.ttt4rec.flink;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/**
 * Checks which packages of the project this module uses. {@code ArchitectureTest} in cli checks that no other module
 * uses this one.
 */
class FlinkArchitectureTest {
    private static final String ROOT = "io.github.ttt4rec";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT + ".flink");

    @Test
    void jobKnowsTheLibraryButNeitherTheServerNorTheCommandLine() {
        assertThat(CLASSES.contain(ROOT + ".flink.job.RecommendFunction")).isTrue();
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + ".serve..", ROOT + ".cli..", "io.helidon..", "org.sqlite..")
                .check(CLASSES);
    }

    @Test
    void subPackagesFormNoCycles() {
        slices().matching(ROOT + ".flink.(*)..").should().beFreeOfCycles().check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".flink")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".flink")
                .check(CLASSES);
    }

    @Test
    void jobComputesNothingThatTheLibraryComputes() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + ".ttt..",
                        ROOT + ".autograd..",
                        ROOT + ".kernels..",
                        ROOT + ".baseline..",
                        ROOT + ".eval..",
                        ROOT + ".train..")
                .check(CLASSES);
    }
}
