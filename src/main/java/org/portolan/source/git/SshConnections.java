package org.portolan.source.git;

import java.io.File;
import org.eclipse.jgit.transport.SshSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;
import org.portolan.source.GitSettings;

/** Connections by ssh as OpenSSH makes them: the user's configuration, keys, agent and known hosts. */
final class SshConnections {
    private SshConnections() {}

    static SshSessionFactory factory(GitSettings settings) {
        File home = settings.userHome().toFile();
        return new SshdSessionFactoryBuilder()
                .setHomeDirectory(home)
                .setSshDirectory(new File(home, ".ssh"))
                .setConnectorFactory(new SshAgent(settings.agentSocket()))
                .build(null);
    }
}
