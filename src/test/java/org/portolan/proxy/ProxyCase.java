package org.portolan.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.portolan.model.Position;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.RouteSet.Backend;
import org.portolan.model.routing.RouteSet.Server;
import org.portolan.model.routing.RouteSet.State;
import org.portolan.model.routing.ServerView;
import org.portolan.model.routing.ServerView.Status;
import org.portolan.model.service.Domain;

/** What tests of a {@link Proxy} are made of: instances that answer or not, and routes to them. */
abstract class ProxyCase {
    private static final Position AT = new Position("Servicefile", 1, 1);

    protected Proxy proxy;

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

    protected static InstanceId id(String deployment, int n) {
        return new InstanceId(deployment, "web", 1, n);
    }

    protected Server ready(InstanceId instance) {
        return new Server(instance, "127.0.0.1", answering(), State.READY, 100);
    }

    protected static Server with(Server server, State state, int weight) {
        return new Server(server.instance(), server.address(), server.port(), state, weight);
    }

    protected static Backend backend(String port, boolean http, int mesh, Server... servers) {
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

    protected static RouteSet part(String deployment, Backend... backends) {
        return new RouteSet(deployment, List.of(backends), List.of());
    }

    protected static RouteSet part(int mesh, Server... servers) {
        return part("shop", backend("", true, mesh, servers));
    }

    protected static Domain domain(String host, Domain.Target... targets) {
        return domain(host, Optional.empty(), targets);
    }

    protected static Domain domain(String host, Optional<Domain.TcpRoute> tcp, Domain.Target... targets) {
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

    protected static Domain.Target target(String service) {
        return new Domain.Target("shop", service, "", 100);
    }

    protected ServerView view(InstanceId instance) {
        List<ServerView> views = proxy.observe(instance.deployment()).get(instance);
        assertThat(views).as("the only port of " + instance).hasSize(1);
        return views.getFirst();
    }

    protected Status status(InstanceId instance) {
        return view(instance).status();
    }
}
