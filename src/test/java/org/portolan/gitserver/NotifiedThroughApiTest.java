package org.portolan.gitserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.Failure;
import org.portolan.model.event.Event;
import org.portolan.model.state.Scope;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.remote.RemoteController;
import org.portolan.source.git.GitProgram;

/** A source that somebody has looked at through the API, and what they see of it: as {@code notify --wait} asks. */
@Tag("real")
class NotifiedThroughApiTest {
    private static final Mandate ANNA = Mandate.of(new Caller.Person("anna"));
    /** By the clock of the simulation. */
    private static final Optional<Duration> HOUR = Optional.of(Duration.ofHours(1));

    @TempDir
    Path folder;

    private final List<Event> told = new CopyOnWriteArrayList<>();

    private boolean look(String url, String token, String source, Optional<Duration> most) {
        Map<String, String> environment = token.isEmpty() ? Map.of() : Map.of("PORTOLAN_TOKEN", token);
        try (RemoteController controller = RemoteController.of(url, environment, warning -> {})) {
            return controller.instructing(told::add).look(source, most, ANNA);
        }
    }

    private Failure refused(String url, String token, String source, Optional<Duration> most) {
        return catchThrowableOfType(Failure.class, () -> look(url, token, source, most));
    }

    @Test
    void itEndsWithWhatBecameOfTheSource() throws Exception {
        try (GitSite site = new GitSite(folder, "{shop: {url: push}}", 1 << 20)) {
            String token = site.token("ci", Scope.DEPLOY);
            String web = site.web("shop");
            GitProgram work = site.asking("shop", token, GitSite.file("shop", "1"));
            work.run("push", "-q", web, "main");
            String socket = "unix:" + site.state.resolve("api.sock");

            // Pushed to the folder: nobody tells the controller.
            work.write("Servicefile", GitSite.file("shop", "2")).commit("two");
            work.run("push", "-q", site.repository("shop").toString(), "main");
            assertThat(look(socket, "", "shop", HOUR)).isTrue();
            assertThat(site.running()).containsExactly("shop-web-2-1");
            assertThat(told)
                    .anyMatch(event -> event.message().startsWith("Released"))
                    .doesNotHaveDuplicates();
            long logged = site.sim.store.connect("log").events("", 1000).stream()
                    .filter(event -> event.message().startsWith("Released"))
                    .count();
            assertThat(logged).as("nothing is told to the log twice").isEqualTo(2);

            told.clear();
            assertThat(look(socket, "", "shop", HOUR)).as("No changes.").isFalse();
            assertThat(told).isEmpty();
            String tcp = "http://127.0.0.1:" + site.apiPort;
            assertThat(look(tcp, token, "shop", HOUR)).isFalse();
            assertThat(look(tcp, token, "shop", Optional.empty())).isTrue();

            work.write("Servicefile", GitSite.file("shop", "bad")).commit("bad");
            work.run("push", "-q", site.repository("shop").toString(), "main");
            Failure failed = refused(socket, "", "shop", HOUR);
            assertThat(failed.kind()).isEqualTo(Failure.Kind.FAILED);
            assertThat(failed.what()).startsWith("deployment shop is failing: ");

            assertThat(refused(socket, "", "none", HOUR).kind()).isEqualTo(Failure.Kind.NOT_FOUND);
            assertThat(refused(tcp, site.token("reader", Scope.READ), "shop", HOUR)
                            .what())
                    .contains("needs scope deploy");
            assertThat(refused(tcp, site.token("other", Scope.DEPLOY, "blog"), "shop", HOUR)
                            .kind())
                    .as("a source is of all that it has")
                    .isEqualTo(Failure.Kind.NOT_FOUND);
        }
    }

    @Test
    void itEndsWhenTheTimeIsOver() throws Exception {
        try (GitSite site = new GitSite(folder, "{shop: {url: push}}", 1 << 20)) {
            GitProgram work = site.asking("shop", site.token("ci", Scope.DEPLOY), GitSite.file("shop", "1"));
            work.run("push", "-q", site.web("shop"), "main");
            // Somebody else changes it.
            assertThat(site.sim.store.connect("person").acquire("shop", "deploy"))
                    .isPresent();
            work.write("Servicefile", GitSite.file("shop", "2")).commit("two");
            work.run("push", "-q", site.repository("shop").toString(), "main");
            Failure late =
                    refused("unix:" + site.state.resolve("api.sock"), "", "shop", Optional.of(Duration.ofSeconds(2)));
            assertThat(late.kind()).isEqualTo(Failure.Kind.UNAVAILABLE);
            assertThat(late.what()).contains("source shop: it is not carried out within 2s");
        }
    }
}
