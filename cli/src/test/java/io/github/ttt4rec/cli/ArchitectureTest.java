package io.github.ttt4rec.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Checks which packages may depend on which. The test is in this module because only this module depends on all others.
 */
class ArchitectureTest {
    private static final String ROOT = "io.github.ttt4rec";

    /**
     * The current number of public types of core, internal packages not counted. Lower it when types become
     * package-private.
     */
    private static final int MAX_PUBLIC_TYPES = 118;

    private static final int MAX_PARAMETERS = 8;

    private static final Path KERNELS_FROM_TEMPLATES =
            Path.of("../numerics/src/main/generated-sources/io/github/ttt4rec/kernels");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void allModulesWereRead() {
        assertThat(CLASSES.contain(ROOT + ".kernels.Kernels")).isTrue();
        assertThat(CLASSES.contain(ROOT + ".data.Dataset")).isTrue();
        assertThat(CLASSES.contain(ROOT + ".lab.compare.Comparison")).isTrue();
        assertThat(CLASSES.contain(ROOT + ".serve.engine.Engine")).isTrue();
        assertThat(CLASSES.contain(ROOT + ".cli.Main")).isTrue();
    }

    @Test
    void kernelsKnowNothingElseOfTheProject() {
        check(noClasses()
                .that()
                .resideInAPackage(below("kernels"))
                .should()
                .dependOnClassesThat(allOfTheProjectBut(below("kernels"))));
    }

    @Test
    void randomBitsKnowNothingElseOfTheProject() {
        check(noClasses()
                .that()
                .resideInAPackage(below("random"))
                .should()
                .dependOnClassesThat(allOfTheProjectBut(below("random"))));
    }

    @Test
    void autogradKnowsOnlyKernelsAndRandomBits() {
        check(noClasses()
                .that()
                .resideInAPackage(below("autograd"))
                .should()
                .dependOnClassesThat(allOfTheProjectBut(below("autograd"), below("kernels"), below("random"))));
    }

    @Test
    void searchForItemsKnowsOnlyTheOutputLayerAndKernels() {
        check(noClasses()
                .that()
                .resideInAPackage(below("internal.retrieval"))
                .should()
                .dependOnClassesThat(
                        allOfTheProjectBut(below("internal.retrieval"), below("autograd"), below("kernels"))));
    }

    @Test
    void dataKnowsNothingOfModels() {
        check(noClasses()
                .that()
                .resideInAPackage(below("data"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        below("kernels"),
                        below("autograd"),
                        below("model"),
                        below("train"),
                        below("eval"),
                        below("io")));
    }

    @Test
    void modelsKnowNothingOfFilesTrainingAndEvaluation() {
        check(noClasses()
                .that()
                .resideInAnyPackage(below("model"), below("baseline"), below("ttt"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        below("io"), below("train"), below("eval"), below("data"), below("api"), "java.nio.file.."));
    }

    @Test
    void onlyTheLibrarysFrontAndParityKnowTheBaselines() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(below("baseline"), below("api"), below("lab.parity"), below("cli"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(below("baseline")));
    }

    @Test
    void recommendersKnowNothingOfFilesTrainingAndEvaluation() {
        check(noClasses()
                .that()
                .resideInAnyPackage(below("recommend"), below("neighbour"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(below("train"), below("eval"), below("api"), "java.nio.file.."));
    }

    @Test
    void onlyTrainingTheFrontTheLabAndTheCommandLineKnowEvaluation() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(
                        below("eval"), below("train"), below("api"), below("lab"), below("cli"), below("benchmarks"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(below("eval")));
    }

    @Test
    void attributesOfItemsKnowNothingOfModelsAndServing() {
        check(noClasses()
                .that()
                .resideInAPackage(below("catalogue"))
                .should()
                .dependOnClassesThat(allOfTheProjectBut(ROOT, ROOT + ".internal", below("data"), below("catalogue"))));
    }

    @Test
    void servingKnowsNoTrainer() {
        check(noClasses()
                .that()
                .resideInAnyPackage(below("serve"), below("live"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(below("train")));
    }

    @Test
    void onlyTheCommandLineKnowsTheLab() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(below("lab"), below("cli"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(below("lab")));
    }

    @Test
    void comparisonKnowsNothingOfItsReport() {
        check(noClasses()
                .that()
                .resideInAPackage(below("lab.compare"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(below("lab.report")));
    }

    @Test
    void livePackageKnowsNeitherFilesNorStores() {
        check(noClasses()
                .that()
                .resideInAPackage(below("live"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(below("serve"), below("io"), "java.io..", "java.nio.file.."));
    }

    @Test
    void onlyTheCommandLineKnowsServing() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(below("serve"), below("cli"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(below("serve")));
    }

    @Test
    void eventStoreKnowsNothingOfModelsAndServing() {
        check(noClasses()
                .that()
                .resideInAPackage(below("serve.store"))
                .should()
                .dependOnClassesThat(allOfTheProjectBut(
                        ROOT, ROOT + ".internal", ROOT + ".serve", ROOT + ".data", below("io"), below("serve.store"))));
    }

    @Test
    void engineKnowsNothingOfHttpAndTheDatabase() {
        check(noClasses()
                .that()
                .resideInAPackage(below("serve.engine"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(below("serve.http"), "io.helidon..", "org.sqlite..", "java.sql.."));
    }

    @Test
    void onlyTheHttpPackageKnowsTheWebServerAndTheMetrics() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(below("serve.http"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.helidon..", "io.micrometer.."));
    }

    @Test
    void noModuleHereDependsOnFlinkKafkaOrJmh() {
        check(noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.flink..", "org.apache.kafka..", "org.openjdk.jmh.."));
        // The class path of this test contains all dependencies of core, lab, serve and cli.
        assertThat(System.getProperty("java.class.path").split(File.pathSeparator))
                .hasSizeGreaterThan(10)
                .extracting(path -> Path.of(path).getFileName().toString())
                .noneMatch(
                        name -> name.matches("((flink|kafka|jmh|ttt4rec-flink|ttt4rec-benchmarks)-|HdrHistogram).*"));
    }

    @Test
    void noPackageKnowsTheCommandLine() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(below("cli"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(below("cli")));
    }

    @Test
    void onlyProgramsKnowTheTerminalAndItsOptions() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(below("terminal"), below("cli"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(below("terminal"), "picocli.."));
        check(noClasses()
                .that()
                .resideInAPackage(below("terminal"))
                .should()
                .dependOnClassesThat(allOfTheProjectBut(
                        ROOT,
                        ROOT + ".internal",
                        below("terminal"),
                        below("recommend"),
                        below("io"),
                        below("data"),
                        ROOT + ".api")));
    }

    @Test
    void onlyKernelsTouchTheVectorApi() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(below("kernels"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator.vector.."));
    }

    @Test
    void packagesFormNoCycles() {
        // Each package is a slice of its own, so that the rule finds a cycle between a package and its internal one.
        check(slices().matching(ROOT + ".(**)").should().beFreeOfCycles());
        check(slices().matching(ROOT + ".(*)..").should().beFreeOfCycles());
        check(noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".cli")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".cli"));
    }

    @Test
    void internalTypesOfDataAreForDataOnly() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(below("data"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(below("data.internal")));
    }

    /**
     * Returns the types that users of core can see, without the generated builders of records. A type that only its own
     * package needs is package-private or internal.
     */
    @Test
    void coreGainsNoPublicTypes() {
        List<String> visible = CLASSES.stream()
                .filter(type -> isIn(type, "core"))
                .filter(type -> type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(type -> !(type.getPackageName() + ".").contains(".internal."))
                .filter(type -> !type.isAnnotatedWith("io.soabase.recordbuilder.core.RecordBuilderGenerated"))
                .map(JavaClass::getName)
                .sorted()
                .toList();
        assertThat(visible).hasSizeBetween(50, MAX_PUBLIC_TYPES);
    }

    /**
     * Methods and constructors by hand. A record's constructor may have more, as it names its components; kernels written from
     * templates take scalars, since a view would be an object there.
     */
    @Test
    void methodsTakeAtMostEightParameters() throws IOException {
        Set<String> generated;
        try (Stream<Path> files = Files.list(KERNELS_FROM_TEMPLATES)) {
            generated = files.map(file -> file.getFileName().toString().replace(".java", ""))
                    .map(name -> ROOT + ".kernels." + name)
                    .collect(Collectors.toSet());
        }
        assertThat(generated).contains(ROOT + ".kernels.VectorGemm");
        List<String> longer = CLASSES.stream()
                .filter(type -> !generated.contains(type.getName()) && !isRecordBuilder(type))
                .flatMap(type -> type.getCodeUnits().stream())
                .filter(code -> !code.getModifiers().contains(JavaModifier.SYNTHETIC))
                .filter(code -> !code.isConstructor() || !isRecordOrEnum(code.getOwner()))
                .filter(code -> code.getRawParameterTypes().size() > MAX_PARAMETERS)
                .map(JavaCodeUnit::getFullName)
                .sorted()
                .toList();
        assertThat(longer).isEmpty();
    }

    /** The processor of the annotation RecordBuilder writes it for the record of that name. */
    private static boolean isRecordBuilder(JavaClass type) {
        String name = type.getName();
        String suffix = "Builder";
        return name.endsWith(suffix) && CLASSES.contain(name.substring(0, name.length() - suffix.length()));
    }

    private static boolean isRecordOrEnum(JavaClass type) {
        return type.isRecord() || type.isEnum();
    }

    /** Classes are in a directory, or in a jar if the modules are packaged first. */
    private static boolean isIn(JavaClass type, String module) {
        String source = type.getSource().orElseThrow().getUri().toString();
        return source.contains("/" + module + "/target/") || source.contains("ttt4rec-" + module + "-");
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(CLASSES);
    }

    private static String below(String name) {
        return ROOT + "." + name + "..";
    }

    private static DescribedPredicate<JavaClass> allOfTheProjectBut(String... packages) {
        return resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(packages)));
    }
}
