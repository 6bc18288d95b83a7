package org.portolan;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The borders between the packages. Every rule is checked to have something to speak about. */
class ArchitectureTest {
    private static final String ROOT = "org.portolan.";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.portolan");

    /** A library, and the only packages (with those below them) that may know it. */
    private static final Map<String, List<String>> LIBRARIES = Map.of(
            "org.yaml.snakeyaml", List.of("servicefile"),
            "com.github.dockerjava", List.of("engine.docker"),
            "redis.clients", List.of("store.redis"),
            "com.github.mustachejava", List.of("proxy"),
            "org.apache.commons.codec", List.of("proxy"),
            "org.eclipse.jgit", List.of("source.git"),
            "picocli", List.of("cli"),
            "com.fasterxml.jackson",
                    List.of("json", "engine.docker", "store.redis", "plan.json", "proxy.local", "cli"));

    /** The ports and the pure core: what lies directly in these packages knows no library at all. */
    private static final List<String> WITHOUT_LIBRARIES =
            List.of("model", "engine", "store", "proxy", "source", "rollout", "deploy", "process", "config");

    /** The packages that think and do not act: no clock, no files, no network, no processes. */
    private static final List<String> PURE = List.of("model", "plan");

    /** Adapters, which only the wiring names; the rest of the program knows their ports. */
    private static final List<String> ADAPTERS = List.of("engine.docker", "store.redis", "proxy.local", "source.git");

    static Set<Map.Entry<String, List<String>>> libraries() {
        return LIBRARIES.entrySet();
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void everyLibraryIsKnownToItsOwnPackagesOnly(Map.Entry<String, List<String>> library) {
        Set<String> users = new TreeSet<>();
        for (JavaClass known : CLASSES) {
            for (Dependency dependency : known.getDirectDependenciesFromSelf()) {
                if (within(dependency.getTargetClass().getPackageName(), library.getKey())) {
                    users.add(known.getPackageName());
                }
            }
        }
        assertThat(users).as("users of " + library.getKey()).allMatch(user -> library.getValue().stream()
                .anyMatch(allowed -> within(user, ROOT + allowed)));
    }

    @Test
    void portsAndCoreKnowNoLibrary() {
        for (String name : WITHOUT_LIBRARIES) {
            List<JavaClass> classes = CLASSES.stream()
                    .filter(known -> known.getPackageName().equals(ROOT + name))
                    .toList();
            assertThat(classes).as(name).isNotEmpty();
            for (JavaClass known : classes) {
                assertThat(known.getDirectDependenciesFromSelf())
                        .as(known.getName())
                        .allMatch(dependency ->
                                isOwnOrJdk(dependency.getTargetClass().getPackageName()));
            }
        }
    }

    @Test
    void pureCodeTouchesNothingOutside() {
        for (String name : PURE) {
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + name)
                    .should()
                    .dependOnClassesThat(resideInAnyPackage("java.net..", "java.nio.file..", "java.nio.channels..")
                            .or(resideInAPackage("java.io")
                                    .and(not(named(
                                            "java.io.UncheckedIOException",
                                            "java.io.Serializable",
                                            // Memory, not files.
                                            "java.io.ByteArrayInputStream",
                                            "java.io.ByteArrayOutputStream")))))
                    .orShould()
                    .callMethod(java.time.Instant.class, "now")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis")
                    .orShould()
                    .callMethod(System.class, "nanoTime")
                    .orShould()
                    .callMethod(System.class, "getenv", String.class)
                    .check(CLASSES);
        }
    }

    @Test
    void theModelKnowsNobody() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "model")
                .should()
                .dependOnClassesThat(resideInAPackage("org.portolan..").and(not(resideInAPackage(ROOT + "model"))))
                .check(CLASSES);
    }

    @Test
    void nobodyNamesAnAdapterButTheWiring() {
        for (String adapter : ADAPTERS) {
            Set<String> users = new TreeSet<>();
            for (JavaClass known : CLASSES) {
                if (within(known.getPackageName(), ROOT + parent(adapter))) {
                    continue;
                }
                for (Dependency dependency : known.getDirectDependenciesFromSelf()) {
                    if (within(dependency.getTargetClass().getPackageName(), ROOT + adapter)) {
                        users.add(known.getName());
                    }
                }
            }
            assertThat(users).as("users of " + adapter).isEqualTo(Set.of(ROOT + "cli.Wiring"));
        }
    }

    @Test
    void nothingKnowsTheCommandLineButTheEntryPoint() {
        noClasses()
                .that()
                .resideOutsideOfPackages("org.portolan", ROOT + "cli")
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "cli"))
                .check(CLASSES);
    }

    @Test
    void packagesDependOnEachOtherWithoutCycles() {
        slices().matching("org.portolan.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void everyPackageSaysWhatItIsAboutAndIsNullMarked() {
        for (JavaClass known : CLASSES) {
            assertThat(CLASSES.stream()
                            .filter(info -> info.getPackageName().equals(known.getPackageName()))
                            .anyMatch(info -> info.getSimpleName().equals("package-info")
                                    && info.isAnnotatedWith("org.jspecify.annotations.NullMarked")))
                    .as(known.getPackageName() + " has a package-info.java with @NullMarked")
                    .isTrue();
        }
    }

    private static com.tngtech.archunit.base.DescribedPredicate<JavaClass> named(String... names) {
        return com.tngtech.archunit.base.DescribedPredicate.describe(
                "named " + List.of(names), known -> List.of(names).contains(known.getName()));
    }

    private static boolean within(String name, String parent) {
        return name.equals(parent) || name.startsWith(parent + ".");
    }

    private static String parent(String name) {
        return name.substring(0, name.indexOf('.'));
    }

    private static boolean isOwnOrJdk(String name) {
        return name.isEmpty()
                || within(name, "java")
                || within(name, "javax")
                || within(name, "org.portolan")
                || within(name, "org.jspecify");
    }
}
