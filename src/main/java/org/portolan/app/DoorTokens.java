package org.portolan.app;

import java.time.InstantSource;
import java.util.Optional;
import org.portolan.access.Access;
import org.portolan.http.TokenCheck;
import org.portolan.model.Failure;
import org.portolan.model.state.Principal;
import org.portolan.store.Store;

/** The tokens of the store as the API asks for them. */
final class DoorTokens implements TokenCheck {
    private final Access access;

    DoorTokens(Store store) {
        access = new Access(store, InstantSource.system());
    }

    @Override
    public boolean any() {
        return access.anyToken();
    }

    @Override
    public Optional<Principal> check(String token) {
        return access.check(token);
    }

    @Override
    public boolean stands(Principal principal) {
        try {
            return access.stands(principal);
        } catch (Failure unknown) {
            // As for a new request: while the store does not answer nobody is let in.
            return false;
        }
    }
}
