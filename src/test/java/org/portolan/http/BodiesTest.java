package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;

/** Few bytes of JSON can stand for much memory. */
class BodiesTest {
    private final Bodies.Memory memory = new Bodies.Memory();

    private static Bodies bodies() {
        return new Bodies(new ConnectionDeadlines<>(), new ByteArrayEndPoint(), Clock.systemUTC());
    }

    private static byte[] values(int count) {
        return ("[" + "{},".repeat(count - 2) + "{}]").getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void theValuesOfAllBodiesAreBoundedUntilTheyAreAnswered() throws Exception {
        byte[] most = values(Bodies.MOST_VALUES);
        try (Bodies first = bodies();
                Bodies second = bodies();
                Bodies third = bodies()) {
            first.values(most, memory);
            second.values(most, memory);
            third.values(values(1_000), memory);
            assertThatThrownBy(() -> third.values(values(1_001), memory)).isInstanceOf(Bodies.NoRoom.class);
            first.close();
            third.values(most, memory);
            assertThatThrownBy(() -> first.values(values(Bodies.MOST_VALUES + 1), memory))
                    .isInstanceOfSatisfying(
                            Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.INVALID));
        }
    }
}
