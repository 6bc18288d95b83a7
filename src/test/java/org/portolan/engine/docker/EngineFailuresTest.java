package org.portolan.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.portolan.engine.EngineException.Reason;

/** Of what an engine answers: what is its own trouble, and what is a no. */
class EngineFailuresTest {
    private static Reason reason(int status, String message) {
        return EngineFailures.refused("cannot start shop-web-1-1", status, message)
                .reason();
    }

    @Test
    void anEngineThatIsEndingRefusesNothing() {
        assertThat(reason(500, "transport is closing: unavailable")).isEqualTo(Reason.UNREACHABLE);
        assertThat(reason(500, "failed to update store for object type *libnetwork.endpoint: open : no such file"))
                .isEqualTo(Reason.UNREACHABLE);
        assertThat(reason(500, "task 4f5c9: already exists")).isEqualTo(Reason.IN_USE);
    }

    @Test
    void aNoIsANo() {
        assertThat(reason(400, "exec: \"serve\": executable file not found in $PATH"))
                .isEqualTo(Reason.REFUSED);
        assertThat(reason(500, "OCI runtime create failed")).isEqualTo(Reason.REFUSED);
        assertThat(reason(409, "the name is in use")).isEqualTo(Reason.CONFLICT);
        assertThat(reason(500, "Bind for 127.0.0.1:80 failed: port is already allocated"))
                .isEqualTo(Reason.IN_USE);
    }
}
