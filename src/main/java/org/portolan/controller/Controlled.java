package org.portolan.controller;

import java.util.List;
import org.portolan.config.Configuration;
import org.portolan.operate.SystemParts;
import org.portolan.release.Installation;
import org.portolan.sync.SourceAccess;

/** What a controller works with. Each part is opened when it is first asked for. */
public interface Controlled extends SystemParts, SourceAccess {
    /** The parts as a controller uses them: it counts and times their calls. */
    default Installation measured(Installation parts) {
        return parts;
    }

    /** Works with another configuration from now on. */
    default void use(Configuration newer) {
        throw new UnsupportedOperationException("the configuration stays as it is");
    }

    /** What listens while the controller leads. */
    default List<Door> doors() {
        return List.of();
    }
}
