package org.portolan.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.RouteSet.Backend;
import org.portolan.model.routing.RouteSet.Server;
import org.portolan.model.routing.RouteSet.State;
import org.portolan.model.routing.ServerView;
import org.portolan.model.routing.ServerView.Result;
import org.portolan.model.routing.ServerView.Status;

/** What every {@link Proxy} does with the servers of a backend, the simulated as the real. */
abstract class ProxyServersContract extends ProxyCase {
    @Test
    void aServerThatAnswersPassesAndOneWhereNothingListensIsDown() {
        Server good = ready(id("shop", 1));
        Server bad = new Server(id("shop", 2), "127.0.0.1", silent(), State.READY, 100);
        proxy.apply(part(mesh(), good, bad));
        eventually(() -> view(good.instance()).passed());
        eventually(() -> status(bad.instance()) == Status.DOWN);
        assertThat(status(good.instance())).isEqualTo(Status.UP);
        assertThat(view(good.instance()).checked()).isTrue();
        assertThat(view(bad.instance()).check().result()).isEqualTo(Result.UNREACHABLE);
        assertThat(view(bad.instance()).check().evidence()).isNotEmpty();
        assertThat(view(bad.instance()).passed()).isFalse();
    }

    @Test
    void aPortOnWhichNothingMayListenIsNotCheckedAndServes() {
        Server one = new Server(id("shop", 1), "127.0.0.1", silent(), State.READY, 100);
        Server two = new Server(id("shop", 2), "127.0.0.1", silent(), State.READY, 100);
        int mesh = mesh();
        proxy.apply(part("shop", unchecked(mesh, one)));
        assertThat(status(one.instance())).isEqualTo(Status.UP);
        assertThat(view(one.instance()).check().result()).isEqualTo(Result.UNCHECKED);
        assertThat(view(one.instance()).passed()).isTrue();

        assertThat(proxy.apply(part("shop", unchecked(mesh, one, two)))).isFalse();
        assertThat(status(two.instance())).isEqualTo(Status.UP);
        assertThat(proxy.apply(part("shop", unchecked(mesh, one, with(two, State.DRAIN, 100)))))
                .isFalse();
        assertThat(status(two.instance())).isEqualTo(Status.DRAIN);
        assertThat(proxy.apply(part("shop", unchecked(mesh, one, with(two, State.MAINT, 100)))))
                .isFalse();
        assertThat(status(two.instance())).isEqualTo(Status.MAINT);
        assertThat(proxy.apply(part("shop", unchecked(mesh, one, two)))).isFalse();
        assertThat(status(two.instance())).isEqualTo(Status.UP);
        assertThat(proxy.defects()).isEmpty();
        assertThat(open().applied("shop")).contains(part("shop", unchecked(mesh, one, two)));
    }

    private static Backend unchecked(int mesh, Server... servers) {
        Backend plain = backend("passive-30000", false, mesh, servers);
        return new Backend(
                plain.service(),
                plain.port(),
                false,
                plain.meshAddresses(),
                mesh,
                List.of(),
                false,
                Optional.empty(),
                Optional.empty(),
                false,
                0,
                plain.servers());
    }

    @Test
    void aLimitOfConnectionsComesChangesAndGoesWithoutAReload() {
        Server one = ready(id("shop", 1));
        Server two = ready(id("shop", 2));
        int mesh = mesh();
        proxy.apply(part(mesh, one));
        assertThat(view(one.instance()).maxConnections()).isZero();

        for (int most : new int[] {5, 1, 0, 7}) {
            assertThat(proxy.apply(part("shop", limited(mesh, most, one)))).isFalse();
            assertThat(view(one.instance()).maxConnections()).isEqualTo(most);
            assertThat(proxy.defects()).isEmpty();
        }
        assertThat(proxy.apply(part("shop", limited(mesh, 7, one, two))))
                .as("one more server")
                .isFalse();
        assertThat(view(two.instance()).maxConnections()).isEqualTo(7);
        kill();
        proxy.ensureRunning();
        assertThat(view(one.instance()).maxConnections()).isEqualTo(7);
        assertThat(open().applied("shop")).contains(part("shop", limited(mesh, 7, one, two)));
    }

    private static Backend limited(int mesh, int most, Server... servers) {
        Backend plain = backend("", true, mesh, servers);
        return new Backend(
                plain.service(),
                plain.port(),
                true,
                plain.meshAddresses(),
                mesh,
                List.of(),
                false,
                Optional.empty(),
                Optional.empty(),
                true,
                most,
                plain.servers());
    }

    @Test
    void serversComeChangeAndGoWithoutAReload() {
        int mesh = mesh();
        Server one = ready(id("shop", 1));
        Server two = ready(id("shop", 2));
        proxy.apply(part(mesh, one));

        assertThat(proxy.apply(part(mesh, one, two))).isFalse();
        eventually(() -> status(two.instance()) == Status.UP);

        assertThat(proxy.apply(part(mesh, one, with(two, State.DRAIN, 100)))).isFalse();
        assertThat(status(two.instance())).isEqualTo(Status.DRAIN);
        assertThat(status(one.instance())).isEqualTo(Status.UP);

        assertThat(proxy.apply(part(mesh, one, with(two, State.MAINT, 100)))).isFalse();
        assertThat(status(two.instance())).isEqualTo(Status.MAINT);

        assertThat(proxy.apply(part(mesh, with(one, State.READY, 20), with(two, State.READY, 80))))
                .isFalse();
        eventually(() -> status(two.instance()) == Status.UP);
        assertThat(view(one.instance()).weight()).isEqualTo(20);
        assertThat(view(two.instance()).weight()).isEqualTo(80);

        assertThat(proxy.apply(part(mesh, with(one, State.READY, 0), two))).isFalse();
        assertThat(status(one.instance()))
                .as("without weight it is as it shall be")
                .isEqualTo(Status.UP);

        assertThat(proxy.apply(part(mesh, with(one, State.MAINT, 100), two))).isFalse();
        assertThat(proxy.apply(part(mesh, two))).isFalse();
        assertThat(proxy.observe("shop")).containsOnlyKeys(two.instance());
        assertThat(proxy.defects()).isEmpty();
    }

    @Test
    void aServerThatIsDrainedWhileItsCheckFailsIsNotUp() {
        Server bad = new Server(id("shop", 1), "127.0.0.1", silent(), State.READY, 100);
        int mesh = mesh();
        proxy.apply(part(mesh, bad));
        eventually(() -> status(bad.instance()) == Status.DOWN);
        proxy.apply(part(mesh, with(bad, State.DRAIN, 100)));
        assertThat(status(bad.instance())).isEqualTo(Status.DOWN);
        proxy.apply(part(mesh, bad));
        assertThat(status(bad.instance())).as("it was checked all the time").isEqualTo(Status.DOWN);
        proxy.apply(part(mesh, with(bad, State.MAINT, 100)));
        assertThat(status(bad.instance())).isEqualTo(Status.MAINT);
    }

    @Test
    void aStickyServerIsDrainedByMaintenanceAndCheckedAnewAfterIt() {
        Server bad = new Server(id("shop", 1), "127.0.0.1", silent(), State.READY, 100);
        int mesh = mesh();
        proxy.apply(sticky(mesh, bad));
        eventually(() -> status(bad.instance()) == Status.DOWN);
        proxy.apply(sticky(mesh, with(bad, State.DRAIN, 100)));
        assertThat(status(bad.instance())).isEqualTo(Status.DRAIN);
        proxy.apply(sticky(mesh, bad));
        assertThat(status(bad.instance())).isEqualTo(Status.UP);
        eventually(() -> status(bad.instance()) == Status.DOWN);
    }

    private static RouteSet sticky(int mesh, Server server) {
        Backend plain = backend("", true, mesh, server);
        return part(
                "shop",
                new Backend(
                        plain.service(),
                        "",
                        true,
                        plain.meshAddresses(),
                        mesh,
                        List.of(),
                        true,
                        Optional.empty(),
                        plain.servers()));
    }

    @Test
    void oneThatComesBackFromMaintenanceIsUpBeforeItsCheckFails() {
        Server bad = new Server(id("shop", 1), "127.0.0.1", silent(), State.READY, 100);
        int mesh = mesh();
        proxy.apply(part(mesh, bad));
        eventually(() -> status(bad.instance()) == Status.DOWN);
        proxy.apply(part(mesh, with(bad, State.MAINT, 100)));
        proxy.apply(part(mesh, bad));
        assertThat(status(bad.instance())).isEqualTo(Status.UP);
        eventually(() -> status(bad.instance()) == Status.DOWN);
    }

    @Test
    void eachPortOfAnInstanceIsAServer() {
        Server good = ready(id("shop", 1));
        Server bad = new Server(id("shop", 1), "127.0.0.1", silent(), State.READY, 100);
        proxy.apply(part("shop", backend("admin", false, mesh(), bad), backend("http", true, mesh(), good)));
        eventually(() -> proxy.observe("shop").get(good.instance()).stream()
                .anyMatch(view -> view.port().equals("admin") && view.status() == Status.DOWN));
        assertThat(proxy.observe("shop").get(good.instance()))
                .extracting(ServerView::port)
                .containsExactly("admin", "http");
        assertThat(proxy.observe("shop").get(good.instance()).getLast().status())
                .isEqualTo(Status.UP);
    }

    @Test
    void sessionsOfADrainingServerCountUntilTheyEnd() throws Exception {
        Server server = ready(id("shop", 1));
        int mesh = mesh();
        proxy.apply(part("shop", backend("", false, mesh, server)));
        eventually(() -> view(server.instance()).passed());
        AutoCloseable session = session(server.instance(), mesh);
        eventually(() -> view(server.instance()).sessions() == 1);
        proxy.apply(part("shop", backend("", false, mesh, with(server, State.DRAIN, 100))));
        assertThat(status(server.instance())).isEqualTo(Status.DRAIN);
        assertThat(view(server.instance()).sessions()).isEqualTo(1);
        session.close();
        eventually(() -> view(server.instance()).sessions() == 0);
    }
}
