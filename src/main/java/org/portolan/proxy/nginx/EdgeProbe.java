package org.portolan.proxy.nginx;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.portolan.process.Listeners;
import org.portolan.routing.Policy;
import org.portolan.routing.ProxySettings;
import org.portolan.routing.Site;

/** Asks nginx itself how it treats a name. With Portolan's own token a request never reaches an application. */
final class EdgeProbe {
    private static final int TIMEOUT_MILLIS = 5000;
    /** What Portolan's own requests begin with where the edge expects the PROXY protocol. */
    static final String UNKNOWN_CLIENT = "PROXY UNKNOWN\r\n";

    /** A user that no name has: nginx reads its password file to refuse him, and only then shows that it can. */
    private static final String STRANGER =
            "Basic " + Base64.getEncoder().encodeToString("portolan-probe:".getBytes(StandardCharsets.US_ASCII));

    /** As many questions on a connection fit into its buffers, which nobody reads while they are written. */
    static final int TOGETHER = 32;

    private static final String POLICY = "x-portolan-policy:";
    private static final String LENGTH = "content-length:";

    /** In digits: a page of nginx or HAProxy, and no application's. */
    private static final int LONGEST_BODY = 6;

    private static final Predicate<String> STATUS =
            Pattern.compile("HTTP/1\\.1 \\d{3}( .*)?").asMatchPredicate();

    private final String address;
    private final ProxySettings.Edge edge;
    private final String token;

    EdgeProbe(ProxySettings.Edge edge, String token) {
        this.edge = edge;
        this.token = token;
        this.address = edge.nearest();
    }

    /** A name that falls under a site: a wildcard's stands for all. */
    static String nameUnder(String host) {
        return host.equals("*")
                ? "portolan-probe.invalid"
                : host.startsWith("*.") ? "portolan-probe" + host.substring(1) : host;
    }

    /**
     * How nginx treated a question.
     *
     * @param policy scheme and token that it marked it with; empty: a template without the mark, or an earlier version
     */
    record Answer(int status, Optional<String> policy) {}

    /**
     * What nginx does otherwise than a policy says.
     *
     * @param status what it answered
     */
    record Difference(String text, int status) {
        /** Whether HAProxy refused what Digest could not check; nginx passes that on. */
        boolean unchecked(Policy policy) {
            return policy.kind() == Policy.Kind.DIGEST && status == 503;
        }
    }

    /** What nginx does otherwise than a policy says; empty: nothing. A site with a certificate is asked over TLS too. */
    Optional<Difference> difference(Policy policy) throws IOException {
        return difference(policy, Optional.empty());
    }

    /**
     * The same.
     *
     * @param answered what {@link #together} brought for the name; empty: it is asked for now
     */
    Optional<Difference> difference(Policy policy, Optional<Answer> answered) throws IOException {
        Site site = policy.site();
        int expected =
                switch (policy.kind()) {
                    case OPEN -> 204;
                    case BASIC, DIGEST -> 401;
                    case MAINTENANCE -> 503;
                };
        Optional<Difference> plain = difference(
                answered.isPresent() ? answered.get() : ask(nameUnder(site.host()), false),
                "http." + policy.token(),
                site.redirectHttps() ? 301 : expected);
        return plain.isPresent() || site.certificate().isEmpty()
                ? plain
                : difference(ask(nameUnder(site.host()), true), "https." + policy.token(), expected);
    }

    private static Optional<Difference> difference(Answer answer, String policy, int status) {
        if (answer.policy().isEmpty()) {
            return Optional.of(new Difference("its answer has no X-Portolan-Policy", answer.status()));
        }
        if (!answer.policy().get().equals(policy)) {
            return Optional.of(new Difference("it applies another policy", answer.status()));
        }
        return answer.status() == status
                ? Optional.empty()
                : Optional.of(
                        new Difference("it answers " + answer.status() + " instead of " + status, answer.status()));
    }

    /** Asks for a name, with the token; no application is reached. */
    Answer ask(String name, boolean tls) throws IOException {
        try (Socket socket = tls ? secure(name) : plain(edge.http())) {
            write(socket, request(name, true));
            return answer(reader(socket));
        }
    }

    /**
     * Asks for several names on one connection, without TLS: all questions are sent at once, and nginx answers them in their
     * order (RFC 9112, section 9.3.2).
     *
     * @param names at most {@link #TOGETHER}
     * @return the answers to the first names; fewer than names where nginx closed the connection before, as a worker does
     *     whose configuration is replaced
     */
    List<Answer> together(List<String> names) {
        List<Answer> answers = new ArrayList<>();
        try (Socket socket = plain(edge.http())) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < names.size(); i++) {
                requests.append(request(names.get(i), i == names.size() - 1));
            }
            write(socket, requests.toString());
            BufferedReader reader = reader(socket);
            for (int i = 0; i < names.size(); i++) {
                answers.add(answer(reader));
            }
        } catch (IOException closed) {
            return answers;
        }
        return answers;
    }

    private String request(String name, boolean last) {
        return "GET / HTTP/1.1\r\nHost: " + name + (last ? "\r\nConnection: close" : "") + "\r\nX-Portolan-Probe: "
                + token + "\r\nAuthorization: " + STRANGER + "\r\n\r\n";
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    /** Reads an answer with its body, so that the next one of the connection follows. */
    static Answer answer(BufferedReader answer) throws IOException {
        String line = answer.readLine();
        if (line == null || !STATUS.test(line)) {
            throw new IOException("nginx did not give an HTTP answer");
        }
        int status = Integer.parseInt(line.substring(9, 12));
        String policy = null;
        String length = null;
        for (line = answer.readLine(); line != null && !line.isEmpty(); line = answer.readLine()) {
            if (policy == null) {
                policy = value(line, POLICY);
            }
            if (length == null) {
                length = value(line, LENGTH);
            }
        }
        skip(answer, length == null ? "0" : length);
        return new Answer(status, Optional.ofNullable(policy));
    }

    private static @Nullable String value(String line, String header) {
        return line.regionMatches(true, 0, header, 0, header.length())
                ? line.substring(header.length()).strip()
                : null;
    }

    private static void skip(BufferedReader answer, String length) throws IOException {
        if (length.length() > LONGEST_BODY || !length.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IOException("nginx's answer is " + length + " bytes long");
        }
        long left = length.isEmpty() ? 0 : Long.parseLong(length);
        while (left > 0) {
            long skipped = answer.skip(left);
            if (skipped == 0) {
                return;
            }
            left -= skipped;
        }
    }

    private Socket plain(int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(Listeners.address(address), port), TIMEOUT_MILLIS);
            if (edge.proxyProtocol()) {
                socket.getOutputStream().write(UNKNOWN_CLIENT.getBytes(StandardCharsets.US_ASCII));
            }
            return socket;
        } catch (IOException refused) {
            socket.close();
            throw refused;
        }
    }

    private Socket secure(String name) throws IOException {
        Socket plain = plain(edge.https());
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, name, edge.https(), true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (GeneralSecurityException missing) {
            plain.close();
            throw new IOException("this Java cannot do TLS: " + missing.getMessage(), missing);
        } catch (IOException | RuntimeException refused) {
            plain.close();
            throw refused;
        }
    }

    /** Has nginx do a handshake for a name; fails with the reason when it cannot use the certificate's file. */
    void handshake(String name) throws IOException {
        secure(name).close();
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
