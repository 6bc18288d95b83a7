package org.portolan.http;

import java.util.Set;

/**
 * Who makes a request.
 *
 * @param name for history, locks and audit: {@code user@host}, or a token's name
 * @param scope what they may do
 * @param deployments those that they may see and change; empty: all
 * @param from where the request comes from: {@code unix socket}, or an IP address
 */
public record ApiCaller(String name, ApiScope scope, Set<String> deployments, String from) {
    public ApiCaller {
        deployments = Set.copyOf(deployments);
    }

    /** Whoever came without a token: may do what needs none. */
    static ApiCaller unknown(String from) {
        return new ApiCaller("", ApiScope.OPEN, Set.of(), from);
    }

    boolean isKnown() {
        return scope != ApiScope.OPEN;
    }

    /** Whether a deployment exists for them. */
    public boolean sees(String deployment) {
        return deployments.isEmpty() || deployments.contains(deployment);
    }
}
