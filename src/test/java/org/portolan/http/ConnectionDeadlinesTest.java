package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ConnectionDeadlinesTest {
    private final ConnectionDeadlines<String> deadlines = new ConnectionDeadlines<>();
    private final Instant start = Instant.EPOCH;

    @Test
    void aConnectionWithoutAWholeHeadInTimeIsOver() {
        deadlines.opened("a", start);
        assertThat(deadlines.over(start.plus(ConnectionDeadlines.HEAD).minusMillis(1)))
                .isEmpty();
        assertThat(deadlines.over(start.plus(ConnectionDeadlines.HEAD))).containsExactly("a");
        assertThat(deadlines.over(start.plus(ConnectionDeadlines.HEAD))).isEmpty();
    }

    @Test
    void aBodyHasItsTimeAndAnAnswerAllOfIt() {
        deadlines.opened("a", start);
        deadlines.body("a", start.plusSeconds(9), Duration.ofSeconds(20));
        assertThat(deadlines.over(start.plusSeconds(28))).isEmpty();
        deadlines.answering("a");
        assertThat(deadlines.over(start.plusSeconds(100_000))).isEmpty();
        deadlines.answered("a", start.plusSeconds(100_000));
        assertThat(deadlines.over(start.plusSeconds(100_000).plus(ConnectionDeadlines.KEPT)))
                .containsExactly("a");
    }

    /** A request whose answer ends after its connection does not bring the connection back. */
    @Test
    void whatWasClosedStaysForgotten() {
        deadlines.opened("a", start);
        deadlines.closed("a");
        deadlines.answered("a", start);
        deadlines.body("a", start, Duration.ofSeconds(1));
        assertThat(deadlines.open()).isEmpty();
    }
}
