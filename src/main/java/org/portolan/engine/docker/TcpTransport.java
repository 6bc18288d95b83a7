package org.portolan.engine.docker;

import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Requests over tcp, with TLS where certificates are given, through docker-java's transport. Each runs on a
 * thread that is left behind when the deadline passes; a call's client is then discarded with all its connections. A stream
 * shares its client with others: it is opened on a virtual thread, whose interruption closes its one connection.
 */
final class TcpTransport implements Transport {
    /** Follow-streams hold a connection each until they are closed. */
    private static final int STREAMS = 10_000;

    private static final int CALLS = 32;

    /** It tells of every connection that it tries again; what matters comes as an exception. Kept, or it is forgotten. */
    private static final Logger CHATTER = Logger.getLogger("com.github.dockerjava");

    private final URI address;
    private final @Nullable ClientCertificates certificates;
    private final Duration connectDeadline;
    private @Nullable DockerHttpClient calls;
    private @Nullable DockerHttpClient streams;

    TcpTransport(URI address, @Nullable ClientCertificates certificates, Duration connectDeadline) {
        this.address = address;
        this.certificates = certificates;
        this.connectDeadline = connectDeadline;
    }

    @Override
    public Reply call(Request request, Duration deadline) throws IOException {
        DockerHttpClient client = callClient();
        try {
            return within(Thread.ofPlatform().daemon(), deadline, () -> {
                try (Response response = client.execute(request)) {
                    byte[] body = response.getBody().readNBytes(UnixTransport.MAX_BODY + 1);
                    if (body.length > UnixTransport.MAX_BODY) {
                        throw new IOException("the answer to " + request.path() + " is too long");
                    }
                    String version = response.getHeader("Api-Version");
                    return new Reply(response.getStatusCode(), version == null ? "" : version, body);
                }
            });
        } catch (DeadlineExceeded e) {
            discardCalls(client);
            throw e;
        }
    }

    @Override
    public Response open(Request request, Duration deadline) throws IOException {
        DockerHttpClient client = streamClient();
        return within(Thread.ofVirtual(), deadline, () -> client.execute(request));
    }

    @Override
    public synchronized void close() {
        closeLater(calls);
        closeLater(streams);
        calls = null;
        streams = null;
    }

    private synchronized DockerHttpClient callClient() {
        DockerHttpClient client = calls;
        if (client == null) {
            client = client(CALLS);
            calls = client;
        }
        return client;
    }

    private synchronized DockerHttpClient streamClient() {
        DockerHttpClient client = streams;
        if (client == null) {
            client = client(STREAMS);
            streams = client;
        }
        return client;
    }

    @SuppressWarnings("ReferenceEquality") // this very client is discarded, not one that is as good
    private synchronized void discardCalls(DockerHttpClient client) {
        if (calls == client) {
            calls = null;
        }
        closeLater(client);
    }

    private DockerHttpClient client(int connections) {
        CHATTER.setLevel(Level.OFF);
        ZerodepDockerHttpClient.Builder builder = new ZerodepDockerHttpClient.Builder()
                .dockerHost(address)
                .maxConnections(connections)
                .connectionTimeout(connectDeadline)
                // None: an idle stream is not a dead one; calls have their own deadline.
                .responseTimeout(Duration.ZERO);
        ClientCertificates present = certificates;
        if (present != null) {
            // Made here: within the builder a failure would be wrapped.
            SSLContext context = present.context();
            builder.sslConfig(() -> context);
        }
        return builder.build();
    }

    /** Closing waits for what the other end still owes, so it happens aside. */
    private static void closeLater(@Nullable DockerHttpClient client) {
        if (client != null) {
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    client.close();
                } catch (IOException | RuntimeException alreadyBroken) {
                    // Nothing more is wanted of it.
                }
            });
        }
    }

    private static <T> T within(Thread.Builder threads, Duration deadline, Callable<T> work) throws IOException {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = threads.start(task);
        try {
            return task.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            thread.interrupt();
            throw new DeadlineExceeded(deadline);
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            // docker-java wraps what happened in RuntimeExceptions.
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof IOException io) {
                    throw io;
                }
            }
            throw new IOException(String.valueOf(e.getCause()), e);
        }
    }
}
