package org.portolan.gitserver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.portolan.access.Access;
import org.portolan.access.AccessChanges;
import org.portolan.config.Configuration;
import org.portolan.config.Configurations;
import org.portolan.config.PushRepositories;
import org.portolan.controller.Controller;
import org.portolan.controller.FollowedSources;
import org.portolan.engine.sim.Behaviour;
import org.portolan.http.ApiSettings;
import org.portolan.http.HttpDoor;
import org.portolan.http.MetricsText;
import org.portolan.http.TokenCheck;
import org.portolan.model.container.Container;
import org.portolan.model.state.Credential;
import org.portolan.model.state.Principal;
import org.portolan.model.state.Scope;
import org.portolan.model.state.SshKey;
import org.portolan.model.state.Standing;
import org.portolan.notify.WebhookReceiver;
import org.portolan.notify.WebhookSecrets;
import org.portolan.process.Home;
import org.portolan.query.Viewed;
import org.portolan.reconcile.HealthPolicy;
import org.portolan.reconcile.Pace;
import org.portolan.sim.SimSite;
import org.portolan.source.GitSettings;
import org.portolan.source.Sources;
import org.portolan.source.git.GitProgram;
import org.portolan.source.git.GitSources;
import org.portolan.sync.SourceAccess;
import org.portolan.sync.SourceLoader;
import org.portolan.testing.FreePorts;

/** A controller with its Git server on loopback, in front of a simulated engine whose time follows the real one. */
final class GitSite implements AutoCloseable {
    final SimSite sim = new SimSite(7);
    final Path folder;
    final Path state;
    final GitDoor door;
    final HttpDoor api;
    final int apiPort = freePort();
    private final Thread loop;
    private final Map<String, String> environment;
    /** Whether the controller does nothing for now. */
    volatile boolean held;

    private volatile boolean stopped;

    GitSite(Path folder, String sources, long maxPack) throws IOException {
        this.folder = folder;
        state = Files.createDirectories(folder.resolve("state")).toRealPath();
        environment = Map.of("PORTOLAN_SOURCES", sources, "HOME", folder.toString());
        for (String tag : List.of("1", "2")) {
            sim.engine.world().image("web:" + tag, Behaviour.GOOD, 80);
        }
        sim.engine.world().image("web:bad", Behaviour.neverHealthy(), 80);
        SimSite.Process process = sim.process();
        process.installation.store().claim("cafe0001");
        SourceLoader loader = new SourceLoader(access(), environment, InstantSource.system(), warning -> {});
        FollowedSources followed =
                new FollowedSources(() -> access().configuration().sources(), state, loader);
        door = new GitDoor(state, new Configuration.Git("127.0.0.1", 0, maxPack), followed, access().sources(), loader);
        api = new HttpDoor(
                new ApiSettings(state.resolve("api.sock"), "127.0.0.1", apiPort, Optional.empty(), "testhost", "1.2.3"),
                (Viewed) java.lang.reflect.Proxy.newProxyInstance(
                        Viewed.class.getClassLoader(), new Class<?>[] {Viewed.class}, (proxy, method, arguments) -> {
                            if (method.getName().equals("home")) {
                                return access().home();
                            }
                            throw new UnsupportedOperationException(method.getName());
                        }),
                new StoredTokens(new Access(sim.store.connect("tokens"), sim.clock)),
                new WebhookReceiver(List::of, new WebhookSecrets(access().home(), environment)),
                MetricsText.NONE,
                door.http());
        Controller controller = new Controller(new Controller.Setup(
                process.installation,
                followed.all(),
                followed,
                false,
                "controller@sim",
                List.of(api, door),
                new Random(7),
                Pace.USUAL,
                HealthPolicy.USUAL));
        loop = Thread.ofPlatform().daemon().start(() -> {
            while (!stopped) {
                if (!held) {
                    controller.step();
                    sim.clock.advance(Duration.ofMillis(20));
                }
                pause(10);
            }
            controller.run(() -> true, Duration.ZERO);
        });
    }

    private record StoredTokens(Access access) implements TokenCheck {
        @Override
        public boolean any() {
            return access.anyToken();
        }

        @Override
        public Optional<Principal> check(String token) {
            return access.check(token);
        }

        @Override
        public boolean stands(Principal principal) {
            return access.stands(principal);
        }
    }

    private static int freePort() {
        return FreePorts.next();
    }

    private SourceAccess access() {
        return new SourceAccess() {
            @Override
            public Home home() {
                return Home.of(Map.of("PORTOLAN_HOME", state.toString()));
            }

            @Override
            public Configuration configuration() {
                return Configurations.read(environment, state);
            }

            @Override
            public Sources sources() {
                return new GitSources(GitSettings.of(state, environment));
            }
        };
    }

    /** A Servicefile of one deployment. */
    static String file(String name, String tag) {
        return "Name: " + name + "\nweb:\n  image: web:" + tag + "\n  ports: {http: 80}\n  health: {http: /}\n";
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A key pair of ssh-keygen; its private file. */
    Path key(String name, String... kind) {
        Path file = folder.resolve("key-" + name);
        List<String> command = new ArrayList<>(List.of("ssh-keygen", "-q", "-N", "", "-f", file.toString()));
        command.addAll(List.of(kind));
        if (GitProgram.execute(folder, Map.of("PATH", "/usr/bin:/bin"), command).status() != 0) {
            throw new AssertionError("ssh-keygen");
        }
        return file;
    }

    /** Lets a key in. */
    Path allow(Path key, Scope scope, String... deployments) throws IOException {
        SshKey read = SshKey.read(Files.readString(key.resolveSibling(key.getFileName() + ".pub")));
        new AccessChanges(sim.store.connect("keys"), sim.clock, "tester", "here")
                .addKey(
                        new AccessChanges.Wanted(
                                key.getFileName().toString(),
                                scope,
                                new TreeSet<>(List.of(deployments)),
                                Optional.empty()),
                        read);
        return key;
    }

    /** Lets a key in no more. */
    void remove(Path key) {
        new AccessChanges(sim.store.connect("keys"), sim.clock, "tester", "here")
                .remove(key.getFileName().toString(), Credential.Key.class);
    }

    /** A token that is let in. */
    String token(String name, Scope scope, String... deployments) {
        return tokenFor(name, Optional.empty(), scope, deployments);
    }

    /** One that ends. */
    String tokenFor(String name, Optional<Duration> life, Scope scope, String... deployments) {
        String text = new AccessChanges(sim.store.connect("keys"), sim.clock, "tester", "here")
                .addToken(new AccessChanges.Wanted(name, scope, new TreeSet<>(List.of(deployments)), life))
                .text();
        // That a token is unknown counts for a moment.
        pause(100);
        return text;
    }

    void removeToken(String name) {
        new AccessChanges(sim.store.connect("keys"), sim.clock, "tester", "here").remove(name, Credential.Token.class);
    }

    /** Where a source is over HTTP. */
    String web(String source) {
        for (int i = 0; i < 1000 && api.describe().size() < 2; i++) {
            pause(20);
        }
        return "http://127.0.0.1:" + apiPort + "/git/" + source + ".git";
    }

    /** Git in a folder that answers with a token when it asks for a password, as a person does. */
    GitProgram asking(Path where, String token) throws IOException {
        Path answers = Files.createTempFile(folder, "answers", ".sh");
        Files.writeString(
                answers, "#!/bin/sh\ncase \"$1\" in Username*) echo anybody;; *) echo " + token + ";; esac\n");
        Files.setPosixFilePermissions(answers, PosixFilePermissions.fromString("rwx------"));
        return new GitProgram(where).with("GIT_ASKPASS", answers.toString()).with("GIT_TERMINAL_PROMPT", "0");
    }

    /** An Ed25519 key that is let in. */
    Path admitted(String name, Scope scope, String... deployments) throws IOException {
        return allow(key(name, "-t", "ed25519"), scope, deployments);
    }

    int port() {
        for (int i = 0; i < 1000 && door.describe().isEmpty(); i++) {
            pause(20);
        }
        String where = door.describe().getFirst();
        return Integer.parseInt(where.replaceAll("^ssh://git@127\\.0\\.0\\.1:([0-9]+),.*", "$1"));
    }

    String url(String source) {
        return "ssh://git@127.0.0.1:" + port() + "/" + source + ".git";
    }

    List<String> ssh(Path key) {
        return List.of(
                "ssh",
                "-F",
                "/dev/null",
                "-i",
                key.toString(),
                "-o",
                "IdentitiesOnly=yes",
                "-o",
                "BatchMode=yes",
                "-o",
                "LogLevel=ERROR",
                "-o",
                "StrictHostKeyChecking=accept-new",
                "-o",
                "UserKnownHostsFile=" + folder.resolve("known_hosts"));
    }

    /** Git in a folder, with a key. */
    GitProgram git(Path where, Path key) {
        return new GitProgram(where).with("GIT_SSH_COMMAND", String.join(" ", ssh(key)));
    }

    /** A work tree with a Servicefile. */
    GitProgram work(String name, Path key, String servicefile) throws IOException {
        return work(git(Files.createDirectories(folder.resolve(name)), key), servicefile);
    }

    /** The same where pushes go over HTTP. */
    GitProgram asking(String name, String token, String servicefile) throws IOException {
        return work(asking(Files.createDirectories(folder.resolve(name)), token), servicefile);
    }

    private static GitProgram work(GitProgram git, String servicefile) {
        git.run("init", "-q", "-b", "main");
        git.write("Servicefile", servicefile).commit("first");
        return git;
    }

    /** What the program of SSH does with these arguments, and its output. */
    GitProgram.Result ssh(Path key, String... arguments) {
        List<String> command = new ArrayList<>(List.of("timeout", "20"));
        command.addAll(ssh(key));
        command.addAll(List.of("-p", String.valueOf(port())));
        command.addAll(List.of(arguments));
        return GitProgram.execute(folder, Map.of("PATH", "/usr/bin:/bin", "HOME", folder.toString()), command);
    }

    Path repository(String source) {
        return PushRepositories.repository(state, source);
    }

    List<String> running() {
        return sim.engine.observe().containers().stream()
                .filter(container -> container.state() == Container.State.RUNNING)
                .map(Container::name)
                .sorted()
                .toList();
    }

    /** The id of the image of an instance. */
    String image(String instance) {
        return sim.engine.observe().containers().stream()
                .filter(container -> container.name().equals(instance))
                .map(Container::imageId)
                .findFirst()
                .orElse("");
    }

    /** Waits until a source stands so. */
    void awaitCondition(String source, String condition) {
        for (int i = 0; i < 500; i++) {
            boolean is = sim.store.connect("status").standings().stream()
                    .anyMatch(standing -> standing.subject() == Standing.Subject.SOURCE
                            && standing.name().equals(source)
                            && standing.condition().word().equals(condition));
            if (is) {
                return;
            }
            pause(20);
        }
        throw new AssertionError(sim.store.connect("status").standings().toString());
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        loop.join(Duration.ofSeconds(10));
    }
}
