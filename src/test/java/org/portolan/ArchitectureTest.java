package org.portolan;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.portolan.MayImport.Room;

/** The borders between the packages, from the table in {@link MayImport}. Every rule is checked to have something to speak about. */
class ArchitectureTest {
    private static final String ROOT = "org.portolan.";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.portolan");

    private static final Pattern IMPORT = Pattern.compile("(?m)^import (?:static )?org\\.portolan\\.([a-z.]+)\\.[A-Z]");

    private static final Path PAGE = Path.of("docs/architecture.md");

    @Test
    void everyPackageImportsWhatTheTableAllows() throws IOException {
        Map<String, Set<String>> found = importLines();
        for (JavaClass known : CLASSES) {
            String room = known.getPackageName().substring(ROOT.length());
            Set<String> imports = found.computeIfAbsent(room, key -> new TreeSet<>());
            for (Dependency dependency : known.getDirectDependenciesFromSelf()) {
                String target = dependency.getTargetClass().getPackageName();
                if (target.startsWith(ROOT) && !target.equals(known.getPackageName())) {
                    imports.add(target.substring(ROOT.length()));
                }
            }
        }
        Map<String, Set<String>> allowed = new TreeMap<>();
        MayImport.TABLE.forEach(room -> allowed.put(room.name(), new TreeSet<>(room.imports())));
        // Both ways: what is not listed fails, and so does a line of the table that nothing needs any more.
        List<String> differences = new ArrayList<>();
        compare(differences, found, allowed, "imports, without being allowed to, ");
        compare(differences, allowed, found, "is allowed to import, and does not, ");
        assertThat(differences).isEmpty();
    }

    /** What source files import: the compiler leaves constants, type arguments and comments out of a class. */
    private static Map<String, Set<String>> importLines() throws IOException {
        Map<String, Set<String>> found = new TreeMap<>();
        Path sources = Path.of("src/main/java/org/portolan");
        for (Room room : MayImport.TABLE) {
            Set<String> imports = found.computeIfAbsent(room.name(), key -> new TreeSet<>());
            try (var files = Files.list(sources.resolve(room.name().replace('.', '/')))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    IMPORT.matcher(Files.readString(file))
                            .results()
                            .map(line -> line.group(1))
                            .filter(imported -> !imported.equals(room.name()))
                            .forEach(imports::add);
                }
            }
        }
        return found;
    }

    private static void compare(
            List<String> differences, Map<String, Set<String>> ones, Map<String, Set<String>> others, String words) {
        ones.forEach((room, imports) -> {
            Set<String> more = new TreeSet<>(imports);
            more.removeAll(others.getOrDefault(room, Set.of()));
            if (!more.isEmpty() || !others.containsKey(room)) {
                differences.add(room + " " + words + more);
            }
        });
    }

    @Test
    void everyLibraryIsKnownToItsOwnPackagesOnly() {
        Map<String, Set<String>> found = new TreeMap<>();
        Map<String, Set<String>> allowed = new TreeMap<>();
        for (Room room : MayImport.TABLE) {
            allowed.put(room.name(), new TreeSet<>(room.libraries()));
            found.put(room.name(), new TreeSet<>());
        }
        for (JavaClass known : CLASSES) {
            Set<String> libraries = found.get(known.getPackageName().substring(ROOT.length()));
            for (Dependency dependency : known.getDirectDependenciesFromSelf()) {
                String target = dependency.getTargetClass().getPackageName();
                if (!target.isEmpty()
                        && !within(target, "java")
                        && !within(target, "javax")
                        && !within(target, "org.portolan")
                        && !within(target, "org.jspecify")) {
                    libraries.add(MayImport.LIBRARIES.entrySet().stream()
                            .filter(library -> within(target, library.getKey()))
                            .map(Map.Entry::getValue)
                            .findFirst()
                            .orElse("unknown: " + target));
                }
            }
        }
        assertThat(found).isEqualTo(allowed);
    }

    @Test
    void aLowerFloorNeverImportsAHigherOne() {
        Map<String, Integer> floors = new HashMap<>();
        MayImport.TABLE.forEach(room -> floors.put(room.name(), room.floor().ordinal()));
        for (Room room : MayImport.TABLE) {
            for (String imported : room.imports()) {
                assertThat(floors.get(imported))
                        .as(room.name() + " (" + room.floor() + ") imports " + imported)
                        .isLessThanOrEqualTo(room.floor().ordinal());
            }
        }
    }

    @Test
    void packagesDependOnEachOtherWithoutCycles() {
        Map<String, Room> rooms = new HashMap<>();
        MayImport.TABLE.forEach(room -> rooms.put(room.name(), room));
        for (Room room : MayImport.TABLE) {
            Set<String> below = new TreeSet<>(room.imports());
            List<String> next = List.copyOf(below);
            while (!next.isEmpty()) {
                Set<String> more = new TreeSet<>();
                next.forEach(name -> more.addAll(rooms.get(name).imports()));
                more.removeAll(below);
                below.addAll(more);
                next = List.copyOf(more);
            }
            assertThat(below).as("what " + room.name() + " rests on").doesNotContain(room.name());
        }
    }

    @Test
    void pureCodeTouchesNothingOutside() {
        List<String> pure = MayImport.TABLE.stream()
                .filter(room -> room.floor().pure())
                .map(Room::name)
                .toList();
        assertThat(pure).contains("model", "plan", "rollout", "routing", "servicefile.format");
        for (String name : pure) {
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + name)
                    .should()
                    .dependOnClassesThat(resideInAPackage("java.net..")
                            .and(not(named("java.net.IDN")))
                            .or(resideInAPackage("java.nio.channels.."))
                            .or(resideInAPackage("java.nio.file..").and(not(named("java.nio.file.Path"))))
                            .or(resideInAPackage("java.io")
                                    .and(not(named(
                                            "java.io.IOException",
                                            "java.io.UncheckedIOException",
                                            "java.io.Serializable",
                                            // Memory, not files.
                                            "java.io.Reader",
                                            "java.io.StringReader",
                                            "java.io.Writer",
                                            "java.io.StringWriter",
                                            "java.io.InputStream",
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
                    .orShould()
                    .dependOnClassesThat(named("java.lang.Thread", "java.lang.ProcessBuilder"))
                    .check(CLASSES);
        }
    }

    @Test
    void nobodyNamesAnAdapterButTheWiring() {
        for (Room adapter : MayImport.TABLE) {
            if (adapter.floor() != MayImport.Floor.ADAPTERS) {
                continue;
            }
            Set<String> users = new TreeSet<>();
            for (Room room : MayImport.TABLE) {
                if (room.floor() != MayImport.Floor.ADAPTERS && room.imports().contains(adapter.name())) {
                    users.add(room.name());
                }
            }
            assertThat(users).as("users of " + adapter.name()).isSubsetOf("app");
        }
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

    @Test
    void oneSimpleNameMeansOneThing() throws IOException {
        Map<String, Set<String>> places = new TreeMap<>();
        for (String folder : List.of("src/main/java", "src/test/java")) {
            try (var files = Files.walk(Path.of(folder))) {
                files.map(Path::toString)
                        .filter(file -> file.endsWith(".java") && !file.endsWith("package-info.java"))
                        .forEach(file -> places.computeIfAbsent(
                                        file.substring(file.lastIndexOf('/') + 1), key -> new TreeSet<>())
                                .add(file));
            }
        }
        assertThat(places).hasSizeGreaterThan(500);
        assertThat(places.values()).as("files of one name").allMatch(files -> files.size() == 1);
    }

    /** The page shows the same table; {@code -Dupdate} writes it. */
    @Test
    void thePageShowsTheTable() throws IOException {
        String page = Files.readString(PAGE);
        String before = page.substring(0, page.indexOf(MayImport.BEGIN));
        String after = page.substring(page.indexOf(MayImport.END));
        String wanted = before + MayImport.BEGIN + "\n" + MayImport.page() + after;
        if (System.getProperty("update") != null) {
            Files.writeString(PAGE, wanted);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(wanted);
    }

    private static com.tngtech.archunit.base.DescribedPredicate<JavaClass> named(String... names) {
        return describe("named " + List.of(names), known -> List.of(names).contains(known.getName()));
    }

    private static boolean within(String name, String parent) {
        return name.equals(parent) || name.startsWith(parent + ".");
    }
}
