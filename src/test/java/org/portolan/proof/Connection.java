package org.portolan.proof;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** One connection of the client: HTTP/1.1 by hand, so that nothing is tried again behind our back. */
final class Connection implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;
    private static final int BODY_LIMIT = 1 << 20;

    /** An answer: its status, its body and whether the server ends the connection after it. */
    record Answer(int status, String body, boolean last) {}

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private Connection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), 4096);
        this.out = socket.getOutputStream();
    }

    static Connection plain(int port) throws IOException {
        return plain(new InetSocketAddress("127.0.0.1", port));
    }

    static Connection plain(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(address, PATIENCE_MILLIS);
            return new Connection(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** TLS with the name in the handshake; any certificate is taken, since each run makes its own. */
    static Connection tls(int port, String host) throws IOException {
        return tls(port, host, "http/1.1");
    }

    /** The same with another protocol (ALPN), which the server must speak. */
    static Connection tls(int port, String host, String protocol) throws IOException {
        Connection plain = plain(port);
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Anyone()}, null);
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain.socket, host, port, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host)));
            parameters.setApplicationProtocols(new String[] {protocol});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            if (!protocol.equals(socket.getApplicationProtocol()) && !protocol.equals("http/1.1")) {
                socket.close();
                throw new IOException("the server does not speak " + protocol);
            }
            return new Connection(socket);
        } catch (GeneralSecurityException e) {
            plain.close();
            throw new IOException(e);
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    InputStream input() {
        return in;
    }

    OutputStream output() {
        return out;
    }

    /** Whether the server closed the connection since the last answer: what a client sees that watches its idle connections. */
    boolean ended() throws IOException {
        socket.setSoTimeout(1);
        try {
            in.mark(1);
            int next = in.read();
            in.reset();
            return next < 0;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (SocketException reset) {
            return true;
        } finally {
            socket.setSoTimeout(PATIENCE_MILLIS);
        }
    }

    void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    void send(byte[] data) throws IOException {
        out.write(data);
        out.flush();
    }

    /** Asks and reads the whole answer. */
    Answer get(String host, String path, String headers) throws IOException {
        send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers + "\r\n");
        return answer();
    }

    /** Reads an answer's status and no more. */
    int status() throws IOException {
        String first = line();
        if (!first.startsWith("HTTP/1.1 ") || first.length() < 12) {
            throw new IOException("no status line: " + first);
        }
        return Integer.parseInt(first.substring(9, 12));
    }

    /** Reads an answer with a Content-Length or in chunks. */
    Answer answer() throws IOException {
        int status = status();
        int length = 0;
        boolean chunked = false;
        boolean last = false;
        for (String line = line(); !line.isEmpty(); line = line()) {
            String header = line.toLowerCase(Locale.ROOT);
            if (header.startsWith("content-length:")) {
                length = Integer.parseInt(header.substring(15).strip());
            } else if (header.startsWith("transfer-encoding:") && header.contains("chunked")) {
                chunked = true;
            } else if (header.startsWith("connection:") && header.contains("close")) {
                last = true;
            }
        }
        if (status == 101) {
            return new Answer(status, "", false);
        }
        if (!chunked) {
            return new Answer(status, text(length), last);
        }
        StringBuilder body = new StringBuilder();
        for (int size = chunk(); size > 0; size = chunk()) {
            body.append(text(size));
            line();
        }
        line();
        return new Answer(status, body.toString(), last);
    }

    private int chunk() throws IOException {
        return Integer.parseInt(line().strip(), 16);
    }

    /** A line without its end. */
    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException(
                        line.isEmpty() ? "the connection was closed" : "the connection was closed within: " + line);
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private String text(int length) throws IOException {
        return new String(bytes(length), StandardCharsets.UTF_8);
    }

    byte[] bytes(int length) throws IOException {
        if (length > BODY_LIMIT) {
            throw new IOException("an answer of " + length + " bytes");
        }
        byte[] data = in.readNBytes(length);
        if (data.length < length) {
            throw new EOFException("the answer ended after " + data.length + " of " + length + " bytes");
        }
        return data;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException alreadyClosed) {
            // Nothing is left to close.
        }
    }

    private static final class Anyone implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
