package org.portolan.model.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PemKeysTest {
    private static String openssl(String arguments, String input) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments.split(" ", -1)));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var out = process.getOutputStream()) {
            out.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output;
    }

    @Test
    void reads_the_same_key_in_its_older_and_its_newer_form() throws Exception {
        for (String kind : new String[] {
            "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048",
            "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384"
        }) {
            String newer = openssl(kind, "");
            String older = openssl("pkey -traditional", newer);
            assertThat(newer).contains("BEGIN PRIVATE KEY");
            assertThat(older).doesNotContain("BEGIN PRIVATE KEY");
            assertThat(number(PemKeys.read(older))).isEqualTo(number(PemKeys.read(newer)));
        }
    }

    private static BigInteger number(PrivateKey key) {
        return key instanceof ECPrivateKey curve ? curve.getS() : ((RSAPrivateKey) key).getPrivateExponent();
    }

    @Test
    void reads_a_key_behind_the_parameters_that_openssl_writes_before_it() throws Exception {
        String pem = openssl("ecparam -name prime256v1 -genkey", "");
        assertThat(PemKeys.read(pem).getAlgorithm()).isEqualTo("EC");
    }

    @Test
    void reads_ed25519() throws Exception {
        assertThat(PemKeys.read(openssl("genpkey -algorithm ed25519", "")).getAlgorithm())
                .isEqualTo("EdDSA");
    }

    @Test
    void what_is_no_key_is_an_error_that_does_not_quote_it() {
        for (String pem : new String[] {
            "",
            "hush",
            "-----BEGIN PRIVATE KEY-----\nhush\n-----END PRIVATE KEY-----",
            "-----BEGIN EC PRIVATE KEY-----\nMIGk\n-----END EC PRIVATE KEY-----"
        }) {
            assertThatThrownBy(() -> PemKeys.read(pem))
                    .isInstanceOf(GeneralSecurityException.class)
                    .hasMessageNotContaining("hush");
        }
    }
}
