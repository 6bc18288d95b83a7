package org.portolan.gitserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.stream.Stream;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;

/** Beginning to listen, and what one client may take. */
class GitSshTest {
    private static final long MEBIBYTE = 1 << 20;

    private static long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    @Test
    @Tag("real")
    void whatCannotListenLeavesNothingOpen() throws Exception {
        GitSsh.quiet();
        KeyPair key = KeyPairGenerator.getInstance("EC").generateKeyPair();
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            long before = 0;
            for (int i = 0; i < 12; i++) {
                SshServer server = SshServer.setUpDefaultServer();
                server.setHost("127.0.0.1");
                server.setPort(other.getLocalPort());
                server.setKeyPairProvider(KeyPairProvider.wrap(key));
                assertThatThrownBy(() -> GitSsh.start(server))
                        .isInstanceOf(Failure.class)
                        .hasMessageContaining("the Git server cannot listen on 127.0.0.1:" + other.getLocalPort());
                if (i == 1) {
                    // Classes and their files are loaded by now.
                    before = descriptors();
                }
            }
            for (int i = 0; i < 100 && descriptors() > before + 3; i++) {
                GitSite.pause(50);
            }
            assertThat(descriptors()).isLessThanOrEqualTo(before + 3);
        }
    }

    @Test
    void objectsAreSmallComparedWithTheMemory() {
        assertThat(GitLimits.of(256 * MEBIBYTE, 128 * MEBIBYTE).objectBytes()).isEqualTo(8 * MEBIBYTE);
        assertThat(GitLimits.of(MEBIBYTE, 128 * MEBIBYTE).objectBytes()).isEqualTo(MEBIBYTE);
        assertThat(GitLimits.of(256 * MEBIBYTE, 4096 * MEBIBYTE).objectBytes()).isEqualTo(50 * MEBIBYTE);
    }
}
