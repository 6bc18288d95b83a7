package org.portolan.source.git;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.transport.SshSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.FileProblems;
import org.portolan.source.GitLogin;
import org.portolan.source.GitSettings;

/** Connections by ssh as OpenSSH makes them: the user's configuration, keys, agent and known hosts, or those of a login. */
final class SshConnections {
    private static final Set<PosixFilePermission> OF_OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private SshConnections() {}

    static SshSessionFactory factory(GitSettings settings, Optional<GitLogin> login) {
        File home = settings.userHome().toFile();
        SshdSessionFactoryBuilder builder =
                new SshdSessionFactoryBuilder().setHomeDirectory(home).setSshDirectory(new File(home, ".ssh"));
        Optional<Path> key = login.flatMap(GitLogin::key);
        if (key.isPresent()) {
            Path file = requirePrivate(key.get());
            // This one only: a host that counts attempts would close the connection before it comes.
            builder.setDefaultIdentities(folder -> List.of(file)).setConnectorFactory(new SshAgent(Optional.empty()));
        } else {
            builder.setConnectorFactory(new SshAgent(settings.agentSocket()));
        }
        login.flatMap(GitLogin::knownHosts)
                .ifPresent(file -> builder.setDefaultKnownHostsFiles(folder -> List.of(file)));
        return builder.build(null);
    }

    /** As OpenSSH: a key that others can read is not used. */
    private static Path requirePrivate(Path key) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(key);
            if (permissions.stream().anyMatch(OF_OTHERS::contains)) {
                throw new Failure(Kind.INVALID, "the private key " + key + " can be read by others")
                        .withHint("chmod 600 " + key);
            }
            if (!Files.isReadable(key)) {
                throw new Failure(Kind.INVALID, "the private key " + key + " cannot be read: permission denied")
                        .withHint("make it readable for the user that runs Portolan");
            }
            return key;
        } catch (NoSuchFileException missing) {
            throw new Failure(Kind.INVALID, "the private key " + key + " does not exist")
                    .withHint("put it there, or change credentials.key of the source");
        } catch (IOException problem) {
            throw FileProblems.ofGiven("read", key, problem);
        }
    }
}
