package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConnectionDeadlinesTest {
    private final ConnectionDeadlines<String> deadlines = new ConnectionDeadlines<>();
    private final Instant start = Instant.EPOCH;

    @Test
    void aConnectionWithoutAWholeHeadInTimeIsOver() {
        deadlines.opened("a", "1", start);
        assertThat(deadlines.over(start.plus(ConnectionDeadlines.HEAD).minusMillis(1)))
                .isEmpty();
        assertThat(deadlines.over(start.plus(ConnectionDeadlines.HEAD))).containsExactly("a");
        assertThat(deadlines.over(start.plus(ConnectionDeadlines.HEAD))).isEmpty();
    }

    @Test
    void aBodyHasItsTimeAndAnAnswerAllOfIt() {
        deadlines.opened("a", "1", start);
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
        deadlines.opened("a", "1", start);
        deadlines.closed("a");
        deadlines.answered("a", start);
        deadlines.body("a", start, Duration.ofSeconds(1));
        assertThat(deadlines.open()).isEmpty();
    }

    /** Who opens many connections and says nothing closes its own. */
    @Test
    void ofTooManyTheOldestOfWhoHasMostIsClosed() {
        for (int i = 0; i < 10; i++) {
            assertThat(deadlines.opened("honest " + i, "honest", start)).isEmpty();
        }
        deadlines.opened("socket", "", start);
        deadlines.opened("answered", "attacker", start);
        deadlines.answering("answered");
        int waiting = 10;
        for (int i = 0; i < 5_000; i++) {
            boolean full = waiting == ConnectionDeadlines.WAITING;
            assertThat(deadlines.opened("attacker " + i, "attacker", start))
                    .isEqualTo(
                            full
                                    ? Optional.of("attacker " + (i - (ConnectionDeadlines.WAITING - 10)))
                                    : Optional.empty());
            waiting = Math.min(waiting + 1, ConnectionDeadlines.WAITING);
        }
        assertThat(deadlines.open())
                .hasSize(ConnectionDeadlines.WAITING + 2)
                .contains("honest 0", "honest 9", "socket", "answered", "attacker 4999")
                .doesNotContain("attacker 0");
        deadlines.answered("answered", start);
        assertThat(deadlines.opened("late", "honest", start))
                .contains("attacker " + (5_000 - ConnectionDeadlines.WAITING + 10));
        assertThat(deadlines.over(start.plusSeconds(100_000))).hasSize(ConnectionDeadlines.WAITING + 2);
        assertThat(deadlines.open()).isEmpty();
    }
}
