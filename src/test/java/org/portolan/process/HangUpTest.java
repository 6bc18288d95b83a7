package org.portolan.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The signal as the kernel sends it. */
@Tag("real")
class HangUpTest {
    @Test
    void itIsHandedOutAndEndsNothing() throws Exception {
        CountDownLatch came = new CountDownLatch(2);
        assertThat(HangUp.each(came::countDown)).isTrue();
        for (int i = 0; i < 2; i++) {
            long before = came.getCount();
            new ProcessBuilder(
                            "kill",
                            "-HUP",
                            Long.toString(ProcessHandle.current().pid()))
                    .start()
                    .waitFor();
            for (int round = 0; round < 100 && came.getCount() == before; round++) {
                Thread.sleep(20);
            }
        }
        assertThat(came.await(1, TimeUnit.SECONDS)).isTrue();
    }
}
