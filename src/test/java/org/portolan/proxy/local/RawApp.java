package org.portolan.proxy.local;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An instance that answers byte by byte as a test says, and counts what it is asked. */
final class RawApp implements AutoCloseable {
    /** What is done with a request: a socket, the request's head as Latin-1, what follows it. */
    interface Handler {
        void answer(RawApp app, Socket socket, String head, InputStream body) throws IOException;
    }

    final List<String> requests = new CopyOnWriteArrayList<>();
    private final ServerSocket listener;
    private final Handler handler;
    private final Thread accepting;

    RawApp(Handler handler) throws IOException {
        this.handler = handler;
        listener = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        accepting = Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    boolean alive() {
        return !listener.isClosed();
    }

    /** How many requests have begun so. */
    long asked(String beginning) {
        return requests.stream().filter(line -> line.startsWith(beginning)).count();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            StringBuilder head = new StringBuilder();
            while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
                int next = in.read();
                if (next < 0) {
                    return;
                }
                head.append((char) next);
            }
            requests.add(head.substring(0, head.indexOf("\r\n")));
            handler.answer(this, socket, head.toString(), in);
        } catch (IOException gone) {
            // A client that left; tests look at what was asked.
        }
    }

    /** A whole answer with a body. */
    static void ok(Socket socket, String text, String... headers) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.ISO_8859_1);
        StringBuilder answer = new StringBuilder("HTTP/1.1 200 OK\r\n");
        for (String header : headers) {
            answer.append(header).append("\r\n");
        }
        answer.append("Content-Length: ").append(body.length).append("\r\n\r\n");
        OutputStream out = socket.getOutputStream();
        out.write(answer.toString().getBytes(StandardCharsets.ISO_8859_1));
        out.write(body);
        out.flush();
    }

    /** From then on it accepts nothing: an accept that was in progress has ended. */
    @Override
    public void close() {
        try {
            listener.close();
            accepting.join(Duration.ofSeconds(5));
        } catch (IOException already) {
            // Then it is closed.
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
