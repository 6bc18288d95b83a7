package org.portolan.remote;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.SystemCertificates;

/** Whether a controller that speaks TLS is the one that was named, and why not. For one connection. */
final class ControllerTrust {
    /** A host name, and no address in digits. */
    private static final Pattern NAME = Pattern.compile("(?![0-9.]+$)[a-zA-Z0-9-]+([.][a-zA-Z0-9-]+)*");

    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final int NAMES_SHOWN = 5;

    private final ControllerAddress address;
    private @Nullable X509Certificate shown;

    ControllerTrust(ControllerAddress address) {
        this.address = address;
    }

    /** What is known to be wrong with a controller's certificate. */
    static final class NotTrusted extends IOException {
        private static final long serialVersionUID = 1;

        private final String remedy;

        NotTrusted(String what, String remedy, Throwable cause) {
            super(what, cause);
            this.remedy = remedy;
        }

        String remedy() {
            return remedy;
        }
    }

    /**
     * The socket with TLS over it, its handshake done.
     *
     * @param host the name, or the address without brackets
     * @throws NotTrusted when the controller's certificate is not to be trusted, or is of somebody else
     */
    SSLSocket secured(Socket tcp, String host, int limitMillis) throws IOException {
        SSLSocket secure = (SSLSocket) context().getSocketFactory().createSocket(tcp, host, address.port(), true);
        SSLParameters parameters = secure.getSSLParameters();
        // Without it any valid certificate would do, whoever it is of.
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        // Java names only hosts with a dot; an edge chooses the certificate by the name.
        if (NAME.matcher(host).matches()) {
            parameters.setServerNames(List.of(new SNIHostName(host)));
        }
        secure.setSSLParameters(parameters);
        secure.setSoTimeout(limitMillis);
        try {
            secure.startHandshake();
        } catch (SSLException refused) {
            throw explained(refused, host);
        }
        secure.setSoTimeout(0);
        return secure;
    }

    private SSLContext context() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Recording(trusted())}, null);
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private X509ExtendedTrustManager trusted() throws IOException, GeneralSecurityException {
        Optional<Path> file = address.authorities();
        TrustManager[] managers;
        try {
            managers = file.isPresent() ? SystemCertificates.managers(file.get()) : SystemCertificates.orDefault();
        } catch (IOException unreadable) {
            String why = unreadable instanceof NoSuchFileException ? "it does not exist" : unreadable.getMessage();
            throw new Failure(
                            Kind.INVALID,
                            "cannot read the certificate authorities in "
                                    + file.map(Path::toString).orElse("this machine's file") + ": " + why)
                    .withHint("PORTOLAN_CA_FILE has to name a file with certificates in PEM format")
                    .withCause(unreadable);
        }
        for (TrustManager manager : managers) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return extended;
            }
        }
        throw new IllegalStateException("no trust manager of X.509");
    }

    private IOException explained(SSLException refused, String host) {
        X509Certificate certificate = shown;
        for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
            if (certificate != null && cause instanceof CertificateExpiredException) {
                return new NotTrusted(
                        "its certificate expired on " + day(certificate.getNotAfter()),
                        "have it renewed there; if it is not that old, check this machine's clock",
                        refused);
            }
            if (certificate != null && cause instanceof CertificateNotYetValidException) {
                return new NotTrusted(
                        "its certificate is valid only from " + day(certificate.getNotBefore()),
                        "check this machine's clock",
                        refused);
            }
        }
        String text = String.valueOf(refused.getMessage());
        if (text.contains("Unsupported or unrecognized SSL message")) {
            return new NotTrusted(
                    "it does not speak TLS",
                    "set api.cert and api.key there; with http:// in PORTOLAN_URL tokens can be read on the way",
                    refused);
        }
        if (certificate == null || !(refused.getCause() instanceof CertificateException)) {
            return refused;
        }
        if (text.contains("PKIX") || text.contains("unable to find")) {
            return new NotTrusted(
                    "its certificate is of an authority that is not trusted here: "
                            + certificate.getIssuerX500Principal().getName(),
                    address.authorities().isPresent()
                            ? "PORTOLAN_CA_FILE has to hold the certificate of that authority"
                            : "set PORTOLAN_CA_FILE to a file with the authority's certificate",
                    refused);
        }
        List<String> names = names(certificate);
        return new NotTrusted(
                "its certificate is not for " + host + ", but for "
                        + (names.isEmpty() ? "no name" : String.join(", ", names)),
                "use one of its names in PORTOLAN_URL, or have a certificate made with this one",
                refused);
    }

    private static String day(Date date) {
        return date.toInstant().atZone(ZoneOffset.UTC).toLocalDate().toString();
    }

    private static List<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            for (List<?> alternative : alternatives == null ? List.<List<?>>of() : alternatives) {
                Object kind = alternative.get(0);
                if (kind.equals(DNS_NAME) || kind.equals(IP_ADDRESS)) {
                    names.add(String.valueOf(alternative.get(1)));
                }
            }
        } catch (CertificateParsingException broken) {
            // Then it is for no name.
        }
        if (names.size() > NAMES_SHOWN) {
            names.subList(NAMES_SHOWN, names.size()).clear();
            names.add("…");
        }
        return names;
    }

    /** Keeps the certificate that is judged, to say what is wrong with it. */
    private final class Recording extends X509ExtendedTrustManager {
        private final X509ExtendedTrustManager judge;

        Recording(X509ExtendedTrustManager judge) {
            this.judge = judge;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            shown = chain[0];
            judge.checkServerTrusted(chain, type, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            shown = chain[0];
            judge.checkServerTrusted(chain, type, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("whom it is of cannot be checked");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            judge.checkClientTrusted(chain, type, socket);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            judge.checkClientTrusted(chain, type, engine);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            judge.checkClientTrusted(chain, type);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return judge.getAcceptedIssuers();
        }
    }
}
