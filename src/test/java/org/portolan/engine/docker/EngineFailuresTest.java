package org.portolan.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.portolan.engine.EngineException.Kind;

/** Of what an engine answers: what is its own trouble, and what is a no. */
class EngineFailuresTest {
    private static Kind kind(int status, String message) {
        return EngineFailures.refused("cannot start shop-web-1-1", status, message)
                .kind();
    }

    @Test
    void anEngineThatIsEndingRefusesNothing() {
        assertThat(kind(500, "transport is closing: unavailable")).isEqualTo(Kind.UNREACHABLE);
        assertThat(kind(500, "failed to update store for object type *libnetwork.endpoint: open : no such file"))
                .isEqualTo(Kind.UNREACHABLE);
        assertThat(kind(500, "task 4f5c9: already exists")).isEqualTo(Kind.IN_USE);
    }

    @Test
    void aNoIsANo() {
        assertThat(kind(400, "exec: \"serve\": executable file not found in $PATH"))
                .isEqualTo(Kind.REFUSED);
        assertThat(kind(500, "OCI runtime create failed")).isEqualTo(Kind.REFUSED);
        assertThat(kind(409, "the name is in use")).isEqualTo(Kind.CONFLICT);
        assertThat(kind(500, "Bind for 127.0.0.1:80 failed: port is already allocated"))
                .isEqualTo(Kind.IN_USE);
    }
}
