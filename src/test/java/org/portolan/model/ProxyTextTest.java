package org.portolan.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProxyTextTest {
    @Test
    void nothingThatEndsAWordOrALineIsOfAFormThatIsNotQuoted() {
        for (ProxyText form : ProxyText.values()) {
            // A realm stands in no file as it is, but in hexadecimal digits.
            boolean quoted = form == ProxyText.TARGET || form == ProxyText.HEADER_VALUE || form == ProxyText.REALM;
            for (String end : new String[] {" ", "\"", "'", ";", "#", "{", "}", "\\", "`", "<", "|"}) {
                assertThat(form.fault("/a" + end + "b") == null && !quoted)
                        .as(form + " " + end)
                        .isFalse();
            }
            for (String never : new String[] {"\n", "\r", "\0", "\t", "ö", "\u007f"}) {
                assertThat(form.fault("/a" + never + "b"))
                        .as(form + " " + never)
                        .isNotNull();
            }
        }
    }

    @Test
    void lengthsAndBeginningsAreChecked() {
        assertThat(ProxyText.TARGET.fault("/" + "x".repeat(511))).isNull();
        assertThat(ProxyText.TARGET.fault("/" + "x".repeat(512))).isNotNull();
        assertThat(ProxyText.TARGET.fault("up")).contains("must begin with /");
        assertThat(ProxyText.TARGET.fault("/up?a=%20b&c=1;d#{$x}'")).isNull();
        assertThat(ProxyText.TARGET.fault("/u p")).isNotNull();
        assertThat(ProxyText.HEADER_VALUE.fault("")).isNull();
        assertThat(ProxyText.USER.fault("joe.doe@example.org")).isNull();
        assertThat(ProxyText.USER.fault("")).isNotNull();
        assertThat(ProxyText.REALM.fault("Zone 51, here")).isNull();
        assertThat(ProxyText.REALM.fault("a \"b\"")).isNotNull();
        assertThat(ProxyText.REALM.fault("x".repeat(65))).isNotNull();
    }
}
