package org.portolan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FreePortsTest {
    @Test
    void noneIsGivenOutTwiceWhileOthersAreLeft() {
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 300; i++) {
            int port = FreePorts.next();
            assertThat(ports.add(port)).as("%d is new", port).isTrue();
            assertThat(port).as("outside the kernel's own range").isBetween(10_240, 13_999);
        }
    }

    @Test
    void oneThatSomebodyListensOnIsLeftOut() throws IOException {
        int taken = FreePorts.next();
        try (ServerSocket other = new ServerSocket(taken, 1, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < 1000; i++) {
                assertThat(FreePorts.next()).isNotEqualTo(other.getLocalPort());
            }
        }
    }
}
