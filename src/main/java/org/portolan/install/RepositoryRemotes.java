package org.portolan.install;

import java.nio.file.Path;
import java.util.Optional;

/** Remotes of work trees that lead to the Git server of an installation. */
public interface RepositoryRemotes {
    /**
     * Gives a work tree the remote {@code deploy}, and this installation the repository that it leads to.
     *
     * @param name of the source; empty: that of the work tree's folder
     * @param server {@code host} or {@code host:port} of another machine for SSH, or the URL of its API for HTTP; empty: this installation
     * @param http whether pushes to this installation go over HTTP
     */
    AddedRemote addRemote(Path workTree, Optional<String> name, Optional<String> server, boolean http);

    /**
     * What was done.
     *
     * @param added whether it was not there before
     * @param repository the repository that it leads to, on this machine
     */
    record AddedRemote(String source, String url, boolean added, Optional<Path> repository) {}
}
