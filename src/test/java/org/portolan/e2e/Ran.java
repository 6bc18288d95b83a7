package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

/** How a command ended and what it printed. */
record Ran(String command, int status, String out, String err) {
    /** Fails, with all that was printed, unless it ended with this status. */
    Ran exits(int expected) {
        assertThat(status).as("%s", this).isEqualTo(expected);
        return this;
    }

    Ran prints(String... parts) {
        assertThat(out + err).as("%s", command).contains(parts);
        return this;
    }

    Ran printsNot(String... parts) {
        assertThat(out + err).as("%s", command).doesNotContain(parts);
        return this;
    }

    /** Fails unless the standard output is exactly this, and nothing else was said. */
    Ran printsExactly(String expected) {
        assertThat(out).as("%s", command).isEqualTo(expected);
        assertThat(err).as("%s", command).isEmpty();
        return this;
    }

    @Override
    public String toString() {
        return "$ " + command + "\n" + out + err + "exit " + status;
    }
}
