package org.portolan.model.container;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;

/**
 * A volume of the installation, as it is listed.
 *
 * @param name the engine's name
 * @param service "" where several share it
 * @param volume its name in the file, or its path in the container where the image declares it
 * @param folder the folder of the machine that Portolan made for its data
 * @param users the containers that have it, running or not
 * @param declared whether its deployment's release in place declares it, or may do so
 * @param since when its deployment was removed, if it was and that is still known
 * @param bytes in its folder; empty where the engine keeps it, and where counting would take long
 */
public record StoredVolume(
        String name,
        String deployment,
        String service,
        String volume,
        Optional<String> folder,
        SortedSet<String> users,
        boolean declared,
        Optional<Instant> since,
        OptionalLong bytes) {

    /** Whose it is: {@code shop:web}, or {@code shop} where several services share it. */
    public String owner() {
        return deployment + (service.isEmpty() ? "" : ":" + service);
    }
}
