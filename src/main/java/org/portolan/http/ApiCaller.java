package org.portolan.http;

import java.util.Optional;
import java.util.Set;
import org.portolan.model.Failure;
import org.portolan.model.state.Principal;
import org.portolan.model.state.Scope;
import org.portolan.release.UnknownDeployment;

/**
 * Who makes a request.
 *
 * @param who whose token it is, or who opened the unix socket; empty: whoever came without either, who may do what needs none
 * @param from where the request comes from: {@code unix socket}, or an IP address
 */
public record ApiCaller(Optional<Principal> who, String from) {

    /** Where those come from who opened the unix socket. */
    static final String SOCKET = "unix socket";

    /** Somebody who is known. */
    public static ApiCaller of(Principal who, String from) {
        return new ApiCaller(Optional.of(who), from);
    }

    /** Whoever came without a token. */
    static ApiCaller unknown(String from) {
        return new ApiCaller(Optional.empty(), from);
    }

    /** Whether they opened the unix socket, which its owner and root can: they may do and read here what the controller may. */
    boolean isLocal() {
        return from.startsWith(SOCKET);
    }

    boolean isKnown() {
        return who.isPresent();
    }

    /** For history, locks and audit: {@code user@host}, or a token's name; "" for one who is not known. */
    String name() {
        return who.map(Principal::name).orElse("");
    }

    /** Whether they have this scope, for the deployments that they see. */
    boolean has(Scope needed) {
        return who.filter(known -> known.scope().covers(needed)).isPresent();
    }

    /** What keeps them from doing something, in words. */
    String lacks(Scope needed) {
        return "needs scope " + needed.word() + ", and " + name() + " has "
                + who.map(known -> known.scope().word()).orElse("none");
    }

    /** The deployments that exist for them; empty: all. */
    Set<String> deployments() {
        return who.<Set<String>>map(Principal::deployments).orElse(Set.of());
    }

    /** A failure as they are shown it: without the names of deployments that do not exist for them. */
    Failure shown(Failure failure) {
        return failure.seenBy(this::sees);
    }

    /**
     * Refuses one that does not see a deployment.
     *
     * @throws Failure as for one that does not exist
     */
    void requireSees(String deployment) {
        if (!sees(deployment)) {
            throw noDeployment(deployment);
        }
    }

    /** There is no such deployment, or none that they see. */
    static Failure noDeployment(String name) {
        return UnknownDeployment.named(name);
    }

    /** Whether they are limited to no deployments: they may know of the whole installation. */
    boolean seesAll() {
        return sees("");
    }

    /** Whether a deployment exists for them. */
    public boolean sees(String deployment) {
        return who.filter(known -> known.sees(deployment)).isPresent();
    }
}
