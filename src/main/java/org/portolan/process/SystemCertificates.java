package org.portolan.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The certificate authorities that this machine trusts, for a Java runtime that brings none. The runtime of a package brings
 * none: they would age with it, and the authorities that an administrator added would be missing.
 */
public final class SystemCertificates {
    private static final List<Path> BUNDLES = List.of(
            Path.of("/etc/ssl/certs/ca-certificates.crt"),
            Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
            Path.of("/etc/ssl/ca-bundle.pem"),
            Path.of("/etc/ssl/cert.pem"));

    private static boolean used;

    private SystemCertificates() {}

    /** Makes them the ones of TLS connections that name no others, if the runtime has none. */
    public static synchronized void use() throws IOException {
        if (!used) {
            TrustManager[] managers = managers();
            if (managers != null) {
                try {
                    SSLContext context = SSLContext.getInstance("TLS");
                    context.init(null, managers, null);
                    SSLContext.setDefault(context);
                } catch (GeneralSecurityException impossible) {
                    throw new IllegalStateException(impossible);
                }
            }
            used = true;
        }
    }

    /** What checks a server by them; null when the runtime has its own authorities, or was given some by an option. */
    public static TrustManager @Nullable [] managers() throws IOException {
        Optional<Path> bundle = bundle();
        return bundle.isEmpty() ? null : managers(bundle.get());
    }

    /** As {@link #managers()}, with the runtime's own authorities where it has some. */
    public static TrustManager[] orDefault() throws IOException {
        TrustManager[] ofSystem = managers();
        if (ofSystem != null) {
            return ofSystem;
        }
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException unreadable) {
            throw new IOException("cannot read Java's certificate authorities: " + unreadable.getMessage(), unreadable);
        }
    }

    /** The file that is used; empty when the runtime's own authorities are. */
    public static Optional<Path> bundle() {
        return new Choice(
                        Path.of(System.getProperty("java.home", "")),
                        System.getProperty("javax.net.ssl.trustStore", ""),
                        Objects.requireNonNullElse(System.getenv("SSL_CERT_FILE"), ""),
                        BUNDLES)
                .bundle();
    }

    /**
     * What decides whose authorities are used.
     *
     * @param java the runtime's folder
     * @param trustStore the store that an option gives; "" for none
     * @param named the file that {@code SSL_CERT_FILE} names; "" for none
     * @param usual where systems have their file
     */
    record Choice(Path java, String trustStore, String named, List<Path> usual) {
        Optional<Path> bundle() {
            Path security = java.resolve("lib").resolve("security");
            if (!trustStore.isEmpty()
                    || Files.exists(security.resolve("jssecacerts"))
                    || Files.exists(security.resolve("cacerts"))) {
                return Optional.empty();
            }
            return named.isBlank() ? usual.stream().filter(Files::isReadable).findFirst() : Optional.of(Path.of(named));
        }
    }

    /** What checks a server by the authorities in a file in PEM. */
    public static TrustManager[] managers(Path bundle) throws IOException {
        try (InputStream in = Files.newInputStream(bundle)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("authority-" + store.size(), certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException unreadable) {
            throw new IOException(
                    "cannot read the certificate authorities in " + bundle + ": " + unreadable.getMessage(),
                    unreadable);
        }
    }

    /** How another authority is added, as a sentence without its end. */
    public static String howToAdd() {
        return bundle().map(file -> "for a private certificate authority, add its certificate to " + file
                        + " (Debian: update-ca-certificates), or set SSL_CERT_FILE")
                .orElse("for a private certificate authority, set a Java trust store:"
                        + " PORTOLAN_JAVA_OPTS=-Djavax.net.ssl.trustStore=FILE");
    }
}
