package org.portolan.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.portolan.process.ProcessIdentity.Life;

class ProcessIdentityTest {
    @Test
    void aRunningProcessIsAliveAndAnEndedOneIsDead() throws Exception {
        Process sleep = new ProcessBuilder("sleep", "60").start();
        ProcessIdentity identity = ProcessIdentity.of(sleep.pid()).orElseThrow();
        assertThat(identity.life()).isEqualTo(Life.ALIVE);
        sleep.destroyForcibly().waitFor();
        assertThat(identity.life()).isEqualTo(Life.DEAD);
    }

    @Test
    void aLaterProcessOfTheSameNumberIsNotTheRecordedOne() {
        ProcessIdentity self = ProcessIdentity.self();
        assertThat(self.life()).isEqualTo(Life.ALIVE);
        assertThat(new ProcessIdentity(self.pid(), self.startTicks() + 1, self.world()).life())
                .isEqualTo(Life.DEAD);
    }

    @Test
    void nothingIsSaidOfOtherMachinesAndBoots() {
        ProcessIdentity self = ProcessIdentity.self();
        assertThat(new ProcessIdentity(self.pid(), self.startTicks(), "elsewhere").life())
                .isEqualTo(Life.UNKNOWN);
    }

    @Test
    void itsTextIsReadBack() {
        ProcessIdentity self = ProcessIdentity.self();
        assertThat(ProcessIdentity.parse(self.text())).contains(self);
        assertThat(ProcessIdentity.parse("")).isEmpty();
        assertThat(ProcessIdentity.parse("1 x y")).isEmpty();
    }
}
