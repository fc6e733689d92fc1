package dev.pagewalk.tools;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The modules' import directions and the rules that hold for all main code. Every exception from a rule is named here. */
class ModuleRulesTest {
    private static final String BASE = "dev.pagewalk";
    private static final String MMU = BASE + ".mmu..";
    private static final String EMULATOR = BASE + ".emulator..";
    private static final String DEVICES = BASE + ".devices..";
    private static final String IMAGES = BASE + ".images..";
    private static final String IMAGES_ELF = BASE + ".images.elf..";
    private static final String KERNEL = BASE + ".kernel..";
    private static final String TOOLS = BASE + ".tools..";
    private static final String COMMAND_LINE = BASE + ".tools.cli..";

    /** Main code; not what JMH's annotation processor writes beside the benchmarks. */
    private static final JavaClasses MAIN_CODE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("jmh_generated"))
            .importPackages(BASE);

    @Test
    void everyModuleIsSeen() {
        Set<String> modules = MAIN_CODE.stream()
                .map(type -> type.getPackageName().split("\\.")[2])
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(modules).containsExactly("devices", "emulator", "images", "kernel", "mmu", "tools");
    }

    @Test
    void theMmuImportsNoOtherModule() {
        imports(MMU, MMU);
    }

    @Test
    void theEmulatorImportsTheMmuOnly() {
        imports(EMULATOR, EMULATOR, MMU);
    }

    @Test
    void theDevicesImportTheEmulatorAndTheMmuOnly() {
        imports(DEVICES, DEVICES, EMULATOR, MMU);
    }

    @Test
    void theImagesImportTheEmulatorAndTheMmuOnly() {
        imports(IMAGES, IMAGES, EMULATOR, MMU);
    }

    @Test
    void theKernelImportsNoDevicesAndOfTheImagesTheElfFormatOnly() {
        imports(KERNEL, KERNEL, IMAGES_ELF, EMULATOR, MMU);
    }

    @Test
    void theToolsImportAnyModule() {
        imports(TOOLS, TOOLS, DEVICES, KERNEL, IMAGES, EMULATOR, MMU);
    }

    private static void imports(String module, String... allowed) {
        noClasses()
                .that()
                .resideInAPackage(module)
                .should()
                .dependOnClassesThat(resideInAPackage(BASE + "..").and(not(resideInAnyPackage(allowed))))
                .check(MAIN_CODE);
    }

    /** Each package is a slice of its own, a parent apart from its children. */
    @Test
    void noPackagesFormACycle() {
        SlicesRuleDefinition.slices()
                .assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        return type.getPackageName().startsWith(BASE)
                                ? SliceIdentifier.of(type.getPackageName())
                                : SliceIdentifier.ignore();
                    }

                    @Override
                    public String getDescription() {
                        return "every package";
                    }
                })
                .namingSlices("$1")
                .should()
                .beFreeOfCycles()
                .check(MAIN_CODE);
    }

    @Test
    void nothingStaticCanChange() {
        fields().that().areStatic().should().haveModifier(JavaModifier.FINAL).check(MAIN_CODE);
    }

    /** Only the command line and the test runner look at the host's clock, to say how long a run took. */
    @Test
    void nothingBelowTheToolsDependsOnHostTimeOrChance() {
        noClasses()
                .that(not(resideInAPackage(TOOLS)))
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "identityHashCode", Object.class)
                .orShould()
                .callMethod(Object.class, "hashCode")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callConstructor(Random.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(ThreadLocalRandom.class)
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.time\\..*|java\\.security\\.SecureRandom|java\\.util\\.UUID")
                .check(MAIN_CODE);
    }

    /**
     * Host threads would let the host's scheduler into the machine: there is the interruption of a boot, the one that stands in
     * the host's read of the console's input, which touches no machine, and the one that translates, on whose time nothing that a
     * guest does depends.
     */
    @Test
    void nothingBelowTheCommandLineStartsThreadsButTheReaderOfTheConsoleAndTheTranslator() {
        noClasses()
                .that(not(resideInAPackage(COMMAND_LINE)))
                .and()
                .doNotHaveFullyQualifiedName(BASE + ".devices.console.HostReader")
                .and()
                .doNotHaveFullyQualifiedName(BASE + ".emulator.engine.translator.TranslationQueue")
                .should()
                .callConstructorWhere(targetIs("java.lang.Thread"))
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.util\\.concurrent\\.(Executor.*|ForkJoinPool|CompletableFuture)")
                .check(MAIN_CODE);
    }

    @Test
    void onlyTheCommandLineTouchesTheStandardStreamsAndEndsTheJvm() {
        noClasses()
                .that(not(resideInAPackage(COMMAND_LINE)))
                .should()
                .accessField(System.class, "in")
                .orShould()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.FileDescriptor")
                .check(MAIN_CODE);
    }

    private static <T extends JavaAccess<?>> DescribedPredicate<T> targetIs(String type) {
        return describe(
                "a constructor of " + type, access -> access.getTargetOwner().isAssignableTo(type));
    }
}
