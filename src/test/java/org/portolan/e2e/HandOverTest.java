package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who leads changes while commands come and go: each is done, and no exit status shows it. */
@Tag("e2e")
class HandOverTest {
    private static final int HAND_OVERS = 5;

    private static TrialSite site;
    private final Controllers controllers = new Controllers();

    @BeforeAll
    static void open() {
        site = TrialSite.open();
        site.writeWeb("quick", "web:1", "one");
        site.run("deploy", "quick").exits(0);
        site.writeWeb("calm", "web:1", "one");
        site.run("deploy", "calm").exits(0);
    }

    @AfterAll
    static void close() {
        site.close();
    }

    @AfterEach
    void end() {
        controllers.close();
    }

    private Program serve() {
        return controllers.serve(site);
    }

    @Test
    void commandsDoNotNoticeThatAnotherControllerLeads() throws Exception {
        Program leads = serve().printed("Controller leads");
        Program next = serve().printed("Controller stands by");
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger done = new AtomicInteger();
        List<Ran> failed = new CopyOnWriteArrayList<>();
        List<Thread> people = List.of(
                commands(over, done, failed, "-D", "quick", "scale", "web=2"),
                commands(over, done, failed, "-D", "quick", "restart"),
                commands(over, done, failed, "-D", "calm", "scale", "web=1"));
        for (int i = 0; i < HAND_OVERS; i++) {
            Waiting.millis(1_500);
            leads.signal("TERM");
            leads.end(Duration.ofSeconds(70)).exits(0);
            next.printed("Controller leads");
            leads = next;
            next = serve().printed("Controller stands by");
        }
        over.set(true);
        for (Thread person : people) {
            person.join();
        }
        System.out.println("commands: " + done + ", failed: " + failed);
        assertThat(failed).isEmpty();
        assertThat(done.get()).isGreaterThan(HAND_OVERS);
        String history = site.run("-D", "quick", "history").exits(0).out();
        assertThat(history).doesNotContain("running");
        assertThat(site.running("quick")).hasSize(2);
    }

    /** One after the other, 100 ms apart; the restarts are in the middle of a release when their leader ends. */
    private static Thread commands(AtomicBoolean over, AtomicInteger done, List<Ran> failed, String... words) {
        return Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                Ran ran = site.run(words);
                done.incrementAndGet();
                if (ran.status() != 0) {
                    failed.add(ran);
                }
                Waiting.millis(100);
            }
        });
    }

    /** A leader that is killed is dead, and nobody waits for it: the commands that it carried out are asked for again. */
    @Test
    void aCommandOfALeaderThatIsKilledIsBroughtToItsEnd() {
        Program leads = serve().printed("Controller leads");
        Program next = serve().printed("Controller stands by");
        Program restart = site.start("-D", "quick", "restart").printed("Deploying quick");
        leads.signal("KILL");
        next.printed("Controller leads");
        Ran ran = restart.end(Duration.ofSeconds(60));
        System.out.println(ran);
        ran.exits(0).printsNot("is not known");
        assertThat(site.run("-D", "quick", "history").exits(0).out()).doesNotContain("running");
    }
}
