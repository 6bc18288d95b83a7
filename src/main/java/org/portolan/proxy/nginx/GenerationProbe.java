package org.portolan.proxy.nginx;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.portolan.process.Listeners;
import org.portolan.routing.ProxySettings;

/** Asks nginx's workers which configuration they have. */
final class GenerationProbe {
    private static final int TIMEOUT_MILLIS = 3000;
    private static final int LONGEST = 4096;

    private final ProxySettings.Edge edge;
    private final String token;

    GenerationProbe(ProxySettings.Edge edge, String token) {
        this.edge = edge;
        this.token = token;
    }

    /** The generation, or what came instead, in a few words. */
    String ask() {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(Listeners.address(edge.nearest()), edge.http()), TIMEOUT_MILLIS);
            String request = (edge.proxyProtocol() ? EdgeProbe.UNKNOWN_CLIENT : "")
                    + "GET / HTTP/1.1\r\nHost: portolan-probe.invalid\r\nConnection: close\r\n"
                    + "X-Portolan-Generation: " + token + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readNBytes(LONGEST), StandardCharsets.ISO_8859_1);
            int body = answer.indexOf("\r\n\r\n");
            return answer.startsWith("HTTP/1.1 200 ") && body > 0 ? answer.substring(body + 4) : "no generation";
        } catch (IOException problem) {
            return String.valueOf(problem.getMessage());
        }
    }
}
