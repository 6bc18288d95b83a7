package org.portolan.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.portolan.process.ListeningSockets.Socket;

class ListeningSocketsTest {

    @Test
    void readsTheKernelsLines() {
        assertThat(parse("   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000"
                        + "  1000        0 31337 1 0000000000000000 100 0 0 10 0"))
                .contains(new Socket("127.0.0.1", 8080, 1000, 31337));
        assertThat(parse("   1: 00000000000000000000000000000000:01BB"
                        + " 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000"
                        + "     0        0 42 1 0000000000000000 100 0 0 10 0"))
                .contains(new Socket("::", 443, 0, 42));
        assertThat(parse("   2: 0000000000000000FFFF00000100007F:0050"
                        + " 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000"
                        + "     0        0 43 1 0000000000000000 100 0 0 10 0"))
                .as("IPv4 in IPv6's clothes")
                .contains(new Socket("127.0.0.1", 80, 0, 43));
        assertThat(parse("   3: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000"
                        + "  1000        0 31338 1 0000000000000000 20 0 0 10 -1"))
                .as("a connection")
                .isEmpty();
    }

    @Test
    void takesNoOtherLine() {
        for (String line : List.of(
                "",
                "   ",
                "  sl  local_address rem_address   st",
                "   0: 0100007F:1F90 00000000:0000 0A",
                "0: x 0 0A 0 0 0 0 0 0 0")) {
            assertThat(parse(line)).as(line).isEmpty();
        }
        assertThat(parse("   0: 0100007F:1F90 00000000:0000 0A 0:0 00:0 0 x 0 31337 1"))
                .isEmpty();
        assertThat(parse("   0: 01007F:1F90 00000000:0000 0A 0:0 00:0 0 1000 0 31337 1"))
                .isEmpty();
    }

    private static Optional<Socket> parse(String line) {
        return ListeningSockets.parse(line, new HashMap<>());
    }

    @Test
    void tellsWhoKeepsAnAddress() {
        Socket everywhere = new Socket("0.0.0.0", 80, 0, 1);
        Socket six = new Socket("::", 80, 0, 2);
        Socket one = new Socket("10.0.0.1", 80, 0, 3);
        Socket other = new Socket("10.0.0.2", 80, 0, 4);
        ListeningSockets sockets = ListeningSockets.of(List.of(everywhere, six, one, other));
        assertThat(sockets.against("10.0.0.1", 80)).containsExactly(everywhere, six, one);
        assertThat(sockets.against("[::1]", 80)).containsExactly(six);
        assertThat(sockets.against("10.0.0.1", 81)).isEmpty();
    }

    @Test
    void seesItsOwnListenerAndNamesItsHolder() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int port = server.getLocalPort();
            ListeningSockets sockets = ListeningSockets.read();
            List<Socket> found = sockets.against("127.0.0.1", port);
            assertThat(found).hasSize(1);
            long self = ProcessHandle.current().pid();
            assertThat(sockets.heldBy(self).orElse(Set.of())).contains(found.getFirst());
            assertThat(ListeningSockets.holder(found.getFirst())).isEqualTo("java (process " + self + ")");
            assertThat(Listeners.obstacle("127.0.0.1", port))
                    .contains("in use by java (process " + self + "), which listens on 127.0.0.1:" + port);
        }
    }
}
