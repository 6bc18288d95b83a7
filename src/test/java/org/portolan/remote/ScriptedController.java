package org.portolan.remote;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** A controller that answers each request as a test says, by its method and path; with "" it ends the connection instead. */
final class ScriptedController implements AutoCloseable {
    private static final String FIELDS = " X\r\nPortolan-Version: 1\r\n";

    final List<String> asked = new CopyOnWriteArrayList<>();
    /** The idempotency keys that came, in their order. */
    final List<String> keys = new CopyOnWriteArrayList<>();

    private final ServerSocket server;
    private final UnaryOperator<String> script;

    ScriptedController(UnaryOperator<String> script) throws IOException {
        this.script = script;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** A whole answer. */
    static String json(int status, String body) {
        return "HTTP/1.1 " + status + FIELDS + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** A stream that ends with its connection. */
    static String stream(String lines) {
        return "HTTP/1.1 200" + FIELDS + "\r\n\n" + lines;
    }

    /** One that breaks off. */
    static String broken(String lines) {
        return "HTTP/1.1 200" + FIELDS + "Content-Length: 100000\r\n\r\n" + lines;
    }

    ApiClient client() {
        return new ApiClient(
                ControllerAddress.of("http://127.0.0.1:" + server.getLocalPort(), Map.of()), Optional.empty());
    }

    long asked(String begin) {
        return asked.stream().filter(one -> one.startsWith(begin)).count();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> answer(socket));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void answer(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int b = in.read();
                if (b < 0) {
                    return;
                }
                head.append((char) b);
            }
            int length = head.indexOf("Content-Length: ");
            if (length >= 0) {
                String number = head.substring(length + "Content-Length: ".length(), head.indexOf("\r\n", length));
                in.readNBytes(Integer.parseInt(number));
            }
            int key = head.indexOf("Idempotency-Key: ");
            if (key >= 0) {
                keys.add(head.substring(key + "Idempotency-Key: ".length(), head.indexOf("\r\n", key)));
            }
            String what = head.substring(0, head.indexOf(" HTTP"));
            asked.add(what);
            socket.getOutputStream().write(script.apply(what).getBytes(StandardCharsets.UTF_8));
        } catch (IOException gone) {
            // The client went first.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
