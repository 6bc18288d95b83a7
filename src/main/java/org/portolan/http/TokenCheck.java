package org.portolan.http;

import java.util.Optional;

/** What knows the tokens that requests come with. Called from many threads, for every request over TCP. */
public interface TokenCheck {
    /** Knows none: then only the unix socket answers more than whether this process is alive. */
    TokenCheck NONE = new TokenCheck() {
        @Override
        public boolean any() {
            return false;
        }

        @Override
        public Optional<ApiCaller> caller(String token, String from) {
            return Optional.empty();
        }

        @Override
        public boolean stands(ApiCaller caller) {
            return false;
        }
    };

    /** Whether there is a token at all: without one nothing is listened on but loopback. */
    boolean any();

    /**
     * Whose token it is.
     *
     * @param from the address that the request comes from
     * @return empty when it is unknown, expired or removed
     */
    Optional<ApiCaller> caller(String token, String from);

    /** Whether one that {@link #caller} gave may still ask: for streams. */
    boolean stands(ApiCaller caller);
}
