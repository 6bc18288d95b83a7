package org.portolan.engine.docker;

import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.portolan.socket.SocketWatchdog;

/** Requests over a unix socket; a call that takes too long loses its connection, and no other does. */
final class UnixTransport implements Transport {
    static final int MAX_BODY = 64 << 20;

    private final UnixSocketHttpClient client;
    private final SocketWatchdog watchdog = new SocketWatchdog();

    UnixTransport(Path socket) {
        this.client = new UnixSocketHttpClient(socket);
    }

    @Override
    public Reply call(Request request, Duration deadline) throws IOException {
        UnixSocketHttpClient.Exchange exchange = client.begin(request);
        SocketWatchdog.Guard guard = watchdog.guard(deadline, exchange);
        try (guard;
                Response response = exchange.send()) {
            byte[] body = response.getBody().readNBytes(MAX_BODY + 1);
            if (body.length > MAX_BODY) {
                throw new IOException("the answer to " + request.path() + " is longer than " + MAX_BODY + " bytes");
            }
            String version = response.getHeader("Api-Version");
            return new Reply(response.getStatusCode(), version == null ? "" : version, body);
        } catch (IOException e) {
            throw guard.expired() ? new DeadlineExceeded(deadline) : e;
        }
    }

    @Override
    public Response open(Request request, Duration deadline) throws IOException {
        UnixSocketHttpClient.Exchange exchange = client.begin(request);
        SocketWatchdog.Guard guard = watchdog.guard(deadline, exchange);
        try (guard) {
            return exchange.send();
        } catch (IOException e) {
            throw guard.expired() ? new DeadlineExceeded(deadline) : e;
        }
    }

    @Override
    public void close() {
        client.close();
        watchdog.close();
    }
}
