package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Guesses from many addresses of one IPv6 network; in the sandbox, which may give itself addresses. */
@Tag("real")
class ClientNetworkRealTest extends ApiTest {
    private static final String NETWORK = "fd00:7777::";

    private static void address(String address) throws Exception {
        Process ip = new ProcessBuilder("ip", "-6", "addr", "add", address + "/64", "dev", "lo", "nodad")
                .inheritIO()
                .start();
        assertThat(ip.waitFor()).isZero();
    }

    @Test
    void aNetworkIsSlowedDownAndNotItsNeighbour() throws Exception {
        int port = ApiSite.freePort();
        HttpDoor door = api.door(Files.createDirectory(folder.resolve("six")), "::", port);
        for (int each = 1; each <= 40; each++) {
            address(NETWORK + Integer.toHexString(each));
        }
        address("fd00:7778::1");
        door.start(api.controller);
        try {
            String last = "";
            for (int each = 1; each <= 40; each++) {
                last = guess(NETWORK + Integer.toHexString(each), port);
            }
            assertThat(last).contains("429", "too many unknown tokens");
            assertThat(guess("fd00:7778::1", port)).contains("401");
        } finally {
            door.stop(Duration.ofSeconds(2));
        }
    }

    private static String guess(String from, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
            socket.connect(new InetSocketAddress(InetAddress.getByName(NETWORK + "1"), port), 5_000);
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write(("GET /v1/domains HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer ptl_"
                                    + from + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
