package org.portolan.doctor;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.portolan.config.Configuration;
import org.portolan.model.service.CertificateCheck;
import org.portolan.model.service.Domain;
import org.portolan.process.PrivateFiles;

/** Whether what is said to the controller's API can be read on the way, and whether its certificate can be used. */
final class ApiCheck {
    private static final int MOST_BYTES = 256 * 1024;

    private final Examined examined;
    private final InstantSource clock;

    ApiCheck(Examined examined, InstantSource clock) {
        this.examined = examined;
        this.clock = clock;
    }

    List<Finding> find() {
        Configuration.Api api = examined.configuration().api();
        if (api.port() == 0 && api.domain().isEmpty()) {
            return List.of();
        }
        if (api.tls().isPresent()) {
            return certificate(api.tls().get(), api.domain());
        }
        if (api.port() == 0 || api.address().startsWith("127.") || api.address().equals("::1")) {
            return List.of();
        }
        return List.of(Finding.warning(
                "api",
                "it is to listen on " + api.address() + " without TLS: tokens can be read on the way",
                "Set api.cert and api.key, or listen on 127.0.0.1 behind a proxy with TLS."));
    }

    private List<Finding> certificate(Configuration.Tls tls, Optional<Configuration.PublicName> domain) {
        PrivateFiles.requirePrivate(tls.key());
        Domain.Certificate pair = new Domain.Certificate(
                PrivateFiles.text(tls.certificate(), MOST_BYTES), PrivateFiles.text(tls.key(), MOST_BYTES));
        List<String> names = domain.map(known -> List.of(known.name())).orElse(List.of());
        List<Finding> findings = new ArrayList<>();
        for (CertificateCheck.Finding found : CertificateCheck.of(pair, names, Optional.of(clock.instant()))) {
            String text =
                    (found.key() ? "api.key: " + tls.key() : "api.cert: " + tls.certificate()) + " " + found.message();
            String advice = sentence(found.hint());
            findings.add(found.fault() ? Finding.fault("api", text, advice) : Finding.warning("api", text, advice));
        }
        return findings.isEmpty() ? List.of(Finding.ok("api", "TLS with " + tls.certificate())) : findings;
    }

    private static String sentence(String hint) {
        return Character.toUpperCase(hint.charAt(0)) + hint.substring(1) + ".";
    }
}
