package org.portolan.source.git;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.FetchResult;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;
import org.portolan.model.Durations;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.SystemCertificates;
import org.portolan.source.GitAddress;
import org.portolan.source.GitLogin;
import org.portolan.source.GitSettings;

/** Brings a mirror up to date, within limits of time and size. */
final class Fetch {
    /** Where a mirror keeps what the repository's HEAD stands for. */
    static final String HEAD = "refs/portolan/HEAD";

    private static final String EXTRA = "refs/portolan/commit/";
    // Connection, greeting and login may each take the time that one answer may take.
    private static final int CONNECTING = 3;
    // What they have to say arrives as an exception too; their own words are stack traces on the error stream. The
    // references keep the loggers, and with them their level.
    private static final List<Logger> LIBRARY_LOGS =
            List.of(Logger.getLogger("org.eclipse.jgit"), Logger.getLogger("org.apache.sshd"));
    private static final Duration LOOK = Duration.ofMillis(200);

    private final GitSettings settings;
    private final GitAddress address;
    private final Repository mirror;
    private volatile boolean cancelled;
    private volatile boolean answered;

    Fetch(GitSettings settings, GitAddress address, Repository mirror) {
        this.settings = settings;
        this.address = address;
        this.mirror = mirror;
        LIBRARY_LOGS.forEach(log -> log.setLevel(Level.OFF));
        if (address.isLocal()) {
            LocalServer.listen();
        }
    }

    /** All branches and tags; what is gone there is gone here. */
    void all() throws IOException {
        List<RefSpec> everything =
                List.of(new RefSpec("+refs/heads/*:refs/heads/*"), new RefSpec("+refs/tags/*:refs/tags/*"));
        FetchResult result = guarded(() -> fetch(everything, true));
        Ref head = result.getAdvertisedRef(Constants.HEAD);
        ObjectId id = head == null ? null : head.getObjectId();
        if (id == null) {
            RefUpdate update = mirror.updateRef(HEAD);
            update.setForceUpdate(true);
            update.delete();
            return;
        }
        if (!mirror.getObjectDatabase().has(id)) {
            // A HEAD that is on no branch.
            guarded(() -> fetch(List.of(new RefSpec("+HEAD:" + HEAD)), false));
            return;
        }
        RefUpdate update = mirror.updateRef(HEAD);
        update.setNewObjectId(id);
        update.forceUpdate();
    }

    /** One commit or reference that is on no branch, where the server gives it away; nothing otherwise. */
    void one(String wanted) throws IOException {
        String name = wanted.startsWith(Constants.R_REFS) ? wanted : EXTRA + wanted;
        if (address.isLocal() && !isThere(wanted)) {
            // The server would refuse it, and take its time.
            return;
        }
        try {
            guarded(() -> fetch(List.of(new RefSpec("+" + wanted + ":" + name)), false));
        } catch (IllegalArgumentException notAReference) {
            throw new Failure(Kind.INVALID, wanted + " is not a valid revision")
                    .withHint("use --ref with a branch, a tag or a commit");
        } catch (Failure refused) {
            if (!(refused.getCause() instanceof TransportException)) {
                throw refused;
            }
            // The caller says that there is no such revision.
        }
    }

    private boolean isThere(String wanted) throws IOException {
        try (Repository repository = Repositories.open(address.folder())) {
            return ObjectId.isId(wanted)
                    ? repository.getObjectDatabase().has(ObjectId.fromString(wanted))
                    : repository.exactRef(wanted) != null;
        }
    }

    private FetchResult fetch(List<RefSpec> references, boolean prune) throws IOException, URISyntaxException {
        if (address.scheme().equals("https")) {
            SystemCertificates.use();
        }
        // Read now: what was replaced since the last fetch works at once.
        Optional<GitLogin> login =
                address.isLocal() ? Optional.empty() : settings.logins().of(address);
        try (Transport transport = Transport.open(mirror, uri(login))) {
            transport.setTimeout((int) settings.silence().toSeconds());
            transport.setTagOpt(TagOpt.NO_TAGS);
            transport.setRemoveDeletedRefs(prune);
            transport.setCredentialsProvider(new GivenCredentials(address, settings.userHome(), login));
            if (transport instanceof SshTransport ssh) {
                ssh.setSshSessionFactory(SshConnections.factory(settings, login));
            }
            return transport.fetch(new Cancellable(), references);
        }
    }

    /** The address without credentials: JGit asks for them, and has none to put into a message. */
    private URIish uri(Optional<GitLogin> login) throws URISyntaxException {
        if (address.isLocal()) {
            return new URIish(address.path());
        }
        URIish uri = new URIish()
                .setScheme(address.scheme())
                .setHost(address.host())
                .setPort(address.port())
                .setPath(address.path());
        if (!address.scheme().equals("ssh")) {
            return uri;
        }
        uri = uri.setUser(login.flatMap(GitLogin::user).or(address::user).orElse(null));
        // Without a scheme the path is relative to the user's home, as in host:path.
        return address.path().startsWith("/") ? uri : uri.setScheme(null);
    }

    private <T> T guarded(Callable<T> work) throws IOException {
        CompletableFuture<T> done = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("git fetch").start(() -> {
            try {
                done.complete(work.call());
            } catch (Throwable problem) {
                done.completeExceptionally(problem);
            }
        });
        long begin = System.nanoTime();
        while (true) {
            try {
                T result = done.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                refuseIfTooLarge();
                return result;
            } catch (TimeoutException notYet) {
                stopIfTooMuch(System.nanoTime() - begin);
            } catch (ExecutionException failed) {
                throw translated(failed.getCause() == null ? failed : failed.getCause());
            } catch (InterruptedException interrupted) {
                cancelled = true;
                Thread.currentThread().interrupt();
                throw new Failure(Kind.UNAVAILABLE, "interrupted while fetching " + address);
            }
        }
    }

    private IOException translated(Throwable problem) {
        if (problem instanceof Error error) {
            throw error;
        }
        if (problem instanceof Failure said) {
            throw said;
        }
        if (problem instanceof IllegalArgumentException invalid) {
            throw invalid;
        }
        Optional<String> damage = address.isLocal() ? LocalServer.damage() : Optional.empty();
        if (damage.isPresent()) {
            throw FetchProblems.damaged(address, damage.get()).withCause(problem);
        }
        if (FetchProblems.isDamage(problem)) {
            return new IOException("the mirror is damaged", problem);
        }
        throw FetchProblems.failure(address, settings, problem);
    }

    private void stopIfTooMuch(long passed) {
        if (passed >= settings.deadline().toNanos()) {
            cancelled = true;
            throw new Failure(
                            Kind.UNREACHABLE,
                            "fetching " + address + " took longer than " + Durations.format(settings.deadline()))
                    .withHint(
                            "run the command again; if it keeps failing, check the connection and the repository's size");
        }
        if (!answered && passed >= settings.silence().toNanos() * CONNECTING) {
            // JGit's own limit covers what is read later, not the greeting of an ssh server.
            cancelled = true;
            throw FetchProblems.silent(address, settings);
        }
        refuseIfTooLarge();
    }

    private void refuseIfTooLarge() {
        if (size() > settings.maxBytes()) {
            cancelled = true;
            throw new Failure(Kind.INVALID, address + " needs more than " + (settings.maxBytes() >> 20) + " MiB")
                    .withHint("keep the Servicefile in a smaller repository");
        }
    }

    private long size() {
        Path objects = mirror.getDirectory().toPath().resolve("objects");
        long sum = 0;
        List<Path> folders = new ArrayList<>(List.of(objects, objects.resolve("pack")));
        for (Path folder : folders) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    sum += file.toFile().length();
                }
            } catch (IOException comesAndGoes) {
                // Packs are renamed while they are counted; the next look sees them.
            }
        }
        return sum;
    }

    /** Ends a fetch that nobody waits for any more. */
    private final class Cancellable extends EmptyProgressMonitor {
        @Override
        public void beginTask(String title, int totalWork) {
            answered = true;
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }
    }
}
