package org.portolan.controller;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.portolan.model.service.Desired;
import org.portolan.model.service.SourceId;

/**
 * What a source says.
 *
 * @param id whose the deployments are
 * @param commit that was read
 * @param complete whether it names all deployments of the source, and what it no longer names goes
 */
public record Declared(SourceId id, String commit, List<Desired> deployments, boolean complete) {
    Optional<Desired> deployment(String name) {
        return deployments.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** The other deployments of the same file. */
    List<Desired> siblings(String name) {
        List<Desired> others = new ArrayList<>(deployments);
        others.removeIf(other -> other.name().equals(name));
        return others;
    }
}
