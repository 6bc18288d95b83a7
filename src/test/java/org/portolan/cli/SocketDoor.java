package org.portolan.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.portolan.controller.ControllerHandle;
import org.portolan.controller.KeptAsks;
import org.portolan.doctor.Examined;
import org.portolan.http.ApiSettings;
import org.portolan.http.HttpDoor;
import org.portolan.http.MetricsText;
import org.portolan.http.OwnMachine;
import org.portolan.http.TokenCheck;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventData;
import org.portolan.notify.WebhookReceiver;
import org.portolan.notify.WebhookSecrets;
import org.portolan.process.Home;
import org.portolan.query.Viewed;
import org.portolan.release.Installation;
import org.portolan.store.Commit;

/** A controller's door, really listening on a unix socket, over parts of a test. */
final class SocketDoor implements AutoCloseable {
    final Path socket;
    final List<Event> audit = new CopyOnWriteArrayList<>();
    private final Path folder;
    final Viewed viewed;
    private final HttpDoor door;

    SocketDoor(Home home, Viewed viewed, Installation installation) {
        try {
            folder = Files.createTempDirectory("api");
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        socket = folder.resolve("api.sock");
        this.viewed = viewed;
        door = new HttpDoor(
                new ApiSettings(socket, "127.0.0.1", 0, Optional.empty(), "here", "1.2.3"),
                viewed,
                TokenCheck.NONE,
                new WebhookReceiver(List::of, new WebhookSecrets(home, Map.of())),
                MetricsText.NONE);
        if (viewed instanceof Examined examined) {
            door.examining(examined);
        }
        if (viewed instanceof Components parts) {
            door.on(OwnMachine.of(parts::proxyFile, parts.sourceBook(Map.of())));
        }
        door.start(handle(installation));
    }

    /** By reflection: what a door asks is these, whatever else a controller can do. */
    private ControllerHandle handle(Installation installation) {
        return (ControllerHandle) Proxy.newProxyInstance(
                ControllerHandle.class.getClassLoader(),
                new Class<?>[] {ControllerHandle.class},
                (handle, method, arguments) -> asked(installation, method.getName(), arguments));
    }

    private @Nullable Object asked(Installation installation, String method, Object @Nullable [] arguments) {
        return switch (method) {
            case "installation" -> installation;
            case "standings" -> installation.store().standings();
            case "record" -> {
                if (arguments[0] instanceof List<?> names) {
                    List<String> deployments =
                            names.stream().map(String.class::cast).toList();
                    synchronized (audit) {
                        audit.addAll(KeptAsks.keep(
                                installation, deployments, (EventData) arguments[1], (Commit.Asked) arguments[2]));
                    }
                } else {
                    audit.add(installation.event((String) arguments[0], 0, (EventData) arguments[1]));
                }
                yield null;
            }
            case "keep" -> {
                synchronized (audit) {
                    KeptAsks.keep(installation, (Commit.Asked) arguments[0]);
                }
                yield null;
            }
            default -> throw new UnsupportedOperationException("no command under test asks for " + method);
        };
    }

    String url() {
        return "unix:" + socket;
    }

    /** As when the leader stops. */
    void stop() {
        door.stop(Duration.ofSeconds(2));
    }

    @Override
    public void close() {
        stop();
        try {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(folder);
        } catch (IOException left) {
            // It is in the folder for such files.
        }
    }
}
