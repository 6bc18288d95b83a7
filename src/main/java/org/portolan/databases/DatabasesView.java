package org.portolan.databases;

import java.util.Map;
import java.util.Set;
import org.portolan.model.service.DatabaseSpec;

/**
 * The databases of a release at one moment.
 *
 * @param present those that exist: their servers said so in this release
 * @param troubles why one cannot be made yet
 */
public record DatabasesView(Set<DatabaseSpec> present, Map<DatabaseSpec, String> troubles) {
    /** Of a release that asked no server. */
    public static final DatabasesView NONE = new DatabasesView(Set.of(), Map.of());
}
