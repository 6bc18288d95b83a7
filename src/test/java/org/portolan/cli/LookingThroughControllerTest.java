package org.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every looking command says the same through a controller's socket as it does of this machine's own parts. */
class LookingThroughControllerTest extends LookingCommandsTest {
    private final List<ControlledParts> open = new ArrayList<>();

    @Override
    SimParts parts(Path home) {
        ControlledParts controlled = new ControlledParts(home);
        open.add(controlled);
        return controlled;
    }

    @AfterEach
    void stop() {
        open.forEach(ControlledParts::stop);
    }

    /** Nothing is left out on the way: what the inherited tests do not print is the same too. */
    @Test
    void eachCommandPrintsTheSame() {
        SimParts direct = new SameParts(parts);
        direct.run("token", "add", "ci", "--scope", "read", "-D", "foo");
        direct.run("token", "remove", "ci");
        for (String[] command : List.of(
                new String[] {"list", "--json"},
                new String[] {"status"},
                new String[] {"status", "--json"},
                new String[] {"history"},
                new String[] {"history", "--json"},
                new String[] {"history", "2"},
                new String[] {"history", "2", "--json"},
                new String[] {"history", "7"},
                new String[] {"inspect"},
                new String[] {"inspect", "redis"},
                new String[] {"inspect", "web"},
                new String[] {"inspect", "foo-redis-2-1"},
                new String[] {"inspect", "nothing"},
                new String[] {"events"},
                new String[] {"events", "--json", "-n", "0"},
                new String[] {"events", "--audit"},
                new String[] {"events", "--audit", "-n", "1", "--json"},
                new String[] {"-D", "foo", "events", "--audit"},
                new String[] {"logs"},
                new String[] {"logs", "redis", "-t", "--json"},
                new String[] {"logs", "nothing"},
                new String[] {"-D", "a/b c", "status"})) {
            assertThat(parts.run(command)).as(String.join(" ", command)).isEqualTo(direct.run(command));
        }
    }

    /** The same simulated parts, looked at directly. */
    private static final class SameParts extends SimParts {
        private final SimParts same;

        SameParts(SimParts same) {
            super(same.home().root());
            this.same = same;
        }

        @Override
        public org.portolan.engine.Engine engine() {
            return same.engine;
        }

        @Override
        public org.portolan.store.Store store() {
            return same.store;
        }

        @Override
        public java.util.Optional<org.portolan.store.Store> storeIfAny() {
            return java.util.Optional.of(same.store);
        }

        @Override
        public org.portolan.proxy.Proxy proxy() {
            return same.proxy;
        }
    }
}
