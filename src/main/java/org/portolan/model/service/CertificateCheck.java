package org.portolan.model.service;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads a certificate chain and its key before a server does: what a server would refuse, for example in the middle of a release, is a fault,
 * what browsers would refuse is worth a warning. Pure but for the JDK's cryptography.
 */
public final class CertificateCheck {
    /** From how long before its end a certificate is warned of. */
    public static final Duration SOON = Duration.ofDays(21);

    /** What OpenSSL takes at the security level that distributions set. */
    private static final int RSA_BITS = 2048;

    private static final int EC_BITS = 224;
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private CertificateCheck() {}

    /**
     * Something to say of it.
     *
     * @param fault whether a server cannot use it; else a warning
     * @param key whether it is about the key, else about the chain
     */
    public record Finding(boolean fault, boolean key, String message, String hint) {}

    /**
     * Everything that is to be said of a chain and its key.
     *
     * @param names the names that it is to serve; {@code *} is every name
     * @param now when it is judged by its times; empty: not at all
     */
    public static List<Finding> of(Domain.Certificate pem, Collection<String> names, Optional<Instant> now) {
        List<X509Certificate> chain;
        try {
            chain = chain(pem.chainPem());
        } catch (CertificateException unreadable) {
            return List.of(
                    fault(false, "cannot be read as an X.509 certificate", "inspect it: openssl x509 -in FILE -text"));
        }
        PrivateKey key;
        try {
            key = PemKeys.read(pem.keyPem());
        } catch (GeneralSecurityException unreadable) {
            return List.of(fault(
                    true,
                    "contains no readable private key",
                    "use an RSA, EC or Ed25519 key in PEM format without a passphrase"));
        }
        List<Finding> findings = new ArrayList<>();
        X509Certificate own = chain.getFirst();
        if (!belong(key, own.getPublicKey())) {
            boolean later = chain.stream().anyMatch(certificate -> belong(key, certificate.getPublicKey()));
            findings.add(
                    later
                            ? fault(
                                    false,
                                    "is in the wrong order: the first certificate does not match the key",
                                    "put the server's certificate first, then its issuer's, and so on")
                            : fault(
                                    true,
                                    "does not match the certificate",
                                    "use the key that the certificate was issued for"));
        }
        for (X509Certificate certificate : chain) {
            weakness(certificate).ifPresent(findings::add);
        }
        for (int i = 0; i + 1 < chain.size(); i++) {
            if (!chain.get(i).getIssuerX500Principal().equals(chain.get(i + 1).getSubjectX500Principal())) {
                findings.add(warning(
                        "has a broken chain: certificate " + (i + 2) + " is not the issuer of the one before it",
                        "put the issuer's certificate after each one"));
            }
        }
        now.ifPresent(moment -> {
            times(own, moment).ifPresent(findings::add);
        });
        List<String> covered = names(own);
        for (String name : names) {
            if (!name.equals("*") && covered.stream().noneMatch(pattern -> covers(pattern, name))) {
                findings.add(warning(
                        "is not for " + name + ", but for "
                                + (covered.isEmpty() ? "no name" : String.join(", ", covered)),
                        "browsers will refuse it for " + name));
            }
        }
        return findings;
    }

    /** What is to be said of the end of a chain's first certificate; empty when it is far or cannot be read. */
    public static Optional<String> expiry(Domain.Certificate pem, Instant now) {
        try {
            return times(chain(pem.chainPem()).getFirst(), now).map(Finding::message);
        } catch (CertificateException unreadable) {
            return Optional.empty();
        }
    }

    /** Whether a chain's first certificate has ended; not if it cannot be read. */
    public static boolean over(Domain.Certificate pem, Instant now) {
        try {
            return now.isAfter(chain(pem.chainPem()).getFirst().getNotAfter().toInstant());
        } catch (CertificateException unreadable) {
            return false;
        }
    }

    /** Whether a chain's first certificate is for a name; not if it cannot be read. */
    public static boolean isFor(String name, String chainPem) {
        return names(chainPem).stream().anyMatch(pattern -> covers(pattern, name));
    }

    /** The names and addresses that a chain's first certificate is for, in its order; none when it cannot be read. */
    public static List<String> names(String chainPem) {
        try {
            return names(chain(chainPem).getFirst());
        } catch (CertificateException unreadable) {
            return List.of();
        }
    }

    private static Optional<Finding> times(X509Certificate certificate, Instant now) {
        Instant from = certificate.getNotBefore().toInstant();
        Instant until = certificate.getNotAfter().toInstant();
        if (now.isBefore(from)) {
            return Optional.of(warning("is valid only from " + day(from), "browsers refuse it until then"));
        }
        if (now.isAfter(until)) {
            return Optional.of(warning("expired on " + day(until), "renew it; browsers refuse it"));
        }
        return now.plus(SOON).isAfter(until)
                ? Optional.of(warning(
                        "expires on " + day(until) + ", in "
                                + Duration.between(now, until).toDays() + " days",
                        "renew it"))
                : Optional.empty();
    }

    private static String day(Instant instant) {
        return instant.atZone(ZoneOffset.UTC).toLocalDate().toString();
    }

    private static Optional<Finding> weakness(X509Certificate certificate) {
        PublicKey key = certificate.getPublicKey();
        String hint = "create a new one: RSA with 2048 bits or more, or EC with P-256, signed with SHA-256";
        if (key instanceof RSAKey rsa && rsa.getModulus().bitLength() < RSA_BITS) {
            return Optional.of(fault(
                    false,
                    "has a weak key: RSA with " + rsa.getModulus().bitLength() + " bits; OpenSSL refuses it",
                    hint));
        }
        if (key instanceof ECKey ec && ec.getParams().getOrder().bitLength() < EC_BITS) {
            return Optional.of(fault(false, "has a weak key: EC with fewer than 224 bits; OpenSSL refuses it", hint));
        }
        String algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        boolean self = certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal());
        return !self && (algorithm.startsWith("SHA1") || algorithm.startsWith("MD5"))
                ? Optional.of(fault(false, "has a weak signature: " + algorithm + "; OpenSSL refuses it", hint))
                : Optional.empty();
    }

    /** Whether what the one signs the other verifies. */
    private static boolean belong(PrivateKey key, PublicKey certified) {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> "EdDSA";
                };
        byte[] message = "portolan".getBytes(StandardCharsets.UTF_8);
        try {
            Signature sign = Signature.getInstance(algorithm);
            sign.initSign(key);
            sign.update(message);
            byte[] signature = sign.sign();
            Signature verify = Signature.getInstance(algorithm);
            verify.initVerify(certified);
            verify.update(message);
            return verify.verify(signature);
        } catch (GeneralSecurityException other) {
            return false;
        }
    }

    private static List<X509Certificate> chain(String pem) throws CertificateException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> chain = new ArrayList<>();
        for (String block : PemKeys.blocks(pem, "CERTIFICATE")) {
            chain.add((X509Certificate)
                    factory.generateCertificate(new ByteArrayInputStream(block.getBytes(StandardCharsets.US_ASCII))));
        }
        if (chain.isEmpty()) {
            throw new CertificateException("no certificate");
        }
        return chain;
    }

    private static List<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> alternative : alternatives) {
                    Object kind = alternative.get(0);
                    if (kind.equals(DNS_NAME) || kind.equals(IP_ADDRESS)) {
                        names.add(String.valueOf(alternative.get(1)).toLowerCase(Locale.ROOT));
                    }
                }
            }
        } catch (CertificateParsingException none) {
            // Then it is for no name.
        }
        return names;
    }

    private static boolean covers(String pattern, String name) {
        int dot = name.indexOf('.');
        return pattern.equals(name)
                || (pattern.startsWith("*.") && dot > 0 && pattern.substring(1).equals(name.substring(dot)));
    }

    private static Finding fault(boolean key, String message, String hint) {
        return new Finding(true, key, message, hint);
    }

    private static Finding warning(String message, String hint) {
        return new Finding(false, false, message, hint);
    }
}
