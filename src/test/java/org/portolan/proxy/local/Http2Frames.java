package org.portolan.proxy.local;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** One request over HTTP/2, and the trailers that come back: neither curl nor the JDK's client shows them. */
final class Http2Frames {
    /** `grpc-status`, as it is and in HPACK's Huffman code. */
    private static final List<String> NAMES =
            List.of("grpc-status", "\u009a\u00ca\u00c8\u00b2\u0012\u0034\u00da\u008f");

    private Http2Frames() {}

    /** The value of the trailer grpc-status (a digit); "" when there is none. */
    static String trailer(int port, boolean tls) throws IOException {
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
                Socket socket = tls ? secure(plain) : plain) {
            socket.setSoTimeout(3000);
            ByteArrayOutputStream header = new ByteArrayOutputStream();
            literal(header, ":method", "POST");
            literal(header, ":scheme", tls ? "https" : "http");
            literal(header, ":path", "/pkg.Service/Call");
            literal(header, ":authority", "example.org");
            literal(header, "content-type", "application/grpc");
            literal(header, "te", "trailers");
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            frame(all, 4, 0, 0, new byte[0]);
            frame(all, 1, 4, 1, header.toByteArray());
            frame(all, 0, 1, 1, "x".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(all.toByteArray());
            return answer(new DataInputStream(socket.getInputStream()));
        }
    }

    /** An open connection over TLS with some requests on it (streams 1, 3, …), none of which is answered yet. */
    static Socket asking(int port, int requests, String path) throws IOException {
        Socket socket = secure(new Socket(InetAddress.getLoopbackAddress(), port));
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        literal(header, ":method", "GET");
        literal(header, ":scheme", "https");
        literal(header, ":path", path);
        literal(header, ":authority", "example.org");
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(all, 4, 0, 0, new byte[0]);
        for (int i = 0; i < requests; i++) {
            frame(all, 1, 5, 2 * i + 1, header.toByteArray());
        }
        socket.getOutputStream().write(all.toByteArray());
        return socket;
    }

    /** Cancels these requests; the connection stays. */
    static void cancel(Socket socket, int requests) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < requests; i++) {
            frame(all, 3, 0, 2 * i + 1, new byte[] {0, 0, 0, 8});
        }
        socket.getOutputStream().write(all.toByteArray());
    }

    private static String answer(DataInputStream in) throws IOException {
        boolean body = false;
        while (true) {
            int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            in.readInt();
            String payload = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
            body |= type == 0;
            if (type == 3 || type == 7) {
                throw new IOException("HTTP/2: the request was given up");
            }
            if (type == 1 && body) {
                for (String name : NAMES) {
                    int at = payload.indexOf(name);
                    if (at >= 0) {
                        return payload.substring(at + name.length() + 1);
                    }
                }
            }
            if (type <= 1 && (flags & 1) == 1) {
                return "";
            }
        }
    }

    private static void literal(ByteArrayOutputStream out, String name, String value) {
        out.write(0);
        out.write(name.length());
        out.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        out.write(value.length());
        out.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    }

    private static void frame(ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload) {
        for (int part : new int[] {payload.length >> 16, payload.length >> 8, payload.length, type, flags, 0, 0, 0}) {
            out.write(part);
        }
        out.write(stream);
        out.writeBytes(payload);
    }

    private static Socket secure(Socket plain) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Any()}, new SecureRandom());
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "example.org", 443, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName("example.org")));
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (GeneralSecurityException impossible) {
            throw new IOException(impossible);
        }
    }

    private static final class Any implements X509TrustManager {
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
