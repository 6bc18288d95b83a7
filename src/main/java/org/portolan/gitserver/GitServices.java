package org.portolan.gitserver;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.eclipse.jgit.errors.UnpackException;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.pack.PackConfig;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.UploadPack;
import org.portolan.config.PushRepositories;
import org.portolan.controller.ControllerHandle;
import org.portolan.controller.FollowedSources;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.event.EventLevel;
import org.portolan.model.event.Notice;
import org.portolan.model.state.Scope;
import org.portolan.source.Sources;
import org.portolan.store.Store;
import org.portolan.sync.SourceLoader;

/** The two services of Git, for somebody who was let in, whatever connects them. */
final class GitServices {
    private static final int MEBIBYTE_BITS = 20;
    private static final int UPLOAD_WAIT_SECONDS = 5;

    private final Path home;
    private final FollowedSources sources;
    private final Sources repositories;
    private final SourceLoader loader;
    private final GitLimits limits;
    private final ControllerHandle controller;
    private final Semaphore pushes;
    private final Semaphore uploads;

    GitServices(
            Path home,
            FollowedSources sources,
            Sources repositories,
            SourceLoader loader,
            GitLimits limits,
            ControllerHandle controller) {
        this.home = home;
        this.sources = sources;
        this.repositories = repositories;
        this.loader = loader;
        this.limits = limits;
        this.controller = controller;
        this.pushes = new Semaphore(limits.pushes());
        this.uploads = new Semaphore(limits.uploads());
    }

    /** The client's side of a request. */
    record Streams(InputStream in, OutputStream out, OutputStream errors) {}

    /**
     * Serves one request to its end.
     *
     * @param gone becomes true when a push shall no longer be followed
     * @throws Failure when it is refused; nothing was sent then
     * @throws IOException when the client is gone or does not speak Git
     */
    void serve(GitRequest request, Visitor visitor, GitTalk talk, Streams streams, BooleanSupplier gone)
            throws IOException {
        if (!visitor.stands()) {
            throw new Failure(Kind.REFUSED, visitor.named() + " was removed or changed, or has expired")
                    .withHint("connect again with a " + visitor.proof() + " that is known");
        }
        Path folder = repository(request, visitor);
        try (Repository repository = Packs.open(folder)) {
            if (!request.push()) {
                upload(repository, talk, streams);
                return;
            }
            if (!pushes.tryAcquire()) {
                throw new Failure(Kind.UNAVAILABLE, "too many pushes at once").withHint("push again in a moment");
            }
            try {
                receive(request.source(), visitor, repository, talk, streams, gone);
            } finally {
                pushes.release();
            }
        }
    }

    private void upload(Repository repository, GitTalk talk, Streams streams) throws IOException {
        if (!begins()) {
            throw new Failure(Kind.UNAVAILABLE, "too many clones and fetches at once")
                    .withHint("fetch again in a moment");
        }
        try {
            UploadPack upload = new UploadPack(repository);
            upload.setPackConfig(sparing(repository));
            upload.setTimeout((int) limits.silence().toSeconds());
            talk.send(upload, streams);
        } finally {
            uploads.release();
        }
    }

    /** Most take a moment: one that comes just then waits. */
    private boolean begins() {
        try {
            return uploads.tryAcquire(UPLOAD_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Looks for similar objects in little memory; what is similar in the repository's packs already is sent as it is. */
    private PackConfig sparing(Repository repository) {
        PackConfig config = new PackConfig(repository);
        config.setThreads(1);
        config.setBigFileThreshold((int) (limits.objectBytes() / 8));
        config.setDeltaSearchMemoryLimit(limits.objectBytes());
        config.setDeltaCacheSize(limits.objectBytes() / 2);
        return config;
    }

    private void receive(
            String source, Visitor visitor, Repository repository, GitTalk talk, Streams streams, BooleanSupplier gone)
            throws IOException {
        Packs.tidy(repository);
        long size = Packs.size(repository);
        if (size > limits.repositoryBytes()) {
            throw new Failure(
                            Kind.REFUSED,
                            "the repository " + source + " has " + (size >> MEBIBYTE_BITS) + " MiB, more than "
                                    + (limits.repositoryBytes() >> MEBIBYTE_BITS))
                    .withHint("remove large files from its history on the server");
        }
        PushCheck check = new PushCheck(source, sources, loader, controller, visitor);
        ReceivePack receive = new ReceivePack(repository);
        receive.setTimeout((int) limits.silence().toSeconds());
        receive.setMaxObjectSizeLimit(limits.objectBytes());
        receive.setCheckReceivedObjects(true);
        receive.setAllowPushOptions(false);
        // What may not be rewritten or deleted is refused by the check, with its reason.
        receive.setAllowDeletes(true);
        receive.setAllowNonFastForwards(true);
        receive.setPreReceiveHook(check);
        receive.setPostReceiveHook(new PushReport(source, check, controller, visitor, limits, gone));
        try {
            talk.take(receive, new PackGuard(streams.in(), limits.objects(), limits.packBytes()), streams);
        } catch (UnpackException told) {
            // The client has got the reason in Git's own way.
        }
    }

    /** The repository that is asked for, if there is one for this person. What is not for them does not exist. */
    private Path repository(GitRequest request, Visitor visitor) {
        String source = request.source();
        Path folder = PushRepositories.repository(home, source);
        boolean known = sources.pushed().contains(source);
        boolean makes = request.push() && visitor.principal().may(Scope.ADMIN);
        if ((!known && !makes) || !sees(source, visitor)) {
            throw new Failure(Kind.NOT_FOUND, "there is no repository " + source + " for " + visitor.named())
                    .withHint("the first push with a " + visitor.proof() + " of scope admin makes one");
        }
        Scope needed = request.push() ? Scope.DEPLOY : Scope.READ;
        if (!visitor.principal().scope().covers(needed)) {
            throw new Failure(
                            Kind.REFUSED,
                            visitor.named() + " has the scope "
                                    + visitor.principal().scope().word() + ", a push needs deploy")
                    .withHint("use a " + visitor.proof() + " with scope deploy");
        }
        if (repositories.makePushed(folder)) {
            controller.installation().publish("", new Notice(EventLevel.JOB, "Created the repository " + folder));
        }
        return folder;
    }

    /**
     * Of a source that is deployed as something else they would see what is not for them. Whoever is limited to deployments sees a source
     * only when it is known what it deploys: by its rules, or by what it has deployed.
     */
    private boolean sees(String source, Visitor visitor) {
        if (visitor.principal().deployments().isEmpty()) {
            return true;
        }
        Set<String> names = new TreeSet<>(sources.deployments(source));
        String location = PushRepositories.location(home, source);
        Store store = controller.installation().store();
        store.deployments().values().stream()
                .filter(state -> state.owner().location().equals(location))
                .forEach(state -> names.add(state.name()));
        if (!sources.isRuled(source)) {
            // One whose entry cannot be read may be of this source.
            names.addAll(store.damaged());
        }
        return !names.isEmpty() && names.stream().allMatch(visitor.principal()::sees);
    }
}
