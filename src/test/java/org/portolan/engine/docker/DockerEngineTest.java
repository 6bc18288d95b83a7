package org.portolan.engine.docker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.portolan.engine.Engine;
import org.portolan.engine.EngineContract;
import org.portolan.testing.PrivateDocker;

@Tag("real")
class DockerEngineTest extends EngineContract {
    private static final PrivateDocker DOCKER = PrivateDocker.shared();
    private static final String OBEYS = "trap 'exit 0' TERM; echo hello; while :; do sleep 0.05; done";

    @BeforeEach
    void images() {
        DOCKER.image(good(), Map.of(), PrivateDocker.sh(OBEYS), List.of(80));
        DOCKER.image(ending(), Map.of(), PrivateDocker.sh("sleep 0.3; exit 3"), List.of());
        DOCKER.image(stubborn(), Map.of(), List.of("sleep", "1000"), List.of());
    }

    @AfterEach
    void clean() {
        DOCKER.removeContainers();
        DOCKER.docker("network", "prune", "-f");
        DOCKER.docker("volume", "prune", "-f");
    }

    @Override
    protected Engine connect() {
        return DockerEngine.connect(
                DockerEndpoint.unix(DOCKER.socket(), Path.of("/nonexistent")), Duration.ofSeconds(20));
    }

    @Override
    protected String good() {
        return "contract/good:1";
    }

    @Override
    protected String ending() {
        return "contract/ending:1";
    }

    @Override
    protected String stubborn() {
        return "contract/stubborn:1";
    }

    @Override
    protected void foreign(String name) {
        DOCKER.docker("create", "--name", name, DOCKER.busybox());
    }

    @Override
    protected void pass(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
