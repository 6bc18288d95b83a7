package org.portolan.model.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateCheckTest {
    @TempDir
    Path folder;

    private Domain.Certificate made(String name, String algorithm, int days) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl", "req", "-x509", "-nodes", "-newkey"));
        command.addAll(List.of(algorithm.split(" ", -1)));
        command.addAll(
                List.of("-days", String.valueOf(days), "-subj", "/CN=x", "-addext", "subjectAltName=DNS:" + name));
        command.addAll(List.of("-keyout", "k.pem", "-out", "c.pem"));
        assertThat(new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor())
                .isZero();
        return new Domain.Certificate(
                Files.readString(folder.resolve("c.pem")), Files.readString(folder.resolve("k.pem")));
    }

    private static List<String> said(Domain.Certificate pem, String name) {
        return CertificateCheck.of(pem, List.of(name), Optional.of(Instant.now())).stream()
                .map(finding -> (finding.fault() ? "fault " : "warning ") + finding.message())
                .toList();
    }

    @Test
    void tellsWhatNginxRefusesAndWhatBrowsersRefuse() throws Exception {
        Domain.Certificate good = made("*.example.org", "ec -pkeyopt ec_paramgen_curve:P-256", 90);
        Domain.Certificate other = made("b.org", "rsa:2048", 5);
        assertThat(said(good, "a.example.org")).isEmpty();
        assertThat(said(good, "*")).isEmpty();
        assertThat(said(good, "example.org")).containsExactly("warning is not for example.org, but for *.example.org");
        assertThat(said(other, "b.org"))
                .singleElement()
                .asString()
                .startsWith("warning expires on ")
                .contains(" days");
        assertThat(said(new Domain.Certificate(good.chainPem(), other.keyPem()), "a.example.org"))
                .containsExactly("fault does not match the certificate");
        assertThat(said(new Domain.Certificate(other.chainPem() + good.chainPem(), good.keyPem()), "b.org"))
                .anyMatch(line -> line.startsWith("fault is in the wrong order"));
        assertThat(said(made("c.org", "rsa:1024", 90), "c.org"))
                .anyMatch(line -> line.startsWith("fault has a weak key: RSA with 1024 bits"));
        assertThat(said(
                        new Domain.Certificate(
                                "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", good.keyPem()),
                        "x"))
                .containsExactly("fault cannot be read as an X.509 certificate");
        assertThat(CertificateCheck.expiry(good, Instant.now().plus(Duration.ofDays(100))))
                .hasValueSatisfying(text -> assertThat(text).startsWith("expired on "));
    }
}
