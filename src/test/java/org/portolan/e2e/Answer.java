package org.portolan.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * What a web server answered to one request on a separate connection.
 *
 * @param status the HTTP status, 0 when there was no answer
 */
record Answer(int status, String body) {
    /** Asks the edge of this machine for a domain; whatever goes wrong is an answer with status 0. */
    static Answer of(int port, String host, String path) {
        return of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), host, path);
    }

    static Answer of(InetSocketAddress server, String host, String path) {
        try (Socket socket = new Socket()) {
            socket.connect(server, 5_000);
            socket.setSoTimeout(10_000);
            String request = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int head = all.indexOf("\r\n\r\n");
            if (head < 0 || !all.startsWith("HTTP/1.1 ")) {
                return new Answer(0, "broken answer: " + all);
            }
            return new Answer(
                    Integer.parseInt(all.substring(9, 12)),
                    all.substring(head + 4).strip());
        } catch (IOException problem) {
            return new Answer(0, problem.toString());
        }
    }
}
