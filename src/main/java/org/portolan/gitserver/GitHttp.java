package org.portolan.gitserver;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.zip.GZIPInputStream;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.SideBandOutputStream;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.state.Principal;

/**
 * Git's smart protocol in requests of HTTP: the repositories, rights and limits of the server that SSH leads to. Whoever listens for HTTP
 * finds out who asks. May be used from many threads.
 */
public final class GitHttp {
    /** The service of a clone or fetch. */
    public static final String UPLOAD = GitRequest.UPLOAD;

    /** The service of a push. */
    public static final String RECEIVE = GitRequest.RECEIVE;

    /** What a fetch asks with: what it wants and has, some fifty bytes each. */
    private static final long ASKED_BYTES = 8L << 20;

    /** What a push may have besides its pack, unpacked or not. */
    private static final long AROUND_PACK = 4L << 20;

    private volatile @Nullable GitServices services;
    private volatile long packBytes;

    /** Serves nobody until the Git server opens it. */
    public GitHttp() {
        packBytes = 0;
    }

    /**
     * One request.
     *
     * @param repository as the path names it
     * @param service one of the two
     * @param protocol the Git-Protocol header, "" without one
     * @param proof what they came in with, in words: {@code token}
     * @param from the address that they come from
     * @param stands whether what they came in with is still theirs
     */
    public record Asked(
            String repository,
            String service,
            String protocol,
            Principal who,
            String proof,
            String from,
            BooleanSupplier stands) {}

    /** Serves from now on. */
    void open(GitServices own, GitLimits limits) {
        packBytes = limits.packBytes();
        services = own;
    }

    /** Serves no more. What is in progress ends when its own {@code gone} becomes true. */
    void close() {
        services = null;
    }

    /**
     * The answer to the first request: what the repository has.
     *
     * @throws Failure when it is refused; nothing was written then
     */
    public void advertise(Asked asked, OutputStream out) throws IOException {
        GitServices.Streams streams =
                new GitServices.Streams(InputStream.nullInputStream(), out, OutputStream.nullOutputStream());
        apart(() -> serve(asked, GitTalk.advertisement(asked.protocol()), streams, () -> false));
        out.flush();
    }

    /**
     * The answer to one of the others. A refusal is written in Git's protocol: the client shows nothing else at this point.
     *
     * @param packed whether the body is compressed by gzip
     * @param gone becomes true when a push shall no longer be followed
     * @throws IOException when the client is gone or does not speak Git
     */
    public void answer(Asked asked, boolean packed, InputStream body, OutputStream out, BooleanSupplier gone)
            throws IOException {
        try {
            InputStream in = limited(asked, packed ? new GZIPInputStream(body) : body);
            GitServices.Streams streams = new GitServices.Streams(in, out, OutputStream.nullOutputStream());
            apart(() -> serve(asked, GitTalk.request(asked.protocol()), streams, gone));
        } catch (Failure refused) {
            refuse(asked, refused, out);
        } catch (PackGuard.NotGit other) {
            refuse(asked, new Failure(Kind.INVALID, "the body is not what git sends"), out);
        }
        out.flush();
    }

    private InputStream limited(Asked asked, InputStream in) {
        return new BoundedBody(in, asked.service().equals(RECEIVE) ? packBytes + AROUND_PACK : ASKED_BYTES);
    }

    private void serve(Asked asked, GitTalk talk, GitServices.Streams streams, BooleanSupplier gone)
            throws IOException {
        GitServices own = services;
        if (own == null) {
            throw new Failure(Kind.UNAVAILABLE, "this controller does not lead").withHint("try again in a moment");
        }
        Visitor visitor = new Visitor(asked.who(), asked.proof(), asked.from(), asked.stands());
        Optional<GitRequest> request = GitRequest.of(asked.repository(), asked.service());
        if (request.isEmpty()) {
            throw new Failure(Kind.NOT_FOUND, "there is no such repository for " + visitor.named());
        }
        own.serve(request.get(), visitor, talk, streams, gone);
    }

    private static void refuse(Asked asked, Failure refused, OutputStream out) throws IOException {
        String text = refused.what() + refused.hint().map(hint -> "; " + hint).orElse("");
        if (asked.service().equals(RECEIVE)) {
            SideBandOutputStream error =
                    new SideBandOutputStream(SideBandOutputStream.CH_ERROR, SideBandOutputStream.SMALL_BUF, out);
            error.write(("portolan: " + text + "\n").getBytes(StandardCharsets.UTF_8));
            error.flush();
        } else {
            new PacketLineOut(out).writeString("ERR portolan: " + text + "\n");
        }
    }

    /** A part of the work. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    /**
     * In a separate thread: packs take much of the processor, and Git's own timeouts interrupt the thread. Those that listen for HTTP are
     * few, and shared by all requests.
     */
    private static void apart(Work work) throws IOException {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("git client").start(() -> {
            try {
                work.run();
                end.complete(null);
            } catch (IOException | RuntimeException | Error problem) {
                end.completeExceptionally(problem);
            }
        });
        try {
            end.join();
        } catch (CompletionException ended) {
            Throwable cause = ended.getCause();
            if (cause instanceof IOException problem) {
                throw problem;
            }
            if (cause instanceof UncheckedIOException problem) {
                throw new IOException(problem);
            }
            if (cause instanceof RuntimeException problem) {
                throw problem;
            }
            throw ended;
        }
    }
}
