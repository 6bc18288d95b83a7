package org.portolan.model.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;

/** Public keys as {@code ssh-keygen} wrote them. */
public class SshKeyTest {
    public static final String ED25519 =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIH5JQebp3wFVlBpGj2s3Wka6ihQPF2gL81LAZ1oqyj54 ada@lapto" + "p";
    public static final String ECDSA =
            "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBGgEMv8PaoohfIDokl"
                    + "M5SXwXiWnCW0yJOZT7xqienVEAVEQVnrsGSxik0nFywTEwpFw1aJR33KWCKllmVS4wlKk= ada@laptop";
    private static final String ECDSA_521 =
            "ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBAEZtVOzuz050pOPNb"
                    + "dFVM8Tb8Qm4G8/k/SWUypvqhw4Prq4QO4pXPXjIU75xlEWTpLVDgzLvqqe7s21XlCBvILiTwEdrJ1hqD9VIMokKK7D"
                    + "kR0OLPQSegU2XtPnRgq+1ZDHzYQtlSTuDLWIhvoizn/qgfxiBR1pQv2oqhyWnepaDnkK2g== ada@laptop";
    private static final String RSA =
            "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCL9RBgju+KwwfITg0O47MB9iER36MjhKRlyQphQ1BIoWyn6RwF/M"
                    + "3OHdkdKMbxJjxzFk/aufzS6dmuSNgIjVPSDnWWyHvXrykp1dg7NXEhs3LX0eBjy8iLithX5fjoatNph6A19GErIfD+"
                    + "DKTtwV/uJ2A5QDS7rhl4uMWA+lmpiV5xx/4gtzk5gxUMNW81PnTgv+g8ls8l/lv8zF9DqRkLDYqkljrZe7GUyu8jA9"
                    + "bH2Ihv2814rl1vPnH+rSEkzW3imdtK9816FJHvELnPeuAG3iGYRPO5lejQQI55GyHMa9VukkpBRPkTKnLAhKe5xk56"
                    + "o4m+2vf2C3AGZ26pe86B ada@laptop";
    private static final String SHORT_RSA =
            "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDdsVzHL75LJQBF+suIivL6q02l6gYs6a/twJN4be/bI4LTVHfDhQ"
                    + "rqxJYv0fqQDr6/oIoRann5lvhizyHZZslb1W9wq4Z3TgAY/Ms5s9oKrE0qaqOrdBFte0UGXrfV1ljmkCEBl/ByG2Rm"
                    + "exvma0/TAu891fOElfGrtmq19N2ARQ== ada@laptop";

    @Test
    void theThreeTypesAreReadWithTheFingerprintsOfSshKeygen() {
        Map.of(
                        ED25519, "SHA256:3kXuAxu5yBq++xZIrt0unGu8vbmN9H+n+Llpp7CksSg",
                        ECDSA, "SHA256:DbJHXIgOE2JlJxy4e7GFkRVuxtzSQIyXS72R0IjRvzA",
                        ECDSA_521, "SHA256:1auzDanr0P6N4nlX9yDCm9VEqbgtsj8UBQX6FoJxvBw",
                        RSA, "SHA256:jls+eLbjchaf2D+OBWz04lHHnVh9BueeMsO4TC/Qkgs")
                .forEach((line, fingerprint) -> {
                    SshKey key = SshKey.read("# a comment\n\n" + line + "\n");
                    assertThat(key.fingerprint()).isEqualTo(fingerprint);
                    assertThat(key.line()).isEqualTo(line);
                    assertThat(key.comment()).isEqualTo("ada@laptop");
                });
        assertThat(SshKey.read(ED25519).same(SshKey.read(RSA))).isFalse();
    }

    @Test
    void whateverElseIsRefusedWithItsReason() {
        refused("", "no key was given");
        refused(ED25519 + "\n" + RSA, "more than one key was given: add one at a time");
        refused(SHORT_RSA, "the RSA key has 1024 bits");
        refused("ssh-dss AAAAB3NzaC1kc3M= x", "DSA keys are not accepted: they are too weak");
        refused("ssh-ed25519-cert-v01@openssh.com AAAA x", "certificates are not supported");
        refused("command=\"ls\" " + ED25519, "options before a key are not supported");
        refused("sk-ssh-ed25519@openssh.com AAAA x", "not a public key of SSH of an accepted type");
        refused("-----BEGIN OPENSSH PRIVATE KEY-----\nabc", "this is a private key, which nobody else should get");
        refused("ssh-ed25519", "the key is incomplete");
        refused("ssh-ed25519 !!!!", "the key is not valid Base64");
        refused(ED25519.replace("ssh-ed25519", "ssh-rsa"), "the key is of another type than it says");
    }

    /** Of each key every shorter and every longer form, and one byte after the other changed: never more than a refusal. */
    @Test
    void damagedKeysAreRefused() {
        for (String line : List.of(ED25519, ECDSA, RSA)) {
            SshKey key = SshKey.read(line);
            byte[] bytes = Base64.getDecoder().decode(key.blob());
            for (int length = 0; length <= bytes.length + 4; length++) {
                byte[] other = Arrays.copyOf(bytes, length);
                if (length != bytes.length) {
                    assertThatThrownBy(() -> SshKey.of(key.type(), other, "")).isInstanceOf(Failure.class);
                }
            }
            for (int at = 0; at < bytes.length; at++) {
                byte[] other = bytes.clone();
                other[at] ^= (byte) 0x80;
                try {
                    assertThat(SshKey.of(key.type(), other, "").same(key)).isFalse();
                } catch (Failure refused) {
                    assertThat(refused.what()).startsWith("invalid public key: ");
                }
            }
        }
    }

    @Test
    void aCommentSaysNothingToATerminal() {
        assertThat(SshKey.read(ED25519.replace("ada@laptop", "a\u001b[2J\u202eb"))
                        .comment())
                .isEqualTo("a[2Jb");
    }

    private static void refused(String text, String why) {
        assertThatThrownBy(() -> SshKey.read(text)).hasMessage("invalid public key: " + why);
    }
}
