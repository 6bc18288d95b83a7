package org.portolan.gitserver;

import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.portolan.access.Access;
import org.portolan.config.Configuration;
import org.portolan.controller.ControllerHandle;
import org.portolan.controller.Door;
import org.portolan.controller.FollowedSources;
import org.portolan.model.Failure;
import org.portolan.model.event.EventLevel;
import org.portolan.model.event.Notice;
import org.portolan.source.Sources;
import org.portolan.sync.SourceLoader;

/**
 * The Git server as a door of the controller. For SSH it listens once a key is known: before that nobody could come in, and its port may be in use by
 * another program.
 */
public final class GitDoor implements Door {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    /** After trouble, such as a port that another program has. */
    private static final Duration AGAIN_AFTER = Duration.ofSeconds(5);

    private final Path home;
    private final Configuration.Git settings;
    private final FollowedSources sources;
    private final Sources repositories;
    private final SourceLoader loader;
    private final GitHttp http = new GitHttp();
    private @Nullable Thread waiting;
    private @Nullable GitSsh open;
    private String fingerprint = "";

    /** @param home the state directory */
    public GitDoor(
            Path home, Configuration.Git settings, FollowedSources sources, Sources repositories, SourceLoader loader) {
        this.home = home;
        this.settings = settings;
        this.sources = sources;
        this.repositories = repositories;
        this.loader = loader;
    }

    /** The same server for whoever listens for HTTP; it serves while this door is open. */
    public GitHttp http() {
        return http;
    }

    @Override
    public synchronized void start(ControllerHandle controller) {
        GitSsh.quiet();
        GitLimits limits = GitLimits.of(settings.maxPack(), Runtime.getRuntime().maxMemory());
        // One for both ways: they share the limits of pushes and clones at once.
        GitServices services = new GitServices(home, sources, repositories, loader, limits, controller);
        http.open(services, limits);
        Access access = new Access(
                controller.installation().store(), controller.installation().clock());
        waiting = Thread.ofPlatform()
                .daemon()
                .name("git server")
                .start(() -> await(controller, access, services, limits));
    }

    private void await(ControllerHandle controller, Access access, GitServices services, GitLimits limits) {
        String told = "";
        while (!Thread.currentThread().isInterrupted()) {
            Duration pause = LOOK_EVERY;
            try {
                if (access.anyKey()) {
                    listen(controller, access, services, limits);
                    return;
                }
            } catch (RuntimeException trouble) {
                // Also what nobody foresaw: this thread is the only one that would try again.
                pause = AGAIN_AFTER;
                String what = trouble instanceof Failure failure
                        ? failure.what()
                        : "the Git server does not start: " + trouble.getMessage();
                if (!told.equals(what)) {
                    told = what;
                    controller.installation().publish("", new Notice(EventLevel.WARNING, told));
                }
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException stopped) {
                return;
            }
        }
    }

    private void listen(ControllerHandle controller, Access access, GitServices services, GitLimits limits) {
        KeyPair key = HostKey.of(home.resolve(HostKey.FILE));
        synchronized (this) {
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
            open = GitSsh.listen(settings.address(), settings.port(), key, access, services, limits);
            fingerprint = GitSsh.fingerprint(key);
        }
        describe()
                .forEach(where ->
                        controller.installation().publish("", new Notice(EventLevel.DETAIL, "listening on " + where)));
    }

    @Override
    public void stop(Duration deadline) {
        http.close();
        GitSsh listening;
        synchronized (this) {
            if (waiting != null) {
                waiting.interrupt();
            }
            waiting = null;
            listening = open;
            open = null;
        }
        if (listening != null) {
            listening.close(deadline);
        }
    }

    /** With the fingerprint of the host key, which clients ask about at their first connection. */
    @Override
    public synchronized List<String> describe() {
        return open == null
                ? List.of()
                : open.describe().stream()
                        .map(where -> where + ", host key " + fingerprint)
                        .toList();
    }
}
