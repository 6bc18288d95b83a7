package org.portolan.model.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.portolan.model.service.DigestCredential.Algorithm;

class DigestCredentialTest {
    /** RFC 7616, section 3.9.1: both answers of its example follow from the hash that is kept. */
    @Test
    void theRfcsExampleIsAnswered() throws Exception {
        DigestCredential known = DigestCredential.of("Mufasa", "http-auth@example.org", "Circle of Life");
        assertThat(response(known, Algorithm.MD5)).isEqualTo("8ca523f5e9506fed4657c9700eebdbec");
        assertThat(response(known, Algorithm.SHA_256))
                .isEqualTo("753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
    }

    private static String response(DigestCredential known, Algorithm algorithm) throws Exception {
        return hash(
                algorithm,
                known.hashes().get(algorithm)
                        + ":7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v:00000001:f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ:auth:"
                        + hash(algorithm, "GET:/dir/index.html"));
    }

    private static String hash(Algorithm algorithm, String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance(algorithm.word()).digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void whatLooksTheSameIsTheSame() {
        assertThat(DigestCredential.of("J\u00e4son", "r", "\u00fc"))
                .isEqualTo(DigestCredential.of("Ja\u0308son", "r", "u\u0308"))
                .isNotEqualTo(DigestCredential.of("Jason", "r", "u"))
                .isNotEqualTo(DigestCredential.of("J\u00e4son", "s", "\u00fc"));
    }

    @Test
    void itsTextIsReadAgainAndNothingElse() {
        DigestCredential full = DigestCredential.of("ann", "r", "secret");
        DigestCredential half = new DigestCredential(
                Map.of(Algorithm.MD5, full.hashes().get(Algorithm.MD5).toUpperCase(java.util.Locale.ROOT)));
        for (DigestCredential one : List.of(full, half)) {
            assertThat(DigestCredential.parse(one.text())).contains(one);
        }
        assertThat(half.text()).isEqualTo(full.hashes().get(Algorithm.MD5) + ",-");
        for (String other :
                List.of("", ",", "-,-", "secret", half.text().substring(1), full.text() + ",", "-" + full.text())) {
            assertThat(DigestCredential.parse(other)).as(other).isEmpty();
        }
        assertThatThrownBy(() -> new DigestCredential(Map.of(Algorithm.MD5, "secret")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
        assertThat(full.toString()).doesNotContain(full.hashes().get(Algorithm.MD5));
    }

    @Test
    void aDomainOffersWhatAllItsUsersHave() {
        DigestCredential full = DigestCredential.of("ann", "r", "secret");
        DigestCredential md5 =
                new DigestCredential(Map.of(Algorithm.MD5, full.hashes().get(Algorithm.MD5)));
        DigestCredential sha256 =
                new DigestCredential(Map.of(Algorithm.SHA_256, full.hashes().get(Algorithm.SHA_256)));
        assertThat(DigestCredential.common(List.of(full, full))).containsExactly(Algorithm.SHA_256, Algorithm.MD5);
        assertThat(DigestCredential.common(List.of(full, md5))).containsExactly(Algorithm.MD5);
        assertThat(DigestCredential.common(List.of(md5, sha256))).isEmpty();
    }
}
