package org.portolan.remote;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.portolan.controller.Instructing;
import org.portolan.controller.SourceBook;
import org.portolan.doctor.Finding;
import org.portolan.model.Failure;
import org.portolan.model.container.StoredVolume;
import org.portolan.model.event.EventSink;
import org.portolan.operate.AttachedCommands;
import org.portolan.operate.Requests;
import org.portolan.query.Queries;
import org.portolan.sync.Deploys;
import org.portolan.sync.LoadedSource;
import org.portolan.sync.ProxyFiles;

/** A controller that commands ask, instead of doing the same themselves. */
public final class RemoteController implements AutoCloseable {
    private final ApiClient client;

    private RemoteController(ApiClient client) {
        this.client = client;
    }

    /**
     * The controller that {@code PORTOLAN_URL} names; nothing is asked yet.
     *
     * @param warnings gets what the user should know
     * @throws org.portolan.model.Failure when the address or the token cannot be one
     */
    public static RemoteController of(String url, Map<String, String> environment, Consumer<String> warnings) {
        ControllerAddress address = ControllerAddress.of(url, environment);
        Optional<String> token = address.socket().isPresent() ? Optional.empty() : AccessToken.of(environment);
        if (token.isPresent() && address.exposed()) {
            warnings.accept("the token goes to " + address.shown() + " unencrypted; use https");
        }
        return new RemoteController(new ApiClient(address, token));
    }

    /**
     * The controller's version.
     *
     * @throws org.portolan.model.Failure when none answers in time
     */
    public String version(Duration limit) {
        return client.version(limit);
    }

    /** Whether nothing was asked, since nobody listens there. */
    public static boolean isNobody(Failure failure) {
        return ApiClient.isNobody(failure);
    }

    /** What looking commands ask. */
    public Queries queries() {
        return new RemoteQueries(client);
    }

    /**
     * What they ask of the controller of this machine.
     *
     * @param own looks at this machine's parts directly
     */
    public Queries queriesBeside(Supplier<Queries> own) {
        return new NearQueries(queries(), own);
    }

    /**
     * What changing commands ask.
     *
     * @param events gets what happens meanwhile
     */
    public Requests requests(EventSink events) {
        return new RemoteRequests(client, events);
    }

    /** The installation's volumes. */
    public List<StoredVolume> volumes() {
        return new RemoteQueries(client).volumes();
    }

    /**
     * Instructions to the controller.
     *
     * @param events gets what happens meanwhile
     */
    public Instructing instructing(EventSink events) {
        return new RemoteInstructing(client, events);
    }

    /**
     * What plans and deploys files.
     *
     * @param events gets what happens meanwhile
     * @param found gets what a first deploy shows to be wrong with the controller's machine
     */
    public Deploys deploys(EventSink events, Consumer<Finding> found) {
        return new RemoteDeploys(client, events, found);
    }

    /**
     * Commands in containers.
     *
     * @param who asks for them
     */
    public AttachedCommands attached(String who) {
        return new RemoteAttachedCommands(client, who);
    }

    /**
     * The proxies' files with what a source says as it would be.
     *
     * @param names of {@link ProxyFiles#NAMES}
     */
    public SequencedMap<String, String> proxyFiles(LoadedSource source, List<String> names) {
        return RemoteDeploys.proxyFiles(client, source, names);
    }

    /** The sources of the controller's configuration. */
    public SourceBook sourceBook() {
        return new RemoteSourceBook(client);
    }

    @Override
    public void close() {
        client.close();
    }
}
