package org.portolan.proxy.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** An instance for tests: says its name and what it was asked, takes uploads, is slow and sends headers on demand. */
final class OriginServer implements AutoCloseable {
    private final HttpServer server;
    private final String name;
    final AtomicLong requests = new AtomicLong();
    /** The most requests that it had at once. */
    final AtomicInteger most = new AtomicInteger();

    private final AtomicInteger atOnce = new AtomicInteger();

    OriginServer(String name) throws IOException {
        this.name = name;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        String path = exchange.getRequestURI().getPath();
        long bytes = 0;
        try (InputStream body = exchange.getRequestBody()) {
            byte[] part = new byte[65_536];
            for (int count = body.read(part); count >= 0; count = body.read(part)) {
                bytes += count;
            }
        }
        if (path.startsWith("/slow")) {
            most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            sleep(Long.parseLong(path.substring(path.lastIndexOf('/') + 1)));
            atOnce.decrementAndGet();
        }
        StringBuilder text = new StringBuilder(name)
                .append(' ')
                .append(exchange.getRequestMethod())
                .append(' ')
                .append(exchange.getRequestURI())
                .append(" bytes=")
                .append(bytes)
                .append('\n');
        if (path.startsWith("/headers")) {
            exchange.getRequestHeaders()
                    .forEach((header, values) -> text.append(header.toLowerCase(java.util.Locale.ROOT))
                            .append(": ")
                            .append(String.join("|", values))
                            .append('\n'));
        }
        if (path.startsWith("/answer")) {
            for (String header : exchange.getRequestURI().getQuery().split("&", -1)) {
                int equals = header.indexOf('=');
                exchange.getResponseHeaders().add(header.substring(0, equals), header.substring(equals + 1));
            }
        }
        byte[] answer = text.toString().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(path.startsWith("/error") ? 500 : 200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
