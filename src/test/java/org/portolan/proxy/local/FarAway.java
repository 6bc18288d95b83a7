package org.portolan.proxy.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.LinkedBlockingQueue;

/** Carries connections to a local port with a delay in each direction, as if the client were far away. */
final class FarAway implements AutoCloseable {
    private record Part(long dueNanos, byte[] bytes) {}

    private final ServerSocket listener;
    private final int target;
    private final long delayNanos;

    FarAway(int target, long delayMillis) throws IOException {
        this.target = target;
        delayNanos = delayMillis * 1_000_000;
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                carry(client, server);
                carry(server, client);
            } catch (IOException closed) {
                // The next one may do better; a closed listener ends the loop.
            }
        }
    }

    private void carry(Socket from, Socket to) {
        LinkedBlockingQueue<Part> way = new LinkedBlockingQueue<>();
        Thread.ofVirtual().start(() -> {
            byte[] buffer = new byte[65_536];
            try {
                InputStream in = from.getInputStream();
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    way.add(new Part(System.nanoTime() + delayNanos, java.util.Arrays.copyOf(buffer, count)));
                }
            } catch (IOException gone) {
                // Said to the other side below.
            }
            way.add(new Part(System.nanoTime() + delayNanos, new byte[0]));
        });
        Thread.ofVirtual().start(() -> {
            try {
                OutputStream out = to.getOutputStream();
                for (Part part = way.take(); part.bytes().length > 0; part = way.take()) {
                    long wait = part.dueNanos() - System.nanoTime();
                    if (wait > 0) {
                        Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
                    }
                    out.write(part.bytes());
                }
                to.shutdownOutput();
            } catch (IOException gone) {
                // The other direction ends by itself.
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
