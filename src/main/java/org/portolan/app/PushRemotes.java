package org.portolan.app;

import java.nio.file.Path;
import java.util.Optional;
import org.portolan.config.Configuration;
import org.portolan.config.PushRepositories;
import org.portolan.install.RepositoryRemotes.AddedRemote;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.source.git.PushedRepository;
import org.portolan.source.git.Remotes;

/** Gives work trees the remote of an installation's Git server. */
final class PushRemotes {
    private static final String REMOTE = "deploy";

    private PushRemotes() {}

    static AddedRemote add(
            Path home, Configuration.Git git, Path workTree, Optional<String> name, Optional<String> server) {
        String source = name.orElseGet(() -> Remotes.nameOf(workTree));
        if (!PushRepositories.isName(source)) {
            throw new Failure(Kind.INVALID, "invalid name of a source '" + source + "'")
                    .withHint("use --name with letters, digits, hyphens and _, at most 63");
        }
        String url = "ssh://git@" + server.orElseGet(() -> own(git)) + "/" + source + ".git";
        boolean added = Remotes.add(workTree, REMOTE, url);
        if (server.isPresent()) {
            return new AddedRemote(source, url, added, Optional.empty());
        }
        Path repository = PushRepositories.repository(home, source);
        boolean made = PushedRepository.create(repository);
        return new AddedRemote(source, url, added || made, Optional.of(repository));
    }

    private static String own(Configuration.Git git) {
        String host =
                switch (git.address()) {
                    case "0.0.0.0" -> "127.0.0.1";
                    case "::" -> "::1";
                    default -> git.address();
                };
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + git.port();
    }
}
