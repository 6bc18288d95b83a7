package org.portolan.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.portolan.source.git.GitHttpBackend;

/** Git's own {@code http-backend} behind TLS with a self-signed certificate, for one user with a password. */
final class HttpsGitServer implements AutoCloseable {
    private static final String STORE_PASSWORD = "changeit";

    private final GitHttpBackend backend;
    private final Path certificate;
    private final Path trusted;
    private final String authorization;
    private final HttpsServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /**
     * @param folder where its keys go
     * @param repositories bare ones, each shown under its name
     */
    HttpsGitServer(Path folder, Path repositories, String user, String password)
            throws IOException, GeneralSecurityException {
        backend = new GitHttpBackend(repositories);
        authorization =
                "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        Path keys = folder.resolve("keys.p12");
        certificate = folder.resolve("git.pem");
        trusted = folder.resolve("trusted.p12");
        keytool(folder, "-genkeypair -keyalg EC -alias git -dname CN=git -ext san=ip:127.0.0.1 -keystore " + keys);
        keytool(folder, "-exportcert -rfc -alias git -file " + certificate + " -keystore " + keys);
        keytool(folder, "-importcert -noprompt -alias git -file " + certificate + " -keystore " + trusted);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context(keys)));
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    private static void keytool(Path folder, String arguments) {
        String command = Path.of(System.getProperty("java.home"), "bin/keytool") + " " + arguments + " -storepass "
                + STORE_PASSWORD;
        Program.start(folder, Map.of("PATH", "/usr/bin:/bin"), List.of(command.split(" ", -1)))
                .end()
                .exits(0);
    }

    private static SSLContext context(Path keys) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, STORE_PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, STORE_PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    /** The JVM options with which a program trusts this server. */
    String trust() {
        return "-Djavax.net.ssl.trustStore=" + trusted + " -Djavax.net.ssl.trustStorePassword=" + STORE_PASSWORD;
    }

    /** Its certificate in PEM. */
    Path certificate() {
        return certificate;
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"git\"");
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            backend.answer(exchange);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
