package org.portolan.http;

import java.util.Locale;

/** What somebody may do: each scope includes those before it. */
public enum ApiScope {
    /** What needs no token: whether this process is alive. */
    OPEN,
    /** Look at everything. */
    READ,
    /** Change deployments. */
    DEPLOY,
    /** Everything. */
    ADMIN;

    /** As it is written in tokens, in the document and on pages. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean includes(ApiScope needed) {
        return compareTo(needed) >= 0;
    }
}
