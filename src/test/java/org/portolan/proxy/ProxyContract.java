package org.portolan.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.ControllerRoute;
import org.portolan.model.routing.ProxyDefect;
import org.portolan.model.routing.ProxyDefect.Subject;
import org.portolan.model.routing.ProxyObservation;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.RouteSet.Backend;
import org.portolan.model.routing.RouteSet.Server;
import org.portolan.model.routing.RouteSet.State;
import org.portolan.model.routing.ServerView.Status;
import org.portolan.model.service.Domain;

/** What every {@link Proxy} does, the simulated as the real. Each test begins with one that never ran. */
public abstract class ProxyContract extends ProxyServersContract {
    @Test
    void beforeAnythingWasAppliedNothingIsServedAndNothingIsWrong() {
        assertThat(proxy.applied()).isEmpty();
        assertThat(proxy.applied("shop")).isEmpty();
        assertThat(proxy.observe("shop")).isEmpty();
        assertThat(proxy.defects()).isEmpty();
        assertThat(proxy.troubles()).isEmpty();
        assertThat(proxy.capacities()).isEmpty();
        assertThat(proxy.renewal()).isEmpty();
        assertThat(proxy.describe()).isNotEmpty();
        ProxyObservation seen = proxy.look(Set.of("shop"));
        assertThat(seen.applied()).isEmpty();
        assertThat(seen.defects()).isEmpty();
        assertThat(seen.well()).as("nothing was looked for").isFalse();
        proxy.remove("shop");
        assertThat(proxy.applied()).isEmpty();
    }

    @Test
    void ensureRunningSaysWhatItStartsAndTheSecondTimeThereIsNothingToDo() {
        assertThat(proxy.ensureRunning()).isNotEmpty();
        assertThat(proxy.ensureRunning()).isEmpty();
        assertThat(open().ensureRunning()).isEmpty();
        assertThat(proxy.capacities()).isNotEmpty().allSatisfy(capacity -> {
            assertThat(capacity.connectionLimit()).isPositive();
            assertThat(capacity.openFiles()).isLessThan(capacity.fileLimit());
        });
    }

    @Test
    void applyStartsWhatDoesNotRunAndEveryOtherProcessSeesWhatWasApplied() {
        RouteSet routes = part(mesh(), ready(id("shop", 1)));
        assertThat(proxy.apply(routes)).as("the backend is new").isTrue();
        assertThat(proxy.applied("shop")).contains(routes);
        assertThat(proxy.defects()).isEmpty();
        assertThat(proxy.look(Set.of("shop")).well()).isTrue();

        Proxy other = open();
        assertThat(other.applied("shop")).contains(routes);
        assertThat(other.applied()).containsOnlyKeys("shop");
        assertThat(other.observe("shop")).containsOnlyKeys(id("shop", 1));
        assertThat(other.apply(routes)).as("nothing changed").isFalse();
    }

    @Test
    void whatFrontendsAndBackendsAreComesWithAReloadAndDomainsWithout() {
        int mesh = mesh();
        Backend web = backend("", true, mesh, ready(id("shop", 1)));
        Server second = ready(new InstanceId("shop", "api", 1, 1));
        Backend api = new Backend(
                "api", "", true, List.of("127.0.0.1"), mesh(), List.of(), false, Optional.empty(), List.of(second));
        List<Backend> both = List.of(web, api);
        assertThat(proxy.apply(new RouteSet("shop", both, List.of()))).isTrue();
        assertThat(proxy.apply(new RouteSet("shop", both, List.of(domain("a.org", target("web"))))))
                .as("a domain")
                .isFalse();
        assertThat(proxy.apply(new RouteSet("shop", both, List.of(domain("a.org", target("api"))))))
                .as("a domain's route")
                .isFalse();
        assertThat(proxy.apply(new RouteSet("shop", both, List.of(domain("a.org", target("web"), target("api"))))))
                .as("a route over two services")
                .isTrue();
        Optional<Domain.TcpRoute> tcp = Optional.of(new Domain.TcpRoute(mesh(), target("web")));
        assertThat(proxy.apply(new RouteSet("shop", both, List.of(domain("a.org", tcp)))))
                .as("a domain with a listener")
                .isTrue();
        assertThat(proxy.apply(new RouteSet("shop", List.of(web), List.of())))
                .as("a backend goes")
                .isTrue();
        Backend moved = backend("", true, mesh(), ready(id("shop", 1)));
        assertThat(proxy.apply(new RouteSet("shop", List.of(moved), List.of())))
                .as("a frontend listens elsewhere")
                .isTrue();
        assertThat(proxy.defects()).isEmpty();
    }

    @Test
    void theControllersNameIsKeptByEveryProcessAndIsNoDeploymentsAtTheSameTime() {
        ControllerRoute route = new ControllerRoute("deploy.org", Optional.empty(), "portolan.yaml:3:5");
        assertThat(proxy.published()).isEmpty();
        assertThat(proxy.publish(Optional.empty())).as("there is none").isFalse();
        assertThat(proxy.publish(Optional.of(route))).isTrue();
        assertThat(open().published()).contains(route);
        assertThat(open().publish(Optional.of(route))).as("nothing changed").isFalse();
        assertThat(proxy.applied()).as("it is no deployment's").isEmpty();
        assertThat(proxy.defects()).isEmpty();

        RouteSet taking = new RouteSet(
                "shop",
                List.of(backend("", true, mesh(), ready(id("shop", 1)))),
                List.of(domain("deploy.org", target("web"))));
        assertThatThrownBy(() -> proxy.apply(taking))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("domain deploy.org (Servicefile:1:1) is the controller's")
                .hasMessageContaining("portolan.yaml:3:5");
        assertThat(proxy.applied()).isEmpty();

        assertThat(proxy.publish(Optional.empty())).isTrue();
        assertThat(proxy.apply(taking)).isTrue();
        assertThatThrownBy(() -> proxy.publish(Optional.of(route)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("api.domain: deploy.org (portolan.yaml:3:5)")
                .hasMessageContaining("deployment shop (Servicefile:1:1)");
        assertThat(proxy.published()).isEmpty();
        assertThat(proxy.applied("shop")).contains(taking);
        assertThat(proxy.defects()).isEmpty();
    }

    @Test
    void aPartWithoutBackendsIsAppliedWithoutAReload() {
        proxy.ensureRunning();
        assertThat(proxy.apply(part("shop"))).isFalse();
        assertThat(proxy.applied()).containsOnlyKeys("shop");
        assertThat(proxy.observe("shop")).isEmpty();
        proxy.remove("shop");
        assertThat(proxy.applied()).isEmpty();
    }

    @Test
    void deploymentsDoNotTouchEachOther() {
        RouteSet shop = part("shop", backend("", true, mesh(), ready(id("shop", 1))));
        RouteSet blog = part("blog", backend("", true, mesh(), ready(id("blog", 1)), ready(id("blog", 2))));
        proxy.apply(shop);
        proxy.apply(blog);
        assertThat(proxy.applied()).containsOnlyKeys("blog", "shop").containsValues(blog, shop);
        assertThat(proxy.observe("shop")).containsOnlyKeys(id("shop", 1));
        assertThat(proxy.observe("blog")).containsOnlyKeys(id("blog", 1), id("blog", 2));
        eventually(() -> view(id("blog", 2)).passed());

        proxy.remove("shop");
        assertThat(proxy.applied()).containsOnlyKeys("blog");
        assertThat(proxy.observe("shop")).isEmpty();
        assertThat(proxy.observe("blog")).containsOnlyKeys(id("blog", 1), id("blog", 2));
        proxy.remove("shop");
        assertThat(proxy.defects()).isEmpty();
    }

    @Test
    void whatIsRefusedChangesNothing() {
        int taken = mesh();
        RouteSet shop = part("shop", backend("", true, taken, ready(id("shop", 1))));
        proxy.apply(shop);
        assertThatThrownBy(() -> proxy.apply(part("blog", backend("", true, taken, ready(id("blog", 1))))))
                .as("the frontend of another deployment")
                .isInstanceOf(Failure.class);
        Server injected = new Server(id("shop", 2), "127.0.0.1 check\nbackend x", 1, State.READY, 100);
        assertThatThrownBy(() -> proxy.apply(part(taken, ready(id("shop", 1)), injected)))
                .as("a value that would be more than a word in a proxy's file")
                .isInstanceOf(Failure.class);
        assertThat(proxy.applied()).containsOnlyKeys("shop").containsValue(shop);
        assertThat(proxy.observe("shop")).containsOnlyKeys(id("shop", 1));
        assertThat(proxy.defects()).isEmpty();
    }

    @Test
    void proxiesThatEndedAreSeenStartedAndServeWhatTheyServed() {
        Server one = ready(id("shop", 1));
        Server two = with(ready(id("shop", 2)), State.DRAIN, 100);
        Server three = with(ready(id("shop", 3)), State.MAINT, 100);
        RouteSet routes = part(mesh(), one, two, three);
        proxy.apply(routes);
        kill();

        assertThat(proxy.applied("shop")).contains(routes);
        assertThat(proxy.defects()).extracting(ProxyDefect::about).contains(Subject.MESH);
        assertThat(proxy.defects()).isNotEmpty().allMatch(ProxyDefect::down).allMatch(defect -> defect.repair()
                .isPresent());
        assertThat(proxy.look(Set.of("shop")).well()).isFalse();
        assertThat(ProxyDefect.anyRepairable(proxy.look(Set.of("shop")).defects()))
                .isTrue();
        assertThat(proxy.look(Set.of("blog")).defects())
                .as("nothing of it is served")
                .isEmpty();
        assertThat(proxy.troubles()).isNotEmpty();
        assertThat(proxy.capacities()).isEmpty();
        assertThat(proxy.observe("blog")).as("nothing is asked for it").isEmpty();
        assertThatThrownBy(() -> proxy.observe("shop")).isInstanceOf(Failure.class);

        assertThat(proxy.ensureRunning()).isNotEmpty();
        assertThat(proxy.defects()).isEmpty();
        assertThat(proxy.look(Set.of("shop")).well()).isTrue();
        assertThat(status(one.instance())).isEqualTo(Status.UP);
        assertThat(status(two.instance())).isEqualTo(Status.DRAIN);
        assertThat(status(three.instance())).isEqualTo(Status.MAINT);
        assertThat(proxy.apply(routes)).isFalse();
    }

    @Test
    void aChangeStartsProxiesThatEnded() {
        int mesh = mesh();
        proxy.apply(part(mesh, ready(id("shop", 1))));
        kill();
        RouteSet routes = part(mesh, ready(id("shop", 1)), ready(id("shop", 2)));
        proxy.apply(routes);
        assertThat(proxy.defects()).isEmpty();
        assertThat(proxy.observe("shop")).containsOnlyKeys(id("shop", 1), id("shop", 2));
        kill();
        proxy.remove("shop");
        assertThat(proxy.applied()).isEmpty();
        assertThat(proxy.defects()).isEmpty();
        assertThat(proxy.ensureRunning()).as("the removal started them").isEmpty();
    }

    @Test
    void sessionsEndWithTheProxy() throws Exception {
        Server server = ready(id("shop", 1));
        int mesh = mesh();
        proxy.apply(part("shop", backend("", false, mesh, server)));
        eventually(() -> view(server.instance()).passed());
        AutoCloseable session = session(server.instance(), mesh);
        eventually(() -> view(server.instance()).sessions() == 1);
        kill();
        proxy.ensureRunning();
        assertThat(view(server.instance()).sessions()).isZero();
        session.close();
    }

    @Test
    void aServerThatSomebodyDrainedIsSeenAndBroughtBack() {
        Server server = ready(id("shop", 1));
        proxy.apply(part(mesh(), server));
        eventually(() -> view(server.instance()).passed());
        drainByHand(server.instance());
        assertThat(status(server.instance())).isEqualTo(Status.DRAIN);
        assertThat(proxy.defects()).singleElement().satisfies(defect -> {
            assertThat(defect.about()).isEqualTo(Subject.SERVERS);
            assertThat(defect.down()).isFalse();
            assertThat(defect.repair()).isPresent();
            assertThat(defect.found()).contains(server.instance().name());
        });
        assertThat(ProxyDefect.anyRepairable(proxy.look(Set.of("shop")).defects()))
                .isTrue();
        assertThat(proxy.ensureRunning()).hasSize(1);
        assertThat(proxy.defects()).isEmpty();
        assertThat(status(server.instance())).isEqualTo(Status.UP);
    }

    @Test
    void whatSomebodyDidByHandIsGoneAfterARestart() {
        Server server = ready(id("shop", 1));
        proxy.apply(part(mesh(), server));
        eventually(() -> view(server.instance()).passed());
        drainByHand(server.instance());
        kill();
        assertThat(proxy.defects()).allMatch(ProxyDefect::down);
        proxy.ensureRunning();
        assertThat(status(server.instance())).isEqualTo(Status.UP);
    }

    @Test
    void aDamagedFileCostsItsOwnDeploymentUntilThatIsAppliedAnew() {
        RouteSet shop = part("shop", backend("", true, mesh(), ready(id("shop", 1))));
        RouteSet blog = part("blog", backend("", true, mesh(), ready(id("blog", 1))));
        proxy.apply(shop);
        proxy.apply(blog);
        damage("shop");
        assertThat(proxy.applied()).containsOnlyKeys("blog");
        assertThat(proxy.observe("shop")).isEmpty();
        assertThat(proxy.defects())
                .anyMatch(defect ->
                        defect.found().contains("shop") && defect.repair().isPresent());
        assertThat(proxy.ensureRunning()).anyMatch(line -> line.contains("shop"));
        assertThat(proxy.defects()).singleElement().satisfies(defect -> {
            assertThat(defect.about()).isEqualTo(Subject.ROUTES);
            assertThat(defect.repair()).as("only its deployment brings it back").isEmpty();
            assertThat(defect.remedy()).isPresent();
        });
        assertThat(proxy.look(Set.of("blog")).well()).isTrue();
        assertThat(proxy.observe("blog")).containsOnlyKeys(id("blog", 1));
        proxy.apply(shop);
        assertThat(proxy.defects()).isEmpty();
        assertThat(proxy.observe("shop")).containsOnlyKeys(id("shop", 1));

        damage("shop");
        proxy.remove("shop");
        assertThat(proxy.defects()).as("nothing is left of it").isEmpty();
    }

    @Test
    void whatStandsInTheWayOfAListenerIsSaid() {
        int port = mesh();
        assertThat(proxy.obstacle("127.0.0.1", port)).isEmpty();
        take(port);
        assertThat(proxy.obstacle("127.0.0.1", port)).isPresent();

        int mine = mesh();
        proxy.apply(part(mine, ready(id("shop", 1))));
        assertThat(proxy.obstacle("127.0.0.1", mine))
                .as("the proxies have it already")
                .isEmpty();
    }
}
