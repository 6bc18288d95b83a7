package org.portolan.databases;

import java.util.List;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.service.DatabaseSpec;
import org.portolan.model.service.ServiceSpec.EnvValue;

/**
 * One thing to do in a database server.
 *
 * @param instance the instance with the server
 * @param container the engine's id of its container
 * @param work what is to be done
 */
public record DatabaseStep(DatabaseSpec database, InstanceId instance, String container, Work work) {
    /** What is to be done. */
    public sealed interface Work {
        /**
         * Make what does not exist, and give the user its password where it has another version of it.
         *
         * @param others the other versions of the password, newest first
         * @param required whether something waits for it; else what serves stays, whatever comes of it
         */
        record Make(List<EnvValue> others, boolean required) implements Work {}

        /** Let the server refuse the earlier password that it still accepts. */
        record Discard() implements Work {}
    }

    /** The command for the server's container. */
    public DatabaseCommand command() {
        return switch (work) {
            case Work.Make make -> DatabaseCommand.of(database, make.others());
            case Work.Discard discard -> DatabaseCommand.discard(database);
        };
    }
}
