package org.portolan.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.cli.SimParts;
import org.portolan.model.routing.ProxyListener;
import org.portolan.process.ListeningSockets.Socket;
import org.portolan.process.SystemService;

class SystemServicesTest {
    private static final Socket NGINX = new Socket("0.0.0.0", 80, 0, 1);
    private static final Socket NGINX_SIX = new Socket("::", 80, 0, 2);
    private static final Socket OTHER = new Socket("0.0.0.0", 443, 1000, 3);
    private static final Socket ELSEWHERE = new Socket("0.0.0.0", 8081, 0, 1);

    @TempDir
    Path folder;

    private List<Finding> find(List<ProxyListener> own) {
        Map<Socket, String> services =
                Map.of(NGINX, "nginx.service", NGINX_SIX, "nginx.service", ELSEWHERE, "nginx.service");
        return SystemServices.onWebPorts(
                List.of(NGINX, NGINX_SIX, OTHER, ELSEWHERE),
                socket -> Optional.ofNullable(services.get(socket)).map(SystemService::new),
                own,
                new SimParts(folder).configuration().edge());
    }

    @Test
    void debiansNginxOnPort80IsSaidWithHowToTurnItOffAndIsNoFault() {
        assertThat(find(List.of(new ProxyListener("127.0.0.1", 8080, "the edge", "edge.http"))))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.level()).isEqualTo(Finding.Level.OK);
                    assertThat(finding.text())
                            .isEqualTo("the system's service nginx.service listens on 0.0.0.0:80, [::]:80;"
                                    + " the edge uses 8080 and 8443");
                    assertThat(finding.advice().orElseThrow().plain())
                            .contains("systemctl disable --now nginx.service", "edge.http");
                });
    }

    @Test
    void aPortThatTheEdgeWantsIsLeftToTheCheckOfPorts() {
        assertThat(find(List.of(new ProxyListener("0.0.0.0", 80, "the edge", "edge.http"))))
                .isEmpty();
    }
}
