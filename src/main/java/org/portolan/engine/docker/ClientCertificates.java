package org.portolan.engine.docker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.portolan.engine.EngineException;
import org.portolan.model.service.PemKeys;
import org.portolan.process.SystemCertificates;

/**
 * What TLS needs, as the docker command lays it out: {@code ca.pem}, {@code cert.pem} and {@code key.pem} in a folder,
 * each of which may be missing.
 *
 * @param verify whether the engine's certificate must be signed by the authority ({@code ca.pem}, else the machine's)
 */
record ClientCertificates(Path folder, boolean verify) {

    SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(ours(), verify ? trusted() : new TrustManager[] {new TrustAnyone()}, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new EngineException(
                            EngineException.Reason.UNREACHABLE,
                            "cannot use the Docker certificates in " + folder + ": " + e.getMessage(),
                            Optional.of(e))
                    .withHint("ca.pem, cert.pem and key.pem must be PEM files in the folder DOCKER_CERT_PATH");
        }
    }

    private KeyManager @Nullable [] ours() throws IOException, GeneralSecurityException {
        Path certificate = folder.resolve("cert.pem");
        Path key = folder.resolve("key.pem");
        if (!Files.exists(certificate) || !Files.exists(key)) {
            return null;
        }
        KeyStore store = emptyStore();
        // The store never leaves this process, so its password guards nothing.
        char[] password = {'x'};
        store.setKeyEntry(
                "key",
                PemKeys.read(Files.readString(key)),
                password,
                read(certificate).toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, password);
        return factory.getKeyManagers();
    }

    private TrustManager @Nullable [] trusted() throws IOException, GeneralSecurityException {
        Path authority = folder.resolve("ca.pem");
        if (!Files.exists(authority)) {
            return SystemCertificates.managers();
        }
        KeyStore store = emptyStore();
        for (Certificate certificate : read(authority)) {
            store.setCertificateEntry("authority-" + store.size(), certificate);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static List<Certificate> read(Path file) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            List<Certificate> certificates =
                    List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
            if (certificates.isEmpty()) {
                throw new CertificateException(file.getFileName() + " contains no certificate");
            }
            return certificates;
        }
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** What {@code DOCKER_TLS} without {@code DOCKER_TLS_VERIFY} and {@code SkipTLSVerify} of a context ask for. */
    private static final class TrustAnyone extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
