package org.portolan.outgoing;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Sends requests to other systems. May be used from many threads. */
public interface Outgoing extends AutoCloseable {
    /**
     * Sends one, and waits some seconds at most. What the other side says beside its status is not read, and where it
     * points to is not followed.
     *
     * @return never fails: what went wrong is in the answer
     */
    Answer post(Message message);

    @Override
    void close();

    /**
     * A request.
     *
     * @param url where it goes, which may be a secret
     * @param headers which may hold secrets
     */
    record Message(String url, Map<String, String> headers, String body) {
        @Override
        public String toString() {
            return "message of " + body.length() + " characters";
        }
    }

    /**
     * What came of it.
     *
     * @param status of HTTP; 0 when there was no answer
     * @param trouble why there was none, without the URL; "" when there was
     * @param retryAfter when the other side wants to be asked again
     */
    record Answer(int status, String trouble, Optional<Duration> retryAfter) {
        private static final int OK = 200;
        private static final int REDIRECT = 300;

        public boolean accepted() {
            return status >= OK && status < REDIRECT;
        }

        /** Whether the same request will never be accepted. */
        public boolean isFinal() {
            return switch (status) {
                case 400, 404, 405, 409, 410, 411, 413, 414, 415, 422 -> true;
                default -> false;
            };
        }

        /** For people. */
        public String text() {
            return status == 0 ? trouble : "status " + status;
        }
    }
}
