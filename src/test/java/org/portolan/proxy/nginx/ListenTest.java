package org.portolan.proxy.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenTest {

    @Test
    void readsTheListenersOfAText() {
        assertThat(Listen.in("""
                        server {
                            listen 127.0.0.1:8080;
                            listen [::]:8443 ssl http2 ipv6only=off;
                            listen *:81 default_server;
                            listen 82;
                            listen unix:/run/x.sock;
                        }
                        """))
                .containsExactly(
                        new Listen("127.0.0.1", 8080, false),
                        new Listen("::", 8443, true),
                        new Listen("0.0.0.0", 81, false),
                        new Listen("0.0.0.0", 82, false));
    }

    @Test
    void passesOverWhatIsNoDirective() {
        assertThat(Listen.in("""
                        # listen 1;
                        server { listen 2; }
                        \tlisten 3;listen 4;
                        listen 5
                        proxy_listen 6;
                        listen 7 backlog=9; # listen 8;
                        """)).extracting(Listen::port).containsExactly(3, 7);
        assertThat(Listen.in("listen 9;")).extracting(Listen::port).containsExactly(9);
        assertThat(Listen.in("listen ")).isEmpty();
    }

    /** nginx binds the new listener while it has the old one. */
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0:80, 127.0.0.1:80, true",
        "127.0.0.1:80, 0.0.0.0:80, true",
        "127.0.0.1:80, 127.0.0.1:81, false",
        "127.0.0.1:80, 10.0.0.1:80, false",
        "0.0.0.0:80, [::]:80, false",
        "0.0.0.0:80, [::]:80 ipv6only=off, true",
        "[::]:80, [::]:80 ipv6only=off, true",
        "[::1]:80, [::]:80, true",
        "0.0.0.0:80, 0.0.0.0:80, false",
    })
    void knowsWhatAReloadCannotDo(String now, String wanted, boolean restart) {
        assertThat(Listen.needsRestart(listens(now), listens(wanted))).isEqualTo(restart);
    }

    private static Set<Listen> listens(String words) {
        return Listen.in("listen " + words + ";\n");
    }
}
