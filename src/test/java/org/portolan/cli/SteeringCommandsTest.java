package org.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.event.EventSink;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Instruction;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Condition;
import org.portolan.model.state.Standing.Subject;
import org.portolan.release.Installation;
import org.portolan.sim.SimSite;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.Store;

class SteeringCommandsTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    Path folder;

    private SimParts parts;

    @BeforeEach
    void oneWaits() {
        parts = new SimParts(folder) {
            @Override
            public Installation installation(EventSink events) {
                return new SimSite(1).process().installation.with(store, events);
            }
        };
        parts.proxy.ensureRunning();
        try (Lease lease = parts.store.acquire(Store.LEADER, "test").orElseThrow()) {
            Standing site = Standing.unknown(Subject.SOURCE, "site", NOON)
                    .with(Condition.PENDING_APPROVAL, "removes 2 of 3 deployments: blog, wiki", NOON)
                    .asking("5f2c0a");
            parts.store.commit(
                    lease, Commit.standings(lease.name(), new Commit.Standings(List.of(site), List.of()), List.of()));
        }
        try (Lease lease = parts.store.acquire("shop", "test").orElseThrow()) {
            parts.store.commit(
                    lease, Commit.of(DeploymentState.empty("shop", new SourceId("/srv/site", "Servicefile"), NOON)));
        }
    }

    private List<Instruction> told() {
        return parts.store.instructions();
    }

    @Test
    void approveShowsWhatWaitsWithItsId() {
        assertThat(parts.run("approve").out())
                .contains("source site: removes 2 of 3 deployments: blog, wiki  since ")
                .contains("  id 5f2c0a");
        assertThat(parts.run("--json", "approve").out()).contains("\"id\":\"5f2c0a\"");
        assertThat(told()).isEmpty();
        assertThat(parts.run("status").out())
                .contains("source site  pending-approval since ", "; `approve site` agrees to it");
    }

    @Test
    void statusShowsWhatIsWrongWithTheApi() {
        assertThat(parts.run("status").out()).doesNotContain("api  ");
        try (Lease lease = parts.store.acquire(Store.LEADER, "test").orElseThrow()) {
            Standing api = Standing.unknown(Subject.CONTROLLER, "api", NOON)
                    .with(Condition.OK, "the API's certificate expires on 2026-12-05, in 7 days", NOON);
            parts.store.commit(
                    lease, Commit.standings(lease.name(), new Commit.Standings(List.of(api), List.of()), List.of()));
        }
        assertThat(parts.run("status").out())
                .contains("api  the API's certificate expires on 2026-12-05, in 7 days, since ");
        assertThat(parts.run("--json", "status").out())
                .contains("\"what\":\"the API's certificate expires on 2026-12-05, in 7 days\"");
    }

    @Test
    void withoutATerminalAnIdOrYesIsNeeded() {
        CliRun asked = parts.run("approve", "site");
        assertThat(asked.status()).isEqualTo(1);
        assertThat(asked.err()).contains("use --id 5f2c0a");
        assertThat(told()).isEmpty();
        CliRun other = parts.run("approve", "site", "--id", "5f2c0b");
        assertThat(other.status()).isEqualTo(1);
        assertThat(other.err()).contains("has the id 5f2c0a, not 5f2c0b");
        assertThat(told()).isEmpty();
        assertThat(parts.run("approve", "site", "--id", "5f2c0a").status()).isZero();
        assertThat(told()).singleElement().satisfies(one -> {
            assertThat(one.kind()).isEqualTo(Instruction.Kind.APPROVED);
            assertThat(one.asks()).isEqualTo("5f2c0a");
            assertThat(one.subject()).isEqualTo(Subject.SOURCE);
        });
        assertThat(parts.run("status").out()).contains("approved 2", "not done yet");
    }

    @Test
    void whatDoesNotWaitCannotBeApproved() {
        CliRun none = parts.run("approve", "shop", "--yes");
        assertThat(none.status()).isEqualTo(2);
        assertThat(none.err()).contains("nothing of shop waits for approval");
    }

    @Test
    void suspendIsShownUntilResume() {
        assertThat(parts.run("suspend", "shop", "--reason", "we look at it").status())
                .isZero();
        assertThat(parts.run("suspend", "site", "--source").status()).isZero();
        assertThat(told()).hasSize(2);
        assertThat(parts.run("list").out()).contains("suspended since ", ": we look at it");
        assertThat(parts.run("--json", "status", "shop").out())
                .contains("\"instructions\":[{\"kind\":\"suspended\",\"what\":\"we look at it\"");
        assertThat(parts.run("status").out()).contains("source site  ").contains("suspended since ");
        assertThat(parts.run("resume", "shop").status()).isZero();
        assertThat(parts.run("resume", "site", "--source").status()).isZero();
        assertThat(told()).isEmpty();
        assertThat(parts.run("resume", "site", "--source").err()).contains("source site is not suspended");
        assertThat(parts.run("resume", "shop").err()).contains("no release of shop is in progress");
    }

    @Test
    void whatIsNotThereCannotBeSuspended() {
        CliRun missing = parts.run("suspend", "shopp");
        assertThat(missing.status()).isEqualTo(2);
        assertThat(missing.err()).contains("there is no deployment shopp");
    }
}
