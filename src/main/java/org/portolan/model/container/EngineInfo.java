package org.portolan.model.container;

import java.util.Optional;

/**
 * Who the engine is.
 *
 * @param address where it was reached
 * @param id the engine's own id
 * @param local whether it shares this machine's file system (a unix socket)
 * @param remapped whom root in containers is on the host, where the engine maps users (userns-remap): the owner of its volumes
 */
public record EngineInfo(
        String address, String id, String version, String apiVersion, boolean local, Optional<Owner> remapped) {

    /** A user and a group of the host. */
    public record Owner(int user, int group) {}
}
