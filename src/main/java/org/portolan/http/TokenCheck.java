package org.portolan.http;

import java.util.Optional;
import org.portolan.model.state.Principal;

/** What knows the tokens that requests come with. Called from many threads, for every request over TCP. */
public interface TokenCheck {
    /** Knows none: then only the unix socket answers more than whether this process is alive. */
    TokenCheck NONE = new TokenCheck() {
        @Override
        public boolean any() {
            return false;
        }

        @Override
        public Optional<Principal> check(String token) {
            return Optional.empty();
        }

        @Override
        public boolean stands(Principal principal) {
            return false;
        }
    };

    /** Whether there is a token at all: without one nothing is listened on but loopback. */
    boolean any();

    /** Whose token it is; empty when it is unknown, expired or removed. */
    Optional<Principal> check(String token);

    /** Whether somebody's token is still accepted: for answers that last. Does not fail. */
    boolean stands(Principal principal);
}
