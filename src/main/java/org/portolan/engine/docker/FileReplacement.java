package org.portolan.engine.docker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.portolan.engine.EngineException;
import org.portolan.engine.EngineException.Reason;
import org.portolan.model.container.ContainerFile;

/**
 * Replaces files of a running container at once. An engine takes a file away and then writes the new one, so a reader may find
 * none, or a part; so each is put beside its place and moved there in the container. Where that is not possible (an image
 * without {@code mv}) it is put as the engine does it.
 */
final class FileReplacement {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    /** The exit status of a command that did not end; those of one that cannot be run are above. */
    private static final int TIMED_OUT = 124;

    private final Archives archives;
    private final ExecCalls commands;

    FileReplacement(Archives archives, ExecCalls commands) {
        this.archives = archives;
        this.commands = commands;
    }

    void replace(String container, String folder, List<ContainerFile> files) {
        if (!moves(container)) {
            archives.put(container, folder, files);
            return;
        }
        List<ContainerFile> beside = new ArrayList<>();
        files.forEach(file -> beside.add(
                new ContainerFile(aside(file.path()), file.mode(), file.user(), file.group(), file.content())));
        archives.put(container, folder, beside);
        List<ContainerFile> left = new ArrayList<>();
        for (ContainerFile file : files) {
            List<String> move = List.of("mv", "-f", aside(file.path()), file.path());
            if (commands.execAsRoot(container, move, DEADLINE).exitCode() != 0) {
                left.add(file);
            }
        }
        if (!left.isEmpty()) {
            archives.put(container, folder, left);
            List<String> clean = new ArrayList<>(List.of("rm", "-f"));
            left.forEach(file -> clean.add(aside(file.path())));
            commands.execAsRoot(container, clean, DEADLINE);
        }
    }

    /** Without arguments it complains, and so shows that it is there. */
    private boolean moves(String container) {
        try {
            int status = commands.execAsRoot(container, List.of("mv"), DEADLINE).exitCode();
            return status > 0 && status < TIMED_OUT;
        } catch (EngineException refused) {
            if (refused.reason() == Reason.REFUSED) {
                return false;
            }
            throw refused;
        }
    }

    private static String aside(String path) {
        int name = path.lastIndexOf('/') + 1;
        return path.substring(0, name) + "." + path.substring(name) + ".portolan-new";
    }
}
