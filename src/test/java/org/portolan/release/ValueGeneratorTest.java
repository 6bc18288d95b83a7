package org.portolan.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.portolan.model.service.GenerateSpec;
import org.portolan.model.service.GenerateSpec.Kind;

/** Values have the form and the size that was asked for, and are other ones each time. */
class ValueGeneratorTest {
    @ParameterizedTest
    @EnumSource(Kind.class)
    void matchItsSpecAndDiffer(Kind kind) {
        GenerateSpec spec = kind == Kind.RSA ? new GenerateSpec(kind, kind.least()) : GenerateSpec.of(kind);
        String one = ValueGenerator.generate(spec);
        assertThat(spec.matches(one)).as(one).isTrue();
        assertThat(ValueGenerator.generate(spec)).isNotEqualTo(one);
    }

    @Test
    void sizesAreBytesOrCharacters() {
        assertThat(ValueGenerator.generate(new GenerateSpec(Kind.HEX, 15))).hasSize(30);
        assertThat(Base64.getDecoder().decode(ValueGenerator.generate(new GenerateSpec(Kind.BASE64, 20))))
                .hasSize(20);
        assertThat(ValueGenerator.generate(new GenerateSpec(Kind.PASSWORD, 13))).hasSize(13);
    }

    @Test
    void anRsaKeyHasItsBits() throws Exception {
        String pem = ValueGenerator.generate(new GenerateSpec(Kind.RSA, 2048));
        byte[] key = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        RSAPrivateCrtKey read =
                (RSAPrivateCrtKey) KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(key));
        assertThat(read.getModulus().bitLength()).isEqualTo(2048);
    }
}
