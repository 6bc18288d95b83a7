package org.portolan.model.state;

import java.time.Instant;

/**
 * One thing that happened, as it is kept in the stream. Holds no secret.
 *
 * @param id the stream's id, "" before it is stored; ids grow
 * @param kind a word: {@code release-started}, {@code instance-healthy}, …
 * @param release the release's number, 0 when it belongs to none
 * @param service "" when it is not about one
 * @param instance the instance's name, "" when it is not about one
 * @param message one line for people
 */
public record StoredEvent(
        String id,
        Instant at,
        String deployment,
        int release,
        String kind,
        String service,
        String instance,
        String message) {

    /** A copy that says something else. */
    public StoredEvent saying(String other) {
        return new StoredEvent(id, at, deployment, release, kind, service, instance, other);
    }
}
