package org.portolan.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/portolan}, with a program in Java's place that prints what it was started with. */
class LauncherTest {
    @TempDir
    Path folder;

    @BeforeEach
    void installation() throws IOException {
        write("scripts/portolan", Files.readString(Path.of("scripts/portolan")));
        write("java/release", "JAVA_VERSION=\"25.0.1\"\n");
        write("java/bin/java", "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    }

    @Test
    void aBuildInPlaceIsUsedOnceItIsPublished() throws IOException {
        write("target/run/portolan-1.jar", "one");
        launch("run/portolan-1");
        assertThat(start())
                .contains("-cp", "org.portolan.app.Main", "run/portolan-1.jar")
                .doesNotContain("target/portolan.jar");
        // Maven takes the jar away and writes it again; commands do not look at it.
        write("target/portolan.jar", "half");
        assertThat(start()).contains("run/portolan-1.jar", "-XX:AOTCache=", "run/portolan-1.aot");
        Files.delete(folder.resolve("target/portolan.jar"));
        write("target/run/portolan-2.jar", "two");
        assertThat(start()).contains("run/portolan-1.jar");
        launch("run/portolan-2");
        assertThat(start()).contains("run/portolan-2.jar").doesNotContain("portolan-1");
    }

    @Test
    void whatIsSeldomAskedForHasAnArchiveWithMoreClasses() throws IOException {
        write("target/run/portolan-1.jar", "one");
        launch("run/portolan-1");
        Path published = folder.resolve("target/launch");
        Files.writeString(published, Files.readString(published) + "built_usual='run/portolan-1-usual.aot'\n");
        for (String usual : List.of("deploy", "-q deploy shop/Servicefile", "status", "--version", "-D serve status")) {
            assertThat(command(usual)).as(usual).contains("run/portolan-1-usual.aot");
        }
        for (String seldom :
                List.of("deploy --git shop.git", "deploy --git=shop.git", "serve", "doctor", "--json help")) {
            assertThat(command(seldom)).as(seldom).contains("run/portolan-1.aot");
        }
    }

    /** As scripts/package lays it out; a JDK that the user has for other things is not used. */
    @Test
    void aPackageStartsWithItsOwnRuntimeWhateverJavaHomeSays() throws IOException {
        Files.delete(folder.resolve("scripts/portolan"));
        write("bin/portolan", Files.readString(Path.of("scripts/portolan")));
        write("lib/portolan/portolan.jar", "jar");
        write("lib/portolan/runtime/release", "JAVA_VERSION=\"25.0.3\"\n");
        write("lib/portolan/runtime/bin/java", "#!/bin/sh\necho own runtime\nprintf '%s\\n' \"$@\"\n");
        write("lib/portolan/launch", """
                built_own=yes
                built_jar='portolan.jar'
                built_home=$target/runtime
                built_version=25
                built_options='-XX:SharedArchiveFile='
                built_archive='portolan.jsa'
                built_programs=$target/programs
                """);
        String lib = folder + "/bin/../lib/portolan/";
        assertThat(start("bin/portolan"))
                .startsWith("own runtime\n")
                .contains(
                        "-XX:SharedArchiveFile=" + lib + "portolan.jsa\n",
                        "-Dportolan.programs=" + lib + "programs\n",
                        "-Dportolan.launcher=" + folder + "/bin/portolan\n",
                        "\n-cp\n" + lib + "portolan.jar\n");
    }

    @Test
    void withoutAPublishedBuildTheJarItselfIsStarted() throws IOException {
        write("target/portolan.jar", "jar");
        assertThat(start()).contains("target/portolan.jar").doesNotContain("AOTCache");
        launch("run/portolan-gone");
        assertThat(start()).contains("target/portolan.jar").doesNotContain("AOTCache");
        Files.delete(folder.resolve("target/portolan.jar"));
        assertThat(start()).contains("portolan.jar is missing; build it");
    }

    private void launch(String name) throws IOException {
        write("target/launch.part", """
                built_jar='%s.jar'
                built_home='%s'
                built_version=25
                built_options='-XX:AOTCache='
                built_archive='%s.aot'
                """.formatted(name, folder.resolve("java"), name));
        Files.move(
                folder.resolve("target/launch.part"),
                folder.resolve("target/launch"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private String start() {
        return command("list");
    }

    private String command(String words) {
        return run(
                words,
                "-u",
                "JAVA_HOME",
                "PORTOLAN_JAVA=" + folder.resolve("java"),
                folder.resolve("scripts/portolan").toString());
    }

    private String start(String launcher) {
        return run(
                "list",
                "-u",
                "PORTOLAN_JAVA",
                "JAVA_HOME=" + folder.resolve("java"),
                folder.resolve(launcher).toString());
    }

    private static String run(String words, String... before) {
        List<String> command = new ArrayList<>(List.of("env"));
        command.addAll(List.of(before));
        command.addAll(List.of(words.split(" ", -1)));
        return Commands.run(command, Duration.ofSeconds(20)).output();
    }

    private void write(String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
