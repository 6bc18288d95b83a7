package org.portolan.routing;

import java.util.Optional;
import java.util.SortedMap;
import org.portolan.model.service.Domain;

/**
 * What the edge does for one name, before HAProxy is asked.
 *
 * @param host exact, {@code *.parent} or {@code *}
 * @param streamUploads whether a request's body is passed on while it arrives
 * @param users name to password or hash, with Digest to a {@link org.portolan.model.service.DigestCredential#text}; secret.
 *     Empty: open to all
 * @param digestRealm the realm of HTTP Digest; empty: Basic, if there are users
 * @param accessLog what is written down of each request
 */
public record Site(
        String host,
        SortedMap<String, String> users,
        Optional<String> digestRealm,
        boolean redirectHttps,
        boolean maintenance,
        boolean streamUploads,
        Optional<Domain.Certificate> certificate,
        Domain.AccessLog accessLog) {

    public boolean open() {
        return users.isEmpty();
    }

    @Override
    public String toString() {
        return "Site[" + host + "]";
    }
}
