package org.portolan.engine.docker;

import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.engine.EngineException;
import org.portolan.engine.EngineException.Reason;
import org.portolan.model.container.ContainerFile;
import org.portolan.model.container.FileArchive;

/** Files of containers, which the engine takes and gives as archives, whether a container runs or not. */
final class Archives {
    private final Calls calls;

    Archives(Calls calls) {
        this.calls = calls;
    }

    void put(String container, String folder, List<ContainerFile> files) {
        byte[] archive = FileArchive.write(files, folder, Instant.now());
        // Else the engine would take a folder away to put a file there.
        String path = path(container, folder) + "&noOverwriteDirNonDir=1";
        calls.require(
                "cannot put files into " + container,
                calls.send("PUT", path, "application/x-tar", archive, calls.deadline()));
    }

    Optional<List<ContainerFile>> files(String container, String path, int most) {
        String what = "cannot read " + path + " of " + container;
        String folder = path.substring(0, Math.max(1, path.lastIndexOf('/')));
        try (Response archive = calls.open(what, "GET", path(container, path), null, Map.of(), null)) {
            return Optional.of(FileArchive.read(archive.getBody(), folder, most));
        } catch (EngineException refused) {
            if (refused.reason() == Reason.NOT_FOUND) {
                return Optional.empty();
            }
            throw refused;
        } catch (IOException broken) {
            throw new EngineException(Reason.REFUSED, what + ": " + broken.getMessage(), Optional.of(broken));
        }
    }

    private static String path(String container, String path) {
        return Containers.path(container, "/archive?path=" + Calls.encode(path));
    }
}
