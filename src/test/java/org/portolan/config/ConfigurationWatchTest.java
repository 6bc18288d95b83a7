package org.portolan.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.config.ConfigurationWatch.Found;
import org.portolan.model.InvalidInput;

/** What of the configuration a running process takes over, and when. */
class ConfigurationWatchTest {
    @TempDir
    Path home;

    private int written;

    private Path write(String text) throws IOException {
        // As an editor does: another file takes its place.
        Path file = home.resolve("portolan.yaml");
        Path beside = Files.writeString(home.resolve("beside" + ++written), text);
        return Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private ConfigurationWatch watch(Map<String, String> environment) {
        ConfigurationWatch watch = new ConfigurationWatch(environment, home, Configurations.read(environment, home));
        assertThat(watch.look()).as("what it began with").isPresent();
        assertThat(watch.look()).isEmpty();
        return watch;
    }

    private static Found next(ConfigurationWatch watch) {
        Optional<Found> first = watch.look();
        return first.orElseGet(() -> watch.look().orElseThrow());
    }

    @Test
    void sourcesAreTakenOverAndOtherKeysWaitForARestart() throws IOException {
        write("edge.http: 8081\nsources: {a: {url: /srv/a, ref: main}}\n");
        ConfigurationWatch watch = watch(Map.of("PORTOLAN_EDGE_HTTPS", "8444"));
        write(
                "edge: {http: 8082, https: 9999}\nredis_prefix: x\nsources: {a: {url: /srv/a, ref: next}, b: {url: /srv/b}}\n"
                        + "freeze: {night: {from: \"0 22 * * *\", for: 8h}}\n");
        Found found = next(watch);
        Configuration now = found.taken().orElseThrow();
        assertThat(now.sources()).extracting(SourceSettings::name).containsExactly("a", "b");
        assertThat(now.freezes()).hasSize(1);
        assertThat(now.edge().http()).as("what the process works with").isEqualTo(8081);
        assertThat(found.later())
                .as("keys, and not those that a variable decides")
                .containsExactly("redis_prefix", "edge.http");
        assertThat(found.fault()).isEmpty();
        write("edge.http: 8081\nsources: {}\n");
        assertThat(next(watch).later()).as("changed back").isEmpty();
    }

    @Test
    void whatIsNotValidIsNotTakenOverAndItsPlaceIsSaid() throws IOException {
        write("sources: {a: {url: /srv/a}}\n");
        ConfigurationWatch watch = watch(Map.of());
        write("sources:\n  a: {url: /srv/a, pol: 5s}\n");
        Found found = next(watch);
        assertThat(found.taken()).isEmpty();
        assertThat(found.fault().orElseThrow()).isInstanceOfSatisfying(InvalidInput.class, invalid -> assertThat(
                        invalid.problems().getFirst().at().toString())
                .endsWith("portolan.yaml:2:20"));
        Files.delete(home.resolve("portolan.yaml"));
        assertThat(next(watch).fault().orElseThrow().what()).contains("does not exist any more");
        write("sources: {a: {url: /srv/a}}\n");
        assertThat(next(watch).taken()).isPresent();
    }

    @Test
    void aFileThatIsBeingWrittenIsNotRead() throws IOException {
        write("sources: {a: {url: /srv/a}, b: {url: /srv/b}}\n");
        ConfigurationWatch watch = watch(Map.of());
        write("sources: {a: {url: /srv/a}}\n");
        assertThat(watch.look()).as("changed since the last look").isEmpty();
        write("sources: {a: {url: /srv/a}, c: {url: /srv/c}}\n");
        assertThat(watch.look()).isEmpty();
        assertThat(watch.look().orElseThrow().taken().orElseThrow().sources())
                .extracting(SourceSettings::name)
                .containsExactly("a", "c");
        assertThat(watch.look()).isEmpty();
    }

    @Test
    void whoAsksHasItReadAtOnceAndAFileThatIsWrittenAsItWasIsNoChange() throws IOException {
        write("sources: {a: {url: /srv/a}}\n");
        ConfigurationWatch watch = watch(Map.of());
        write("sources: {a: {url: /srv/a}}\n");
        assertThat(watch.look()).isEmpty();
        assertThat(watch.look()).as("the same text").isEmpty();
        write("sources: {b: {url: /srv/b}}\n");
        watch.hurry();
        assertThat(watch.look()).isPresent();
    }

    @Test
    void aFormerFileThatComesBackAfterOneThatCouldNotBeReadIsNews() throws IOException {
        String text = "sources: {a: {url: /srv/a}}\n";
        Path file = write(text);
        ConfigurationWatch watch = watch(Map.of());
        Files.delete(file);
        Files.createDirectory(file);
        assertThat(next(watch).fault()).isPresent();
        Files.delete(file);
        write(text);
        assertThat(next(watch).fault()).isEmpty();
    }

    @Test
    void aFileMayComeLater() throws IOException {
        ConfigurationWatch watch = watch(Map.of());
        write("sources: {a: {url: /srv/a}}\n");
        assertThat(next(watch).taken().orElseThrow().sources()).hasSize(1);
    }
}
