package org.portolan.engine.docker;

import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.IOException;
import java.time.Duration;

/** Carries requests to one engine. Calls and streams never wait for each other's connections. */
interface Transport extends AutoCloseable {

    /**
     * Sends a request and reads the whole answer.
     *
     * @throws DeadlineExceeded when that takes longer than the deadline; the effect of the request is unknown
     */
    Reply call(Request request, Duration deadline) throws IOException;

    /**
     * Sends a request and hands the answer's body over as a stream, which the caller closes.
     *
     * @param deadline for the answer's head; the body may take for ever
     */
    Response open(Request request, Duration deadline) throws IOException;

    @Override
    void close();

    /** A whole answer. */
    final class Reply {
        private final int status;
        private final String apiVersion;
        private final byte[] body;

        /** @param apiVersion what the engine calls its newest API, or "" */
        Reply(int status, String apiVersion, byte[] body) {
            this.status = status;
            this.apiVersion = apiVersion;
            this.body = body;
        }

        int status() {
            return status;
        }

        String apiVersion() {
            return apiVersion;
        }

        boolean empty() {
            return body.length == 0;
        }

        DockerJson json() throws IOException {
            return DockerJson.parse(body);
        }
    }

    /** No answer in time. */
    final class DeadlineExceeded extends IOException {
        DeadlineExceeded(Duration deadline) {
            super("no answer within " + deadline);
        }
    }
}
