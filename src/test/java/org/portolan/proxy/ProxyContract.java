package org.portolan.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;
import org.portolan.model.Position;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.ProxyDefect;
import org.portolan.model.routing.ProxyDefect.Subject;
import org.portolan.model.routing.ProxyObservation;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.RouteSet.Backend;
import org.portolan.model.routing.RouteSet.Server;
import org.portolan.model.routing.RouteSet.State;
import org.portolan.model.routing.ServerView;
import org.portolan.model.routing.ServerView.Result;
import org.portolan.model.routing.ServerView.Status;
import org.portolan.model.service.Domain;

/** What every {@link Proxy} does, the simulated as the real. Each test begins with one that never ran. */
public abstract class ProxyContract {
    private static final Position AT = new Position("Servicefile", 1, 1);

    private Proxy proxy;

    /** Called first before each test. */
    protected abstract void prepare() throws Exception;

    /** A proxy as one more process sees it, on the same files. */
    protected abstract Proxy open();

    /** Both programs end; their files stay. */
    protected abstract void kill();

    /** A port where an instance answers. */
    protected abstract int answering();

    /** A port where nothing listens. */
    protected abstract int silent();

    /** A port for a frontend of the mesh, another one each time. */
    protected abstract int mesh();

    /** Somebody else listens there. */
    protected abstract void take(int port);

    /** Somebody drains a server of a service's only port with the proxy's own means. */
    protected abstract void drainByHand(InstanceId instance);

    /** The file of a deployment's applied routes is damaged. */
    protected abstract void damage(String deployment);

    /** Opens a session with the only instance of a service that speaks TCP, which lasts until it is closed. */
    protected abstract AutoCloseable session(InstanceId instance, int mesh);

    /** Waits until it is so; fails after some seconds. */
    protected abstract void eventually(BooleanSupplier condition);

    @BeforeEach
    void connect() throws Exception {
        prepare();
        proxy = open();
    }

    private static InstanceId id(String deployment, int n) {
        return new InstanceId(deployment, "web", 1, n);
    }

    private Server ready(InstanceId instance) {
        return new Server(instance, "127.0.0.1", answering(), State.READY, 100);
    }

    private static Server with(Server server, State state, int weight) {
        return new Server(server.instance(), server.address(), server.port(), state, weight);
    }

    private static Backend backend(String port, boolean http, int mesh, Server... servers) {
        return new Backend(
                "web",
                port,
                http,
                List.of("127.0.0.1"),
                mesh,
                List.of(),
                false,
                Optional.empty(),
                Arrays.asList(servers));
    }

    private static RouteSet part(String deployment, Backend... backends) {
        return new RouteSet(deployment, List.of(backends), List.of());
    }

    private static RouteSet part(int mesh, Server... servers) {
        return part("shop", backend("", true, mesh, servers));
    }

    private static Domain domain(String host, Domain.Target... targets) {
        return domain(host, Optional.empty(), targets);
    }

    private static Domain domain(String host, Optional<Domain.TcpRoute> tcp, Domain.Target... targets) {
        TreeMap<String, Domain.Route> routes = new TreeMap<>(Domain.MOST_SPECIFIC_FIRST);
        if (targets.length > 0) {
            routes.put("/", new Domain.Route(List.of(targets), AT));
        }
        return new Domain(
                host,
                List.of(),
                routes,
                tcp,
                Optional.empty(),
                false,
                false,
                false,
                false,
                new TreeMap<>(),
                Optional.empty(),
                AT);
    }

    private static Domain.Target target(String service) {
        return new Domain.Target("shop", service, "", 100);
    }

    private ServerView view(InstanceId instance) {
        List<ServerView> views = proxy.observe(instance.deployment()).get(instance);
        assertThat(views).as("the only port of " + instance).hasSize(1);
        return views.getFirst();
    }

    private Status status(InstanceId instance) {
        return view(instance).status();
    }

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
        assertThat(proxy.look(Set.of("shop")).repairable()).isTrue();
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
        assertThat(proxy.look(Set.of("shop")).repairable()).isTrue();
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
