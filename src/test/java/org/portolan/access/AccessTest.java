package org.portolan.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.portolan.access.AccessChanges.NewToken;
import org.portolan.access.AccessChanges.Wanted;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.event.AccessEvent.AccessGranted;
import org.portolan.model.event.AccessEvent.AccessRemoved;
import org.portolan.model.state.Credential;
import org.portolan.model.state.Principal;
import org.portolan.model.state.Scope;
import org.portolan.model.state.SshKey;
import org.portolan.model.state.SshKeyTest;
import org.portolan.sim.VirtualClock;
import org.portolan.store.Lease;
import org.portolan.store.Store;
import org.portolan.store.memory.MemoryStore;

/** Two processes on one store: one changes who may come in, the other lets them in. */
class AccessTest {
    private final VirtualClock clock = new VirtualClock();
    private final MemoryStore memory = new MemoryStore(clock);
    private final Store doors = memory.connect("controller");
    private final Access access = new Access(doors, clock);
    private final AccessChanges changes =
            new AccessChanges(memory.connect("command"), clock, "ada@host", "command line");

    private static Wanted wanted(String name, Scope scope, String... deployments) {
        return new Wanted(name, scope, new TreeSet<>(List.of(deployments)), Optional.empty());
    }

    @Test
    void aTokenIsKnownAtOnceAndKeptAsItsHashOnly() {
        assertThat(access.check("ptl_nothing")).isEmpty();
        NewToken ci = changes.addToken(wanted("ci", Scope.DEPLOY, "shop"));
        clock.advance(Access.UNKNOWN_FRESH);
        assertThat(access.check(ci.text())).contains(ci.grant().principal());
        assertThat(ci.text()).matches("ptl_[A-Za-z0-9_-]{43}");
        assertThat(doors.grants().toString()).doesNotContain(ci.text().substring(4));
        assertThat(ci.toString()).doesNotContain(ci.text().substring(4));
        assertThat(access.check(ci.text() + "x")).isEmpty();
        assertThat(access.check("")).isEmpty();
        assertThat(access.check(Credential.Token.of(ci.text()).sha256())).isEmpty();
    }

    @Test
    void aRemovedOneIsRefusedWithinASecond() {
        NewToken ci = changes.addToken(wanted("ci", Scope.READ));
        Principal principal = access.check(ci.text()).orElseThrow();
        changes.remove("ci", Credential.Token.class);
        clock.advance(Duration.ofMillis(600));
        assertThat(access.check(ci.text())).isEmpty();
        assertThat(access.stands(principal)).isFalse();
        assertThat(access.anyToken()).isFalse();
    }

    @Test
    void anExpiredOneIsRefusedWhatIsReadFromTheStoreOrNot() {
        NewToken ci =
                changes.addToken(new Wanted("ci", Scope.READ, new TreeSet<>(), Optional.of(Duration.ofMillis(100))));
        Principal principal = access.check(ci.text()).orElseThrow();
        assertThat(access.anyToken()).isTrue();
        clock.advance(Duration.ofMillis(100));
        assertThat(access.check(ci.text())).isEmpty();
        assertThat(access.stands(principal)).isFalse();
        assertThat(access.anyToken()).isFalse();
    }

    @Test
    void aKeyIsKnownWhateverItsComment() {
        SshKey key = SshKey.read(SshKeyTest.ED25519);
        changes.addKey(wanted("laptop", Scope.DEPLOY), key);
        assertThat(access.key(new SshKey(key.type(), key.blob(), "other")))
                .map(Principal::name)
                .contains("laptop");
        assertThat(access.key(SshKey.read(SshKeyTest.ECDSA))).isEmpty();
        assertThat(access.anyKey()).isTrue();
        assertThat(access.anyToken()).isFalse();
        assertThatThrownBy(() -> changes.addKey(wanted("other", Scope.READ), key))
                .hasMessage("this key is known as laptop already");
    }

    @Test
    void aNameIsOneCredentials() {
        changes.addToken(wanted("ci", Scope.READ));
        assertThatThrownBy(() -> changes.addToken(wanted("ci", Scope.ADMIN)))
                .hasMessage("there is a token named ci already");
        assertThatThrownBy(() -> changes.addKey(wanted("ci", Scope.ADMIN), SshKey.read(SshKeyTest.ED25519)))
                .hasMessage("there is a token named ci already");
        assertThatThrownBy(() -> changes.remove("ci", Credential.Key.class))
                .isInstanceOfSatisfying(
                        Failure.class, unknown -> assertThat(unknown.kind()).isEqualTo(Kind.NOT_FOUND));
        assertThatThrownBy(() -> changes.remove("c", Credential.Token.class))
                .isInstanceOfSatisfying(
                        Failure.class, unknown -> assertThat(unknown.hint()).contains("did you mean ci?"));
        for (String bad : List.of("", "-x", "a b", "a\n", "ä", "x".repeat(64))) {
            assertThatThrownBy(() -> changes.addToken(wanted(bad, Scope.READ))).hasMessageStartingWith("invalid name");
        }
    }

    @Test
    void useIsWrittenOnceAMinute() {
        NewToken ci = changes.addToken(wanted("ci", Scope.READ));
        int before = memory.commits();
        for (int i = 0; i < 120; i++) {
            assertThat(access.check(ci.text())).isPresent();
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(memory.commits() - before).isEqualTo(2);
        assertThat(doors.grants().getFirst().used()).contains(clock.instant().minusSeconds(60));
    }

    /** A removal that comes between the check and the note of its use stands. */
    @Test
    void useBringsNothingBack() {
        NewToken ci = changes.addToken(wanted("ci", Scope.READ));
        assertThat(access.check(ci.text())).isPresent();
        clock.advance(Duration.ofMinutes(2));
        assertThat(access.anyToken()).isTrue();
        changes.remove("ci", Credential.Token.class);
        assertThat(access.check(ci.text())).as("as it was a moment ago").isPresent();
        assertThat(doors.grants()).isEmpty();
    }

    @Test
    void nobodyIsLetInWhileTheStoreDoesNotAnswer() {
        NewToken ci = changes.addToken(wanted("ci", Scope.READ));
        assertThat(access.check(ci.text())).isPresent();
        memory.down();
        clock.advance(Duration.ofSeconds(1));
        assertThatThrownBy(() -> access.check(ci.text()))
                .isInstanceOfSatisfying(
                        Failure.class, down -> assertThat(down.kind()).isEqualTo(Kind.UNREACHABLE));
        memory.up();
        clock.advance(Duration.ofSeconds(1));
        assertThat(access.check(ci.text())).isPresent();
    }

    @Test
    void anAnswerThatTookItsTimeIsFreshForThoseThatWaitedForIt() {
        changes.addToken(wanted("ci", Scope.READ));
        AtomicInteger asked = new AtomicInteger();
        Store slow = (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    asked.incrementAndGet();
                    clock.advance(Duration.ofSeconds(5));
                    return method.invoke(doors, arguments);
                });
        Access behind = new Access(slow, clock);
        assertThat(behind.anyToken()).isTrue();
        assertThat(behind.anyToken()).isTrue();
        assertThat(asked).hasValue(1);
    }

    @Test
    void aChangeThatIsWrittenElsewhereIsWaitedFor() {
        NewToken ci = changes.addToken(wanted("ci", Scope.READ));
        try (Lease other = doors.acquire(Store.ACCESS, "").orElseThrow()) {
            assertThat(other.held()).isTrue();
            assertThat(access.check(ci.text())).as("its use is written later").isPresent();
            assertThat(doors.grants().getFirst().used()).isEmpty();
        }
    }

    @Test
    void changesAreInTheAuditLog() {
        changes.addToken(wanted("ci", Scope.DEPLOY, "shop", "blog"));
        changes.remove("ci", Credential.Token.class);
        assertThat(doors.auditBefore("", 10))
                .extracting(event -> (Object) event.data())
                .containsExactly(
                        new AccessGranted("token", "ci", "deploy", "blog,shop", "", "ada@host", "command line"),
                        new AccessRemoved("token", "ci", "ada@host", "command line"));
    }

    @Test
    void aPrincipalMayWhatItsScopeAndItsDeploymentsSay() {
        Principal all = Principal.of("a", Scope.DEPLOY, List.of());
        Principal one = Principal.of("b", Scope.ADMIN, List.of("shop"));
        assertThat(all.may(Scope.READ)).isTrue();
        assertThat(all.may(Scope.DEPLOY, "any")).isTrue();
        assertThat(all.may(Scope.ADMIN)).isFalse();
        assertThat(all.may(Scope.ADMIN, "shop")).isFalse();
        assertThat(one.may(Scope.READ)).as("of all deployments").isFalse();
        assertThat(one.may(Scope.ADMIN, "shop")).isTrue();
        assertThat(one.may(Scope.READ, "blog")).isFalse();
        assertThat(one.sees("blog")).isFalse();
    }
}
