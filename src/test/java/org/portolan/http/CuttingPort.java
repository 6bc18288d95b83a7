package org.portolan.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Stands between a client and the API on loopback, and cuts connections to an operation's archive after so many bytes. */
final class CuttingPort implements AutoCloseable {
    private final ServerSocket server;
    private final int behind;
    volatile int most = Integer.MAX_VALUE;

    CuttingPort(int behind) {
        this.behind = behind;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        Thread.ofPlatform().daemon().start(this::serve);
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    private void serve() {
        try {
            while (true) {
                Socket client = server.accept();
                Thread.ofPlatform().daemon().start(() -> pass(client));
            }
        } catch (IOException closed) {
            // The test has ended.
        }
    }

    private void pass(Socket client) {
        try (client;
                Socket api = new Socket(InetAddress.getLoopbackAddress(), behind)) {
            byte[] first = new byte[16];
            int size = client.getInputStream().readNBytes(first, 0, first.length);
            api.getOutputStream().write(first, 0, size);
            String method = new String(first, 0, size, java.nio.charset.StandardCharsets.US_ASCII);
            byte[] head = head(client.getInputStream());
            api.getOutputStream().write(head);
            boolean archive = new String(head, java.nio.charset.StandardCharsets.US_ASCII)
                    .lines()
                    .findFirst()
                    .orElse("")
                    .contains("/archive");
            int up = archive && method.startsWith("PUT") ? most : Integer.MAX_VALUE;
            int down = archive && method.startsWith("GET") ? most : Integer.MAX_VALUE;
            Thread.ofPlatform().daemon().start(() -> copy(client, api, up));
            copy(api, client, down);
        } catch (IOException gone) {
            // One of the two went.
        }
    }

    private static byte[] head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        return head.toString().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static void copy(Socket from, Socket to, int most) {
        byte[] part = new byte[4096];
        int left = most;
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(part, 0, Math.min(left, part.length)); read > 0; ) {
                out.write(part, 0, read);
                left -= read;
                read = left == 0 ? 0 : in.read(part, 0, Math.min(left, part.length));
            }
            if (most != Integer.MAX_VALUE) {
                from.close();
            }
            to.close();
        } catch (IOException gone) {
            // One of the two went.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
