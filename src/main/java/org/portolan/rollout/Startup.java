package org.portolan.rollout;

import java.time.Instant;

/** How an instance's startup check stands. {@link StartupCheck} judges it. */
public sealed interface Startup {
    /** Nothing is checked: it ran before this run, and runs as far as the engine says. */
    record None() implements Startup {
        public static final None IT = new None();
    }

    /** One that is being checked, or was and passed. */
    sealed interface Checked extends Startup {
        /** When this run started it, or began to watch one that another run started. */
        Instant since();

        /** Whether this run started it: then it has no restart policy until it is healthy, and one end is enough. */
        boolean here();

        HealthRecord checks();

        /** The same after another answer. */
        Checked with(HealthRecord answers);
    }

    /** Not yet healthy for as long as asked. */
    record Running(Instant since, boolean here, HealthRecord checks) implements Checked {
        @Override
        public Running with(HealthRecord answers) {
            return new Running(since, here, answers);
        }
    }

    /** Was healthy for as long as asked; from then on only {@code unhealthy} failures in a row count. */
    record Passed(Instant since, boolean here, HealthRecord checks) implements Checked {
        @Override
        public Passed with(HealthRecord answers) {
            return new Passed(since, here, answers);
        }
    }

    /** Did not pass. It stays so: a crash loop must not pass between two crashes. */
    record Failed(String why) implements Startup {}
}
