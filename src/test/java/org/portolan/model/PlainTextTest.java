package org.portolan.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.portolan.model.event.AccessEvent.ChangeRequested;

class PlainTextTest {
    @Test
    void whatMovesACursorOrHidesIsEscapedOnce() {
        String odd = "a\u001b[2J\n\tb\u202e\u2028é😀";
        assertThat(PlainText.of(odd)).isEqualTo("a\\u001b[2J\\u000a\\u0009b\\u202e\\u2028é😀");
        assertThat(PlainText.lines(odd)).isEqualTo("a\\u001b[2J\n\tb\\u202e\\u2028é😀");
        assertThat(PlainText.of(PlainText.of(odd))).isEqualTo(PlainText.of(odd));
    }

    @Test
    void theAuditLogHasNoneOfIt() {
        assertThat(new ChangeRequested("exec in web: \u001b[2J\n", "x", "y").what())
                .isEqualTo("exec in web: \\u001b[2J\\u000a");
    }
}
