package org.portolan.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.engine.Engine;
import org.portolan.probe.Prober;
import org.portolan.query.Queries;
import org.portolan.release.Installation;
import org.portolan.release.Settings;
import org.portolan.release.ThreadTasks;
import org.portolan.remote.RemoteController;
import org.portolan.store.Store;

/** Simulated parts that a controller works with; the command reaches them through its unix socket only. */
final class ControlledParts extends SimParts {
    private final SocketDoor door;
    private final RemoteController remote;

    ControlledParts(Path home) {
        super(home);
        SimParts own = new SimParts(home) {
            @Override
            public Engine engine() {
                return ControlledParts.this.engine;
            }

            @Override
            public Store store() {
                return ControlledParts.this.store;
            }

            @Override
            public Optional<Store> storeIfAny() {
                return Optional.of(store());
            }
        };
        door = new SocketDoor(home(), own, installation());
        remote = RemoteController.of(door.url(), Map.of(), warning -> {});
    }

    private Installation installation() {
        Settings settings = new Settings(
                home().installation(),
                home().root(),
                "10.201.0.0/16",
                24,
                "127.0.0.1",
                List.of(),
                new Settings.PortRange(20000, 29999),
                new Settings.PortRange(15000, 19999),
                8,
                5,
                true,
                Duration.ofSeconds(5),
                List.of("password"),
                Duration.ofSeconds(30),
                List.of());
        Prober silent = (container, address, port, health) -> new Prober.Answer(false, "nobody asks here");
        return new Installation(
                settings, engine, store, proxy, silent, ThreadTasks::new, InstantSource.system(), event -> {});
    }

    @Override
    public Queries queries() {
        return remote.queries();
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

    void stop() {
        remote.close();
        door.close();
    }
}
