package org.portolan.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.controller.SimControl.deployment;
import static org.portolan.controller.SimControl.shop;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.portolan.model.Cron;
import org.portolan.model.FreezeWindow;
import org.portolan.model.event.EventKind;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Condition;
import org.portolan.model.state.Standing.Subject;

/** A configuration that changes while a controller runs, on a simulated engine with virtual time. */
class ReconfigurationTest {
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final String FILE = "/srv/portolan.yaml";

    private final SimControl sim = new SimControl(3);

    private void changed() {
        sim.configuration.add(new ConfigurationState(FILE, true, List.of(), ""));
    }

    private List<Standing> standings(Subject subject) {
        return sim.site.store.connect("looking").standings().stream()
                .filter(standing -> standing.subject() == subject)
                .toList();
    }

    @Test
    void aSourceThatIsAddedIsReadAtOnceAndOneThatIsRemovedLeavesWhatItDeployed() {
        sim.follow("one", false);
        sim.push("one", "aaaa", shop("1", 1), deployment("blog", "1", 1));
        Controller controller = sim.controller(sim.site.process());
        sim.pass(LONG, controller);
        sim.push("two", "bbbb", deployment("wiki", "1", 1));
        sim.follow("two", false);
        changed();
        sim.pass(SOON, controller);
        assertThat(sim.running()).contains("wiki-web-1-1");

        sim.followed.removeIf(source -> source.name().equals("one"));
        sim.push("one", "cccc", deployment("blog", "2", 1));
        changed();
        sim.pass(Duration.ofMinutes(20), controller);
        assertThat(sim.running()).as("nothing is removed or deployed").contains("shop-web-1-1", "blog-web-1-1");
        assertThat(standings(Subject.SOURCE)).extracting(Standing::name).containsExactly("two");
        assertThat(sim.standing(Subject.DEPLOYMENT, "shop")).satisfies(shop -> {
            assertThat(shop.condition()).isEqualTo(Condition.OK);
            assertThat(shop.what()).isEqualTo("no source follows it");
        });
        assertThat(sim.standing(Subject.DEPLOYMENT, "wiki").what()).isEmpty();

        sim.site.engine.remove(
                sim.site.engine.world().all().stream()
                        .filter(each -> each.name().equals("shop-web-1-1"))
                        .findFirst()
                        .orElseThrow()
                        .id(),
                true);
        sim.pass(LONG, controller);
        assertThat(sim.running()).as("it is kept up").anyMatch(name -> name.startsWith("shop-web-1-"));

        sim.follow("one", false);
        sim.push("one", "dddd", shop("1", 1), deployment("blog", "2", 1));
        changed();
        sim.pass(LONG, controller);
        assertThat(sim.running()).contains("blog-web-2-1");
        assertThat(sim.standing(Subject.DEPLOYMENT, "shop").what()).isEmpty();
    }

    @Test
    void aFileThatIsNotValidIsSaidUntilItIsAndAnotherLeaderSaysItToo() {
        sim.follow("one", false).push("one", "aaaa", shop("1", 1));
        Controller first = sim.controller(sim.site.process());
        sim.pass(LONG, first);
        sim.configuration.add(new ConfigurationState(FILE, false, List.of(), "portolan.yaml:2:3: unknown key 'x'"));
        sim.pass(SOON, first);
        assertThat(sim.standing(Subject.CONFIGURATION, FILE)).satisfies(file -> {
            assertThat(file.condition()).isEqualTo(Condition.FAILING);
            assertThat(file.what())
                    .isEqualTo(
                            "not taken over, what was read before stays in force: portolan.yaml:2:3: unknown key 'x'");
        });
        assertThat(sim.site.reports)
                .filteredOn(event -> event.data().kind() == EventKind.CONDITION_CHANGED
                        && event.message().contains("configuration"))
                .hasSize(1);
        sim.push("one", "bbbb", shop("2", 1));
        sim.pass(LONG, first);
        assertThat(sim.running()).as("all goes on").contains("shop-web-2-1");
        sim.configuration.add(new ConfigurationState(FILE, false, List.of("edge.http", "redis"), ""));
        sim.pass(SOON, first);
        assertThat(sim.standing(Subject.CONFIGURATION, FILE)).satisfies(file -> {
            assertThat(file.condition()).isEqualTo(Condition.DRIFT);
            assertThat(file.what()).isEqualTo("in force after a restart: edge.http, redis");
        });
        changed();
        sim.pass(SOON, first);
        assertThat(sim.standing(Subject.CONFIGURATION, FILE).condition()).isEqualTo(Condition.OK);
    }

    @Test
    void whileItIsAsItWasNothingIsSaid() {
        sim.follow("one", false).push("one", "aaaa", shop("1", 1));
        sim.configuration.add(new ConfigurationState(FILE, false, List.of(), ""));
        sim.pass(LONG, sim.controller(sim.site.process()));
        assertThat(standings(Subject.CONFIGURATION)).isEmpty();
        assertThat(sim.site.reports).noneMatch(event -> event.message().contains("configuration"));
    }

    /** A standby reads it as well, and leads with what is in force. */
    @Test
    void whoLeadsNextSaysHowTheFileStands() {
        sim.configuration.add(new ConfigurationState(FILE, false, List.of(), "portolan.yaml:1:1: wrong"));
        sim.pass(SOON, sim.controller(sim.site.process()));
        assertThat(sim.standing(Subject.CONFIGURATION, FILE).condition()).isEqualTo(Condition.FAILING);
    }

    @Test
    void aFreezeWindowThatIsTakenOutLetsGo() {
        sim.follow("one", false).push("one", "aaaa", shop("1", 1));
        Controller controller = sim.controller(sim.site.process());
        sim.pass(LONG, controller);
        FreezeWindow window = new FreezeWindow(
                "quiet", Cron.parse("* * * * *"), Duration.ofHours(8), ZoneOffset.UTC, List.of("*"), "");
        sim.site.freezes.add(window);
        sim.push("one", "bbbb", shop("2", 1));
        sim.pass(LONG, controller);
        assertThat(sim.standing(Subject.DEPLOYMENT, "shop").condition()).isEqualTo(Condition.FROZEN);
        sim.site.freezes.clear();
        changed();
        sim.pass(SOON, controller);
        assertThat(sim.running()).contains("shop-web-2-1");
    }

    @Test
    void aChangeWhoseSourcesCannotBeReadIsSaidAndTakenOverOnceTheyCan() {
        sim.follow("one", false).push("one", "aaaa", shop("1", 1));
        Controller controller = sim.controller(sim.site.process());
        sim.pass(LONG, controller);
        sim.push("two", "bbbb", deployment("wiki", "1", 1));
        sim.follow("two", false);
        sim.unreadable = true;
        changed();
        sim.pass(LONG, controller);
        assertThat(sim.standing(Subject.CONFIGURATION, FILE)).satisfies(file -> {
            assertThat(file.condition()).isEqualTo(Condition.FAILING);
            assertThat(file.what()).endsWith(": cannot read /srv/repositories: permission denied");
        });
        assertThat(sim.site.reports)
                .filteredOn(event -> event.data().kind() == EventKind.CONDITION_CHANGED
                        && event.message().contains("configuration"))
                .as("said once")
                .hasSize(1);
        sim.push("one", "cccc", shop("2", 1));
        sim.pass(LONG, controller);
        assertThat(sim.running()).as("all else is done").contains("shop-web-2-1");
        sim.unreadable = false;
        sim.pass(SOON, controller);
        assertThat(sim.standing(Subject.CONFIGURATION, FILE).condition()).isEqualTo(Condition.OK);
        assertThat(sim.running()).contains("wiki-web-1-1");
    }

    @Test
    void whatIsFoundOfASourceThatIsNoLongerFollowedDoesNotComeBack() {
        Followed whole = sim.source("fleet", false);
        Followed part = new Followed("fleet:a", SimControl.POLL, false, owner -> true, Optional.of("fleet"));
        SourceMemory memory = new SourceMemory(List.of(whole), applied -> {});
        assertThat(memory.parts(whole, found(part, "c1"))).hasValue(Set.of("fleet:a"));
        assertThat(memory.parts(whole, found(part, "c1"))).hasValue(Set.of());
        assertThat(memory.parts(whole, found(part, "c2")))
                .as("another commit is news, whether the one before could be read or not")
                .hasValue(Set.of("fleet:a"));
        memory.replace(List.of()).forEach(memory::forget);
        assertThat(memory.parts(whole, found(part, "c2"))).isEmpty();
        assertThat(memory.all()).isEmpty();
        Followed plain = sim.source("fleet", false);
        memory.replace(List.of(plain));
        assertThat(memory.parts(whole, found(part, "c2")))
                .as("another one of that name")
                .isEmpty();
        assertThat(memory.all()).containsExactly(plain);
    }

    /** Reads what a test says, and lets the controller take another configuration over at a moment of the test's choosing. */
    private final class Interrupted implements SourceReader {
        private final Map<String, Declared> says = new HashMap<>();
        private String at = "";
        private Runnable then = () -> {};

        @Override
        public Declared read(String source) {
            if (source.equals(at)) {
                at = "";
                then.run();
            }
            return Objects.requireNonNull(says.get(source));
        }
    }

    private void takenOut(String source, Controller controller) {
        sim.followed.removeIf(each -> each.name().equals(source));
        changed();
        sim.site.clock.advance(Duration.ofSeconds(3));
        controller.step();
    }

    @Test
    void aSourceThatIsTakenOutWhileItIsReadIsNotReadAnyMore() {
        sim.follow("one", false);
        sim.push("one", "aaaa", shop("1", 1));
        Interrupted reader = new Interrupted();
        reader.says.putAll(sim.remote);
        sim.otherReader = reader;
        Controller controller = sim.controller(sim.site.process());
        sim.pass(SOON, controller);
        assertThat(sim.running()).contains("shop-web-1-1");
        sim.push("one", "bbbb", shop("2", 1));
        reader.says.putAll(sim.remote);
        reader.at = "one";
        reader.then = () -> takenOut("one", controller);
        sim.pass(LONG, controller);
        assertThat(reader.at).as("it was read meanwhile").isEmpty();
        assertThat(sim.running()).contains("shop-web-1-1").doesNotContain("shop-web-2-1");
        assertThat(standings(Subject.SOURCE)).isEmpty();
        assertThat(sim.site.reports).noneMatch(event -> event.message().contains("bbbb"));
    }

    @Test
    void whatASourceNoLongerNamesStaysWhenTheSourceIsTakenOutBeforeItGoes() {
        sim.follow("one", false).follow("two", false);
        sim.push("one", "aaaa", shop("1", 1), deployment("blog", "1", 1), deployment("wiki", "1", 1));
        sim.push("two", "bbbb", deployment("docs", "1", 1));
        Interrupted reader = new Interrupted();
        reader.says.putAll(sim.remote);
        sim.otherReader = reader;
        Controller controller = sim.controller(sim.site.process());
        sim.pass(SOON, controller);
        sim.push("one", "cccc", shop("1", 1), deployment("blog", "1", 1));
        reader.says.putAll(sim.remote);
        reader.at = "one";
        // Before it removes anything it asks what the others say now.
        reader.then = () -> {
            reader.at = "two";
            reader.then = () -> takenOut("one", controller);
        };
        sim.pass(LONG, controller);
        assertThat(reader.at).isEmpty();
        assertThat(sim.running()).contains("wiki-web-1-1");
    }

    @Test
    void whatIsReadOfASourceThatIsNoLongerFollowedIsNotSaidByIt() {
        Followed one = sim.source("one", false);
        SourceMemory memory = new SourceMemory(List.of(one), applied -> {});
        sim.push("one", "aaaa", shop("1", 1));
        Declared said = Objects.requireNonNull(sim.remote.get("one"));
        assertThat(memory.read(one, said)).isTrue();
        assertThat(memory.latest("one")).hasSize(1);
        memory.replace(List.of()).forEach(memory::forget);
        assertThat(memory.read(one, said)).isFalse();
        assertThat(memory.latest("one")).isEmpty();
        assertThat(memory.deployments()).isEmpty();
        memory.replace(List.of(sim.source("one", true)));
        assertThat(memory.read(one, said)).as("another one of that name").isFalse();
    }

    private static SourceParts found(Followed part, String commit) {
        return new SourceParts(
                List.of(part), new TreeMap<>(Map.of(part.name(), commit)), (owner, name) -> false, "hosts/*");
    }

    @Test
    void doorsThatListenAreTold() {
        List<String> told = new ArrayList<>();
        Door door = new Door() {
            @Override
            public void start(ControllerHandle handle) {
                told.add("start");
            }

            @Override
            public void reconfigured(ControllerHandle handle) {
                told.add("reconfigured");
            }

            @Override
            public void stop(Duration deadline) {
                told.add("stop");
            }

            @Override
            public List<String> describe() {
                return List.of();
            }
        };
        Controller controller = sim.controller(sim.site.process(), false, List.of(door));
        sim.pass(SOON, controller);
        changed();
        sim.pass(SOON, controller);
        assertThat(told).containsExactly("start", "reconfigured");
    }

    /** A source that had patterns and has none any more: its parts are no sources. */
    @Test
    void whatThePatternsStoodForIsFoundAgain() {
        sim.followPattern("fleet");
        sim.pushFile("fleet", "a", "c1", shop("1", 1));
        Controller controller = sim.controller(sim.site.process());
        sim.pass(LONG, controller);
        assertThat(standings(Subject.SOURCE)).extracting(Standing::name).contains("fleet:a");
        changed();
        sim.pass(SOON, controller);
        assertThat(standings(Subject.SOURCE)).extracting(Standing::name).contains("fleet", "fleet:a");
        sim.files.clear();
        sim.push("fleet", "c2", deployment("blog", "1", 1));
        changed();
        sim.pass(LONG, controller);
        assertThat(standings(Subject.SOURCE)).extracting(Standing::name).containsExactly("fleet");
        assertThat(sim.running()).contains("shop-web-1-1", "blog-web-1-1");
    }
}
