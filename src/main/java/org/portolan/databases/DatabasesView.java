package org.portolan.databases;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.portolan.model.service.DatabaseSpec;
import org.portolan.model.service.ServiceSpec.EnvValue;

/**
 * The databases of a release at one moment.
 *
 * @param present those that exist: their servers said so in this release
 * @param loose those of them whose server accepts an earlier password besides
 * @param troubles why one cannot be made yet
 * @param passwords all versions of a database's password, newest first, by its name
 */
public record DatabasesView(
        Set<DatabaseSpec> present,
        Set<DatabaseSpec> loose,
        Map<DatabaseSpec, String> troubles,
        Map<String, List<EnvValue>> passwords) {
    /** Of a release that asked no server. */
    public static final DatabasesView NONE = new DatabasesView(Set.of(), Set.of(), Map.of(), Map.of());

    /** The one of the two whose password is the newer version. */
    public DatabaseSpec newer(DatabaseSpec one, DatabaseSpec other) {
        for (EnvValue version : passwords.getOrDefault(one.name(), List.of())) {
            if (version.text().equals(other.password().text())) {
                return other;
            }
            if (version.text().equals(one.password().text())) {
                return one;
            }
        }
        return one;
    }

    /** The other versions of a database's password, newest first. */
    public List<EnvValue> others(DatabaseSpec database) {
        return passwords.getOrDefault(database.name(), List.of()).stream()
                .filter(version -> !version.text().equals(database.password().text()))
                .toList();
    }
}
