package org.portolan.operate;

import java.util.List;
import org.portolan.model.container.Container;

/** Runs a command in an instance, with this process's standard streams. */
public final class InstanceExec {
    private InstanceExec() {}

    /**
     * Runs it to its end.
     *
     * @param interactive whether standard input is handed on
     * @return the command's exit status
     */
    public static int run(
            SystemParts parts, Container container, List<String> command, boolean interactive, boolean terminal) {
        return parts.engine().attach(container.id(), command, interactive, terminal);
    }
}
