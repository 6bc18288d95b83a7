package org.portolan.proxy.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EdgeProbeTest {

    @Test
    void findsStatusAndPolicy() throws IOException {
        assertThat(answer("HTTP/1.1 204 No Content\r\nServer: nginx\r\nX-Portolan-Policy: http.open.1\r\n"))
                .isEqualTo(new EdgeProbe.Answer(204, Optional.of("http.open.1")));
        assertThat(answer("HTTP/1.1 401\nx-portolan-POLICY:https.basic.2"))
                .isEqualTo(new EdgeProbe.Answer(401, Optional.of("https.basic.2")));
        assertThat(answer("HTTP/1.1 503 Service Unavailable\r\nX-Other: X-Portolan-Policy: no"))
                .isEqualTo(new EdgeProbe.Answer(503, Optional.empty()));
        assertThat(answer("HTTP/1.1 200 OK\r\n\r\nX-Portolan-Policy: in the body"))
                .isEqualTo(new EdgeProbe.Answer(200, Optional.empty()));
    }

    private static EdgeProbe.Answer answer(String text) throws IOException {
        return EdgeProbe.answer(new BufferedReader(new StringReader(text)));
    }

    @Test
    void takesNothingElseForAnAnswer() {
        for (String head : List.of(
                "",
                "HTTP/1.1",
                "HTTP/1.1 ",
                "HTTP/1.1 20",
                "HTTP/1.1 2000 OK",
                "HTTP/1.1 2x0 OK",
                "HTTP/1.0 200 OK",
                "+OK",
                "HTTP/1.1 +20 OK",
                " HTTP/1.1 200 OK",
                "HTTP/1.1 200\tOK")) {
            assertThatThrownBy(() -> answer(head))
                    .as(head)
                    .isInstanceOf(IOException.class)
                    .hasMessage("nginx did not give an HTTP answer");
        }
    }
}
