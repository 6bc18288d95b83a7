package org.portolan.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.portolan.controller.Instructing;
import org.portolan.controller.SourceBook;
import org.portolan.doctor.Finding;
import org.portolan.engine.Engine;
import org.portolan.model.container.StoredVolume;
import org.portolan.model.event.EventSink;
import org.portolan.operate.AttachedCommands;
import org.portolan.operate.LocalAttachedCommands;
import org.portolan.operate.Requests;
import org.portolan.proxy.Proxy;
import org.portolan.query.Queries;
import org.portolan.release.Installation;
import org.portolan.remote.RemoteController;
import org.portolan.sim.SimSite;
import org.portolan.store.Store;
import org.portolan.sync.Deploys;
import org.portolan.sync.LoadedSource;

/** The same, which a controller works with; the command reaches it through the controller's unix socket only. */
final class SocketParts extends SiteParts {
    final SocketDoor door;
    private final RemoteController remote;

    SocketParts(Path folder, SimSite site) {
        this(
                folder,
                site,
                new SocketDoor(
                        new SiteParts(folder, site).home(), new SiteParts(folder, site), site.process().installation));
    }

    SocketParts(Path folder, SimSite site, SocketDoor door) {
        super(folder, site);
        this.door = door;
        remote = RemoteController.of(door.url(), Map.of(), warning -> {});
    }

    @Override
    public Queries queries() {
        return remote.queries();
    }

    @Override
    public Requests requests(EventSink events) {
        return remote.requests(events);
    }

    @Override
    public List<StoredVolume> volumes() {
        return remote.volumes();
    }

    @Override
    public Instructing instructing(EventSink events) {
        return remote.instructing(events);
    }

    @Override
    public Deploys deploys(EventSink events, Consumer<Finding> found) {
        return remote.deploys(events, found);
    }

    @Override
    public AttachedCommands attached(EventSink events, Supplier<LocalAttachedCommands.Runner> runner) {
        return remote.attached(runner.get().caller().name());
    }

    @Override
    public SequencedMap<String, String> proxyFiles(LoadedSource source, List<String> names, EventSink events) {
        return remote.proxyFiles(source, names);
    }

    @Override
    public SourceBook sourceBook(Map<String, String> environment) {
        return remote.sourceBook();
    }

    @Override
    public Installation installation(EventSink events) {
        throw new AssertionError("the command changed something itself");
    }

    @Override
    public Engine engine() {
        throw new AssertionError("the command looked at the engine itself");
    }

    @Override
    public Store store() {
        throw new AssertionError("the command looked into the store itself");
    }

    @Override
    public Optional<Store> storeIfAny() {
        throw new AssertionError("the command looked into the store itself");
    }

    @Override
    public Proxy proxy() {
        throw new AssertionError("the command looked at the proxies itself");
    }

    void stop() {
        remote.close();
        door.close();
    }
}
