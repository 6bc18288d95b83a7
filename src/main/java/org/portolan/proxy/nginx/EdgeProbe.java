package org.portolan.proxy.nginx;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
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
import org.portolan.process.Listeners;
import org.portolan.proxy.ProxySettings;
import org.portolan.proxy.render.Site;

/** Asks nginx itself how it treats a name. With Portolan's own token a request never reaches an application. */
final class EdgeProbe {
    private static final int TIMEOUT_MILLIS = 5000;

    private final String address;
    private final ProxySettings.Edge edge;
    private final String token;

    EdgeProbe(ProxySettings.Edge edge, String token) {
        this.edge = edge;
        this.token = token;
        this.address = switch (edge.address()) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::", "[::]" -> "::1";
            default -> edge.address();
        };
    }

    /** A name that falls under a site: a wildcard's stands for all. */
    static String nameUnder(String host) {
        return host.equals("*")
                ? "portolan-probe.invalid"
                : host.startsWith("*.") ? "portolan-probe" + host.substring(1) : host;
    }

    /** Whether nginx treats the site as it is declared. */
    boolean asDeclared(Site site) throws IOException {
        int open = status(site, true);
        if (site.open() ? open != 204 : open != 401) {
            return false;
        }
        if (site.redirectHttps()) {
            return status(site, false) == 301;
        }
        return !site.maintenance() || status(site, false) == 503;
    }

    /** The status that a request for the site's name gets. */
    int status(Site site, boolean withToken) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(Listeners.address(address), edge.http()), TIMEOUT_MILLIS);
            String request = "GET / HTTP/1.1\r\nHost: " + nameUnder(site.host()) + "\r\nConnection: close\r\n"
                    + (withToken ? "X-Portolan-Probe: " + token + "\r\n" : "") + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream answer = socket.getInputStream();
            byte[] line = answer.readNBytes(12);
            String text = new String(line, StandardCharsets.US_ASCII);
            if (!text.startsWith("HTTP/1.1 ")) {
                throw new IOException("nginx gave no HTTP answer");
            }
            return Integer.parseInt(text.substring(9, 12));
        }
    }

    /** Has nginx do a handshake for a name; fails with the reason when it cannot use the certificate's file. */
    void handshake(String name) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
            try (Socket plain = new Socket()) {
                plain.connect(new InetSocketAddress(Listeners.address(address), edge.https()), TIMEOUT_MILLIS);
                plain.setSoTimeout(TIMEOUT_MILLIS);
                SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, name, edge.https(), true);
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setServerNames(List.of(new SNIHostName(name)));
                socket.setSSLParameters(parameters);
                socket.startHandshake();
            }
        } catch (GeneralSecurityException missing) {
            throw new IOException("this Java cannot do TLS: " + missing.getMessage(), missing);
        }
    }

    /** The handshake is only a question whether nginx can use the file; whoever issued it is the user's affair. */
    private static final class TrustAll implements X509TrustManager {
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
