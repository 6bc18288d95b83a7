package org.portolan.http;

import java.util.Optional;
import org.portolan.controller.SourceBook;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.sync.ProxyFiles;

/**
 * What is of the controller's machine and not of its installation's parts; each is empty where there is none.
 *
 * @param proxies renders the proxies' files
 * @param sources of the configuration's file
 */
public record OwnMachine(Optional<ProxyFiles> proxies, Optional<SourceBook> sources) {
    static final OwnMachine NONE = new OwnMachine(Optional.empty(), Optional.empty());

    /** With both. */
    public static OwnMachine of(ProxyFiles proxies, SourceBook sources) {
        return new OwnMachine(Optional.of(proxies), Optional.of(sources));
    }

    ProxyFiles requireProxies() {
        return proxies.orElseThrow(OwnMachine::none);
    }

    SourceBook requireSources() {
        return sources.orElseThrow(OwnMachine::none);
    }

    private static Failure none() {
        return new Failure(Kind.UNAVAILABLE, "this controller cannot do that");
    }
}
