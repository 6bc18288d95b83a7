package org.portolan.proxy.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;
import org.portolan.process.Listeners;

/** A port that the user may not listen on is not the template's fault. */
class NginxRefusalTest {
    @Test
    void aForbiddenPortIsTheCause() {
        Failure failure = NginxProcess.forbidden(
                        "nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)\nnginx: configuration file x test failed")
                .orElseThrow();
        assertThat(failure.what()).isEqualTo("nginx cannot listen on 0.0.0.0:80: permission denied");
        assertThat(failure.hint().orElse(""))
                .contains("below 1024", "PORTOLAN_EDGE_HTTP")
                .doesNotContain("template");
        assertThat(NginxProcess.forbidden("nginx: [emerg] unknown directive \"x\" in f:1"))
                .isEmpty();
    }

    @Test
    void onlyAPrivilegedPortIsForbidden() {
        assertThat(Listeners.forbidden(80, "Permission denied")).isTrue();
        assertThat(Listeners.forbidden(8080, "Permission denied")).isFalse();
        assertThat(Listeners.forbidden(80, "Address already in use")).isFalse();
    }
}
