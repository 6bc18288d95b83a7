package org.portolan.source.git;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.source.GitLogin;
import org.portolan.source.GitLogins;
import org.portolan.source.RepositoryPatterns;

/** A repository behind Basic authentication, fetched with a login that is configured by reference. */
@Tag("real")
class LoginsTest extends GitSourcesCase {
    private final List<String> sent = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private volatile String accepted = "";
    private Path token;
    private String commit;

    @BeforeEach
    void serve() throws IOException {
        commit = git.commit("first");
        Path repositories = Files.createDirectories(home.resolve("repositories"));
        GitProgram.bare(repositories.resolve("shop.git"));
        git.run("push", "-q", repositories.resolve("shop.git").toString(), "main");
        token = Files.writeString(home.resolve("token"), "hunter2\n");
        accepted = basic("robot", "hunter2");
        GitHttpBackend backend = new GitHttpBackend(repositories);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                String given = exchange.getRequestHeaders().getFirst("Authorization");
                sent.add(String.valueOf(given));
                if (accepted.equals(given)) {
                    backend.answer(exchange);
                } else {
                    exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"git\"");
                    exchange.sendResponseHeaders(401, -1);
                }
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private GitSources with(GitLogins logins) {
        return new GitSources(settings().with(logins), work);
    }

    private GitSources configured() {
        return with(address -> {
            try {
                return Optional.of(new GitLogin(
                        Optional.of("robot"),
                        Optional.of(Files.readString(token).strip()),
                        Optional.empty(),
                        Optional.empty()));
            } catch (IOException gone) {
                throw new Failure(Kind.INVALID, "the token cannot be read").withHint("put it there");
            }
        });
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/shop.git";
    }

    @Test
    void aTokenThatWasReplacedWorksAtOnce() throws IOException {
        GitSources sources = configured();
        assertThat(sources.git(url(), Optional.of("main"), "").origin().commit())
                .contains(commit);

        accepted = basic("robot", "rotated");
        Failure refused = failure(() -> sources.git(url(), Optional.of("main"), ""));
        assertThat(refused.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(refused.what()).contains("rejected the login");
        assertThat(refused.hint().orElse("")).contains("credentials of its source");
        assertThat(refused.toString() + refused.details() + refused.getCause()).doesNotContain("hunter2");

        Files.writeString(token, "rotated");
        assertThat(sources.git(url(), Optional.of("main"), "").origin().commit())
                .contains(commit);
    }

    @Test
    void whatIsMirroredHoldsNoCredentialsAndOneThatCannotBeReadIsSaid() throws IOException {
        GitSources sources = configured();
        sources.git(url(), Optional.of("main"), "");
        try (var files = Files.walk(home.resolve("state/git"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .doesNotContain("hunter2");
            }
        }
        Files.delete(token);
        assertThat(failure(() -> sources.git(url(), Optional.of("main"), "")).what())
                .isEqualTo("the token cannot be read");
        assertThat(sources.git(url(), Optional.of(commit), "").origin().commit())
                .as("what is mirrored needs no login")
                .contains(commit);
    }

    @Test
    void anotherRepositoryGetsNone() {
        GitSources sources = with(address -> Optional.empty());
        assertThat(failure(() -> sources.git(url(), Optional.of("main"), "")).what())
                .contains("rejected the login");
        assertThat(sent).containsOnly("null");
    }

    @Test
    void withoutAUserAnyNameIsSentWithTheToken() {
        accepted = basic("git", "hunter2");
        GitSources sources = with(address -> Optional.of(
                new GitLogin(Optional.empty(), Optional.of("hunter2"), Optional.empty(), Optional.empty())));
        assertThat(sources.git(url(), Optional.of("main"), "").origin().commit())
                .contains(commit);
    }

    @Test
    void patternsAreFetchedWithItToo() {
        assertThat(configured().find(url(), new RepositoryPatterns(Optional.empty(), List.of(), "**", List.of())))
                .extracting(match -> match.path())
                .containsExactly("Servicefile", "sub/Servicefile");
    }
}
