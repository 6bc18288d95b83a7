package org.portolan.operate;

import java.util.List;
import org.portolan.model.container.CommandStreams;
import org.portolan.model.container.Container;

/**
 * Runs commands in containers with somebody's own streams. No deployment is changed by it, and nothing is locked: what the command
 * does is its own.
 */
public interface AttachedCommands {
    /**
     * Runs a command in an instance, to its end.
     *
     * @return the command's exit status
     */
    int exec(Container instance, List<String> command, CommandStreams streams);

    /**
     * Runs a command in a separate container, of a service's version in place, which is removed afterwards.
     *
     * @return the command's exit status
     * @throws org.portolan.model.Failure with {@link org.portolan.model.Failure.Kind#NOT_FOUND} when there is no such deployment or
     *     service
     */
    int run(String deployment, String service, List<String> command, CommandStreams streams);
}
