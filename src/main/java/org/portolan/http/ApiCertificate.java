package org.portolan.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.event.EventLevel;
import org.portolan.model.event.Notice;
import org.portolan.model.service.CertificateCheck;
import org.portolan.model.service.Domain;
import org.portolan.model.service.PemKeys;
import org.portolan.process.FileStamp;
import org.portolan.process.PrivateFiles;

/**
 * The certificate that the API's port shows, read again when its files change: new connections see the new one, those that are open continue. A
 * pair that cannot be used does not take the place of the one that is shown. May be used by many threads.
 */
final class ApiCertificate {
    private static final int MOST_BYTES = 256 * 1024;
    private static final Duration EXPIRY_LOOK = Duration.ofHours(1);
    private static final String NAME = "api";

    /** The store of keys is in memory only: its password guards nothing. */
    private static final String PASSWORD = "none";

    private final ApiSettings.Tls files;
    private final Optional<String> name;
    private SslContextFactory.Server factory = new SslContextFactory.Server();
    private List<String> tried = List.of();
    private Domain.@Nullable Certificate shown;
    private @Nullable Failure failure;
    private boolean told;
    private Instant nextExpiryLook = Instant.MIN;
    private String expiry = "";
    private boolean over;
    private boolean foreign;

    /** @param name that the edge shows it for; empty: clients use what names they like */
    ApiCertificate(ApiSettings.Tls files, Optional<String> name) {
        this.files = files;
        this.name = name;
    }

    /**
     * Reads the files, unless they were.
     *
     * @throws Failure when they cannot be used
     */
    synchronized void begin() {
        if (shown != null) {
            return;
        }
        tried = stamps();
        try {
            Domain.Certificate pair = read();
            store(pair);
            shown = pair;
            failure = null;
        } catch (Failure bad) {
            failure = bad;
            told = true;
            throw bad;
        }
    }

    /** The pair that is shown; empty before the first one that can be used. */
    synchronized Optional<Domain.Certificate> pair() {
        return Optional.ofNullable(shown);
    }

    /**
     * For a server that begins to listen.
     *
     * @throws Failure when there is no pair that can be used
     */
    synchronized SslContextFactory.Server server() {
        begin();
        Domain.Certificate pair = Objects.requireNonNull(shown);
        factory = new SslContextFactory.Server();
        factory.setKeyStore(store(pair));
        factory.setKeyManagerPassword(PASSWORD);
        factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        // With TLS 1.2: forward secrecy and authenticated encryption only.
        factory.setIncludeCipherSuites(
                "TLS_AES_256_GCM_SHA384",
                "TLS_AES_128_GCM_SHA256",
                "TLS_CHACHA20_POLY1305_SHA256",
                "TLS_ECDHE_.*_WITH_AES_(128|256)_GCM_SHA(256|384)",
                "TLS_ECDHE_.*_WITH_CHACHA20_POLY1305_SHA256");
        factory.setUseCipherSuitesOrder(true);
        factory.setRenegotiationAllowed(false);
        return factory;
    }

    /**
     * Reads the files again if they have changed, and looks when the certificate ends. The same pair in a new file changes nothing.
     *
     * @return what is to be said of that, once; empty: nothing new. That a pair cannot be used is said when it stays so for a look: of two files
     *     one is always replaced first.
     */
    synchronized Optional<Notice> look(Instant now) {
        if (shown == null) {
            return Optional.empty();
        }
        List<String> there = stamps();
        if (!there.equals(tried)) {
            tried = there;
            told = false;
            try {
                Domain.Certificate pair = read();
                boolean same = pair.equals(shown);
                if (!same) {
                    use(pair);
                }
                shown = pair;
                failure = null;
                if (same) {
                    return expiry(now);
                }
                expiry = "";
                nextExpiryLook = Instant.MIN;
                return Optional.of(
                        new Notice(EventLevel.DETAIL, "the API shows the new certificate in " + files.certificate()));
            } catch (Failure bad) {
                failure = bad;
                return Optional.empty();
            }
        }
        Failure bad = failure;
        if (bad != null && !told) {
            told = true;
            return Optional.of(new Notice(
                    EventLevel.WARNING,
                    "the API continues with its previous certificate, as the new one cannot be used: " + bad.what()
                            + bad.hint().map(hint -> "; " + hint).orElse("")));
        }
        return expiry(now);
    }

    private Optional<Notice> expiry(Instant now) {
        Domain.Certificate pair = shown;
        if (pair == null || now.isBefore(nextExpiryLook)) {
            return Optional.empty();
        }
        nextExpiryLook = now.plus(EXPIRY_LOOK);
        String found = CertificateCheck.expiry(pair, now).orElse("");
        over = CertificateCheck.over(pair, now);
        foreign = name.isPresent() && !CertificateCheck.isFor(name.get(), pair.chainPem());
        if (found.equals(expiry)) {
            return Optional.empty();
        }
        expiry = found;
        return Optional.of(found)
                .filter(text -> !text.isEmpty())
                .map(text -> new Notice(EventLevel.WARNING, "the API's certificate " + text));
    }

    /** What is not as it should be, for people who need not be known: no paths. */
    synchronized List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (failure != null && told) {
            warnings.add(
                    shown == null
                            ? "the API's certificate cannot be used; its port is not open"
                            : "the API's new certificate cannot be used; the previous one is shown");
        }
        if (!expiry.isEmpty()) {
            warnings.add("the API's certificate " + expiry);
        }
        if (foreign) {
            warnings.add("the API's certificate is not for " + name.orElse(""));
        }
        return warnings;
    }

    /** Whether it is more than that the end is near. */
    synchronized boolean failing() {
        return (failure != null && told) || over || foreign;
    }

    private List<String> stamps() {
        return List.of(FileStamp.of(files.certificate()), FileStamp.of(files.key()));
    }

    private Domain.Certificate read() {
        PrivateFiles.requirePrivate(files.key());
        Domain.Certificate pair = new Domain.Certificate(
                PrivateFiles.text(files.certificate(), MOST_BYTES), PrivateFiles.text(files.key(), MOST_BYTES));
        for (CertificateCheck.Finding finding : CertificateCheck.of(pair, List.of(), Optional.empty())) {
            if (finding.fault()) {
                throw new Failure(
                                Kind.INVALID,
                                (finding.key() ? "api.key: " + files.key() : "api.cert: " + files.certificate()) + " "
                                        + finding.message())
                        .withHint(finding.hint());
            }
        }
        return pair;
    }

    private void use(Domain.Certificate pair) {
        try {
            KeyStore store = store(pair);
            if (factory.isStarted()) {
                factory.reload(server -> server.setKeyStore(store));
            }
        } catch (Failure unusable) {
            throw unusable;
        } catch (Exception unusable) {
            throw unusable(unusable);
        }
    }

    private KeyStore store(Domain.Certificate pair) {
        try {
            CertificateFactory certificates = CertificateFactory.getInstance("X.509");
            List<Certificate> chain = new ArrayList<>();
            for (String block : PemKeys.blocks(pair.chainPem(), "CERTIFICATE")) {
                chain.add(certificates.generateCertificate(
                        new ByteArrayInputStream(block.getBytes(StandardCharsets.US_ASCII))));
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    NAME, PemKeys.read(pair.keyPem()), PASSWORD.toCharArray(), chain.toArray(Certificate[]::new));
            return store;
        } catch (GeneralSecurityException | IOException unusable) {
            throw unusable(unusable);
        }
    }

    private Failure unusable(Exception cause) {
        return new Failure(Kind.INVALID, "api.cert: " + files.certificate() + " cannot be used: " + cause.getMessage())
                .withHint("inspect it: openssl x509 -in FILE -text")
                .withCause(cause);
    }
}
