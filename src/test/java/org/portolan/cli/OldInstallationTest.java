package org.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the program of commit 1ce5309 left behind is understood: the store, the state directory, the labels, the definitions'
 * hashes. Recorded by {@code scripts/upgrade-check --record}; there the real upgrade is made, under traffic.
 */
@Tag("real")
class OldInstallationTest {
    private static final Path RECORDED = Path.of("src/test/resources/installation-1ce5309");

    @TempDir
    Path folder;

    private RecordedEngine engine;

    @BeforeEach
    void lay() throws IOException {
        assertThat(System.getenv("PORTOLAN_SANDBOX"))
                .as("run this in scripts/sandbox")
                .isNotNull();
        try (Stream<Path> files = Files.walk(RECORDED)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path here = folder.resolve(RECORDED.relativize(file).toString());
                Files.createDirectories(here.getParent());
                Files.writeString(here, here(Files.readString(file)));
            }
        }
        Files.createDirectories(folder.resolve("home/store"));
        Files.write(folder.resolve("home/store/appendonly.aof"), store());
        engine = new RecordedEngine(folder.resolve("engine"), folder.resolve("docker.sock"));
    }

    @AfterEach
    void end() throws IOException {
        run("system", "down", "--yes");
        engine.close();
    }

    @Test
    void nothing_is_to_be_changed() {
        CliRun plan = run("plan");
        assertThat(plan.out() + plan.err()).contains("No changes.");
        assertThat(plan.status()).isZero();
        assertThat(engine.changes).isEmpty();
    }

    @Test
    void its_history_is_known_and_leads_back() {
        CliRun history = run("history");
        assertThat(history.out()).contains("done").contains("failed").contains("proof-api-3-1 not healthy within 3s");
        assertThat(history.out().lines().filter(line -> line.matches("\\s*[123]\\b.*")))
                .hasSize(3);
        assertThat(run("history", "1").out()).contains("proof-web-1-1");
        CliRun rollback = run("rollback", "--plan");
        assertThat(rollback.out())
                .as(rollback.err())
                .contains("web")
                .contains("api")
                .contains("echo");
        assertThat(engine.changes).isEmpty();
    }

    @Test
    void a_change_of_one_service_is_planned_for_that_one_only() throws IOException {
        Path file = folder.resolve("site/Servicefile");
        Files.writeString(
                file, Files.readString(file).replace("NAME: chat, VERSION: \"1\"", "NAME: chat, VERSION: \"2\""));
        CliRun plan = run("plan");
        assertThat(plan.status()).as(plan.out() + plan.err()).isEqualTo(3);
        assertThat(plan.out()).contains("Plan: 0 to add, 1 to change, 0 to remove.");
        assertThat(plan.out().lines().filter(line -> line.matches("[~+-] .*")))
                .singleElement()
                .asString()
                .startsWith("~ chat ");
    }

    private CliRun run(String... arguments) {
        String[] words = new String[arguments.length + 2];
        words[0] = "-D";
        words[1] = "proof";
        System.arraycopy(arguments, 0, words, 2, arguments.length);
        if (arguments[0].equals("plan")) {
            words = Stream.concat(
                            Stream.of(words), Stream.of(folder.resolve("site").toString()))
                    .toArray(String[]::new);
        }
        return CliRun.with(
                "",
                Map.of(
                        "DOCKER_HOST",
                        "unix://" + folder.resolve("docker.sock"),
                        "PATH",
                        System.getenv("PATH"),
                        "HOME",
                        folder.toString(),
                        "PORTOLAN_EDGE_HTTP",
                        "8080",
                        "PORTOLAN_EDGE_HTTPS",
                        "8443",
                        "PORTOLAN_HOME",
                        folder.resolve("home").toString()),
                "",
                words);
    }

    private String here(String text) {
        return text.replace("@HOME@", folder.resolve("home").toString())
                .replace("@SITE@", folder.resolve("site").toString())
                .replace("@ENGINE@", folder.resolve("engine").toString());
    }

    /** The recorded commands as the append-only file that Redis reads when it starts. */
    private byte[] store() throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        for (String line : Files.readAllLines(RECORDED.resolve("store.txt"), StandardCharsets.US_ASCII)) {
            List<byte[]> words =
                    Stream.of(line.split("\t", -1)).map(this::octets).toList();
            file.write(("*" + words.size() + "\r\n").getBytes(StandardCharsets.US_ASCII));
            for (byte[] word : words) {
                file.write(("$" + word.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
                file.write(word);
                file.write(new byte[] {'\r', '\n'});
            }
        }
        return file.toByteArray();
    }

    private byte[] octets(String word) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < word.length(); i++) {
            if (word.charAt(i) != '\\') {
                text.append(word.charAt(i));
            } else if (word.charAt(i + 1) == 'x') {
                text.append((char) Integer.parseInt(word, i + 2, i + 4, 16));
                i += 3;
            } else {
                text.append(word.charAt(++i));
            }
        }
        return here(text.toString()).getBytes(StandardCharsets.ISO_8859_1);
    }
}
