package org.portolan.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.controller.ControllerHandle;
import org.portolan.engine.Engine;
import org.portolan.http.ApiSettings;
import org.portolan.http.HttpDoor;
import org.portolan.http.MetricsText;
import org.portolan.http.TokenCheck;
import org.portolan.notify.WebhookReceiver;
import org.portolan.notify.WebhookSecrets;
import org.portolan.probe.Prober;
import org.portolan.query.Queries;
import org.portolan.query.Viewed;
import org.portolan.release.Installation;
import org.portolan.release.Settings;
import org.portolan.release.ThreadTasks;
import org.portolan.remote.RemoteQueries;
import org.portolan.store.Store;

/** Simulated parts that a controller works with; the command reaches them through its unix socket only. */
final class ControlledParts extends SimParts {
    private final HttpDoor door;
    private final RemoteQueries remote;
    private final Path folder;

    ControlledParts(Path home) {
        super(home);
        try {
            folder = Files.createTempDirectory("api");
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        Path socket = folder.resolve("api.sock");
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
        door = new HttpDoor(
                new ApiSettings(socket, "127.0.0.1", 0, Optional.empty(), "here", "1.2.3"),
                (Viewed) own,
                TokenCheck.NONE,
                new WebhookReceiver(List.of(), new WebhookSecrets(home(), Map.of())),
                MetricsText.NONE);
        door.start(handle());
        remote = RemoteQueries.of("unix:" + socket, Map.of(), warning -> {});
    }

    private ControllerHandle handle() {
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
        Installation installation = new Installation(
                settings, engine, store, proxy, silent, ThreadTasks::new, InstantSource.system(), event -> {});
        // By reflection: what a door only looks with is these two, whatever else a controller can do.
        return (ControllerHandle) Proxy.newProxyInstance(
                ControllerHandle.class.getClassLoader(),
                new Class<?>[] {ControllerHandle.class},
                (handle, method, arguments) -> switch (method.getName()) {
                    case "installation" -> installation;
                    case "standings" -> List.of();
                    default -> throw new UnsupportedOperationException("looking does not ask for " + method.getName());
                });
    }

    @Override
    public Queries queries() {
        return remote;
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
        door.stop(Duration.ofSeconds(2));
        try {
            Files.deleteIfExists(folder.resolve("api.sock"));
            Files.deleteIfExists(folder);
        } catch (IOException left) {
            // It is in the folder for such files.
        }
    }
}
