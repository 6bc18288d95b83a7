package org.portolan.remote;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.portolan.socket.SocketWatchdog;
import org.portolan.socket.UnixSocket;

/** A connection to a controller, for one request. */
final class Link implements Closeable {
    private final InputStream in;
    private final OutputStream out;
    private final Closeable socket;

    private Link(InputStream in, OutputStream out, Closeable socket) {
        this.in = new BufferedInputStream(in);
        this.out = out;
        this.socket = socket;
    }

    static Link open(ControllerAddress address, Duration limit, SocketWatchdog watchdog) throws IOException {
        if (address.socket().isPresent()) {
            UnixSocket unix = UnixSocket.connect(address.socket().get(), limit, watchdog);
            return new Link(unix.input(), unix.output(), unix);
        }
        Socket tcp = new Socket();
        try {
            tcp.connect(new InetSocketAddress(unbracketed(address.host()), address.port()), (int) limit.toMillis());
            tcp.setTcpNoDelay(true);
            Socket used = address.tls()
                    ? new ControllerTrust(address).secured(tcp, unbracketed(address.host()), (int) limit.toMillis())
                    : tcp;
            return new Link(used.getInputStream(), used.getOutputStream(), used);
        } catch (IOException | RuntimeException problem) {
            tcp.close();
            throw problem;
        }
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    InputStream in() {
        return in;
    }

    OutputStream out() {
        return out;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
