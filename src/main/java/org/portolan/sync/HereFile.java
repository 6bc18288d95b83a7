package org.portolan.sync;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.servicefile.Servicefiles;
import org.portolan.source.Located;
import org.portolan.source.Sources;

/** The Servicefile of the present folder, whose {@code Name} says which deployment a command means without {@code -D}. */
public final class HereFile {
    private HereFile() {}

    /** The deployment that it names, if that is one of those there are; a file that cannot be read names none. */
    public static Optional<String> deployment(SourceAccess access, Collection<String> known) {
        Path file = Path.of(Sources.DEFAULT_NAME);
        if (known.size() < 2 || !Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            Located located = access.sources().local(file);
            return Servicefiles.name(located.tree(), located.path()).filter(known::contains);
        } catch (Failure unreadable) {
            return Optional.empty();
        }
    }
}
