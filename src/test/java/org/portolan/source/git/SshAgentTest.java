package org.portolan.source.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jgit.transport.sshd.agent.Connector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class SshAgentTest {
    private static final byte IDENTITIES = 11;

    @TempDir
    private Path folder;

    /** It listens, so that connections are made, and never reads. */
    @Test
    void anAgentThatHangsDelaysNobodyForEver() throws IOException {
        Path socket = folder.resolve("agent");
        try (ServerSocketChannel agent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            agent.bind(UnixDomainSocketAddress.of(socket));
            try (Connector connector =
                    new SshAgent(Optional.of(socket), Duration.ofMillis(200)).create("", folder.toFile())) {
                assertThat(connector.connect()).isTrue();
                assertThatThrownBy(() -> connector.rpc(IDENTITIES))
                        .isInstanceOf(IOException.class)
                        .hasMessage("the ssh agent did not answer within 200ms");
            }
        }
    }

    @Test
    void withoutAnAgentTheKeysInFilesStay() throws IOException {
        try (Connector connector = new SshAgent(Optional.of(folder.resolve("none"))).create("", folder.toFile())) {
            assertThat(connector.connect()).isFalse();
        }
    }
}
