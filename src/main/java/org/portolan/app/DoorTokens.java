package org.portolan.app;

import java.time.InstantSource;
import java.util.Optional;
import java.util.TreeSet;
import org.portolan.access.Access;
import org.portolan.http.ApiCaller;
import org.portolan.http.ApiScope;
import org.portolan.http.TokenCheck;
import org.portolan.model.Failure;
import org.portolan.model.state.Principal;
import org.portolan.model.state.Scope;
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
    public Optional<ApiCaller> caller(String token, String from) {
        return access.check(token)
                .map(known -> new ApiCaller(known.name(), scope(known.scope()), known.deployments(), from));
    }

    @Override
    public boolean stands(ApiCaller caller) {
        try {
            return access.stands(caller.name(), known -> scope(known.scope()) == caller.scope() && same(known, caller));
        } catch (Failure unknown) {
            // As for a new request: while the store does not answer nobody is let in.
            return false;
        }
    }

    private static boolean same(Principal known, ApiCaller caller) {
        return known.deployments().equals(new TreeSet<>(caller.deployments()));
    }

    private static ApiScope scope(Scope scope) {
        return switch (scope) {
            case READ -> ApiScope.READ;
            case DEPLOY -> ApiScope.DEPLOY;
            case ADMIN -> ApiScope.ADMIN;
        };
    }
}
