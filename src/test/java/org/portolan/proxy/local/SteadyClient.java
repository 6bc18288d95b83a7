package org.portolan.proxy.local;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Steady traffic on kept and on new connections, GET and POST, that counts what is not answered with 200. */
final class SteadyClient implements AutoCloseable {
    final AtomicLong requests = new AtomicLong();
    final AtomicLong lost = new AtomicLong();
    final ConcurrentLinkedQueue<String> reasons = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();
    private final int port;
    private final String host;

    /** Starts at once: some clients that keep their connection, some that open one for each request. */
    SteadyClient(int port, String host, int keeping, int opening) {
        this.port = port;
        this.host = host;
        for (int i = 0; i < keeping + opening; i++) {
            boolean keep = i < keeping;
            threads.add(Thread.ofPlatform().daemon().start(() -> run(keep)));
        }
    }

    private void run(boolean keep) {
        while (!stop.get()) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(20_000);
                socket.setTcpNoDelay(true);
                InputStream in = new BufferedInputStream(socket.getInputStream());
                boolean open = true;
                while (open && !stop.get()) {
                    open = once(socket, in, keep);
                    Thread.sleep(1);
                }
            } catch (IOException problem) {
                lost.incrementAndGet();
                reasons.add(problem + (keep ? " (kept)" : " (new)"));
            } catch (InterruptedException interrupted) {
                return;
            }
        }
    }

    /** One request; whether the connection stays open. */
    private boolean once(Socket socket, InputStream in, boolean keep) throws IOException {
        boolean post = requests.incrementAndGet() % 3 == 0;
        String request = (post ? "POST" : "GET") + " /x HTTP/1.1\r\nHost: " + host + "\r\nConnection: "
                + (keep ? "keep-alive" : "close") + "\r\n" + (post ? "Content-Length: 5\r\n\r\nhello" : "\r\n");
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        String status = line(in);
        int length = -1;
        boolean close = !keep;
        boolean chunked = false;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            String lower = header.toLowerCase(java.util.Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(15).strip());
            } else if (lower.startsWith("connection: close")) {
                close = true;
            } else if (lower.startsWith("transfer-encoding: chunked")) {
                chunked = true;
            }
        }
        if (chunked) {
            for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
                in.skipNBytes(size + 2L);
            }
            line(in);
        } else {
            in.skipNBytes(Math.max(0, length));
        }
        if (!status.contains(" 200 ")) {
            lost.incrementAndGet();
            reasons.add(status + (keep ? " (kept)" : " (new)"));
        }
        return !close;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("closed in the middle: `" + line + "`");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() {
        stop.set(true);
        for (Thread thread : threads) {
            try {
                thread.join(21_000);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
