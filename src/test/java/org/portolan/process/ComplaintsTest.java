package org.portolan.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComplaintsTest {
    @Test
    void haproxysAlertsComeBeforeItsWarnings() {
        String said = "[NOTICE]   (12) : haproxy version is 2.6.12\n"
                + "[WARNING]  (12) : config : 'option httplog' not usable with frontend\n".repeat(12)
                + "[ALERT]    (12) : config : parsing [/p/haproxy.cfg:40] : unknown keyword 'blurb'\n"
                + "    in section 'frontend'\n"
                + "[ALERT]    (12) : config : Fatal errors found in configuration.\n";
        List<String> shown = Complaints.of(said);
        assertThat(shown).hasSize(10);
        assertThat(shown.subList(0, 4))
                .containsExactly(
                        "[ALERT]    (12) : config : parsing [/p/haproxy.cfg:40] : unknown keyword 'blurb'",
                        "in section 'frontend'",
                        "[ALERT]    (12) : config : Fatal errors found in configuration.",
                        "[WARNING]  (12) : config : 'option httplog' not usable with frontend");
    }

    @Test
    void nginxsErrorsComeBeforeItsWarnings() {
        String said = "2026/11/27 10:00:00 [warn] 7#7: could not build optimal types_hash\n".repeat(11)
                + "nginx: [emerg] unknown directive \"blurb\" in /p/nginx.conf:9\n"
                + "nginx: configuration file /p/nginx.conf test failed\n";
        assertThat(Complaints.of(said).subList(0, 2))
                .containsExactly(
                        "nginx: [emerg] unknown directive \"blurb\" in /p/nginx.conf:9",
                        "nginx: configuration file /p/nginx.conf test failed");
        assertThat(Complaints.of("\n")).isEmpty();
    }
}
