package org.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;

/** Remedies are values; the command line, and nothing else, makes commands of them. */
class AdviceTest {
    /** Files that are written by Portolan or describe its format, and how many lines of them name a command. */
    private static final Map<String, Integer> NAMES_COMMANDS = Map.ofEntries(
            // The hook and the crontab's line say what wrote them.
            Map.entry("source/git/Hooks.java", 1),
            Map.entry("install/BootInstall.java", 1),
            Map.entry("install/ControllerInstall.java", 1),
            // The reference of the format, and hints about words of other formats.
            Map.entry("servicefile/format/RolloutShape.java", 2),
            Map.entry("servicefile/format/DockerShape.java", 1),
            Map.entry("servicefile/format/ComposeKeys.java", 1),
            // Texts that are kept as they are: warnings of a plan, reports and the reasons of a wait.
            Map.entry("plan/Planner.java", 1),
            Map.entry("plan/ProxyRepairs.java", 1),
            Map.entry("release/VolumePlaces.java", 4),
            Map.entry("model/event/DeploymentEvent.java", 1),
            Map.entry("rollout/RolloutProgress.java", 1),
            Map.entry("proxy/local/ProxyReport.java", 1));

    private static final Pattern COMMAND = Pattern.compile("\"[^\"]*\\bportolan (-D\\b|[a-z][a-z-]+\\b)");

    @Test
    void callsAreCommandsThatCanBeTyped() {
        Failure failure = new Failure(Kind.FAILED, "release 3 of shop failed")
                .withRemedy(Remedy.of("fix it and redeploy; details: ")
                        .and(Call.on("shop", Verb.HISTORY, "3"))
                        .and(", or ")
                        .and(Call.of(Verb.DEPLOY, "--git", "/srv/it's here")));
        String commands = "fix it and redeploy; details: `portolan -D shop history 3`,"
                + " or `portolan deploy --git '/srv/it'\\''s here'`";
        assertThat(failure.remedy().map(Advice::text)).contains(commands);
        assertThat(JsonLines.line("error", JsonLines.failure(failure)))
                .contains("details: `portolan -D shop history 3`, or");
        assertThat(failure.hint().orElseThrow())
                .as("what is kept names no program")
                .startsWith("fix it and redeploy; details: `history 3` of shop")
                .doesNotContain("portolan");
    }

    @ParameterizedTest
    @EnumSource(Verb.class)
    void everyVerbIsACommand(Verb verb) {
        String[] words = Advice.text(Remedy.of(Call.of(verb))).replace("`", "").split(" ");
        String[] help = List.of(words).subList(1, words.length).toArray(String[]::new);
        help = Stream.concat(Stream.of(help), Stream.of("--help")).toArray(String[]::new);
        CliRun run = CliRun.of(help);
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("portolan " + String.join(" ", List.of(words).subList(1, words.length)));
    }

    @Test
    void maskingReachesTheArguments() {
        Remedy masked = Remedy.of("see secret: ")
                .and(Call.on("secret", Verb.DEPLOY, "--git", "secret"))
                .map(text -> text.replace("secret", "***"));
        assertThat(Advice.text(masked)).isEqualTo("see ***: `portolan -D '***' deploy --git '***'`");
    }

    @Test
    void onlyTheCommandLineNamesItsCommands() throws IOException {
        Path sources = Path.of("src/main/java/org/portolan");
        SortedMap<String, Integer> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(sources)) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.startsWith(sources.resolve("cli")))
                    .forEach(file -> {
                        int lines = (int) lines(file).stream()
                                .filter(line -> !line.contains(".name(\""))
                                .filter(line -> COMMAND.matcher(line).find())
                                .count();
                        if (lines > 0) {
                            found.put(sources.relativize(file).toString(), lines);
                        }
                    });
        }
        assertThat(found).as("say it as a Remedy with a Call").isEqualTo(new TreeMap<>(NAMES_COMMANDS));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
