package org.portolan.remote;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.event.EventSink;
import org.portolan.operate.ArchiveFile;
import org.portolan.operate.Mandate;
import org.portolan.operate.Request;
import org.portolan.operate.VolumeCopies;
import org.portolan.release.DeployOptions;

/**
 * Brings archives of volumes from a controller and to it. The change is an operation as every other; when it waits for the bytes, they go over
 * another connection.
 */
final class RemoteVolumes {
    private static final String POST = "POST";
    private static final String ARCHIVE = "archive";

    private final ApiClient client;
    private final EventSink events;

    RemoteVolumes(ApiClient client, EventSink events) {
        this.client = client;
        this.events = events;
    }

    /** See {@link VolumeCopies#backup}: the same file, here. */
    VolumeCopies.Saved backup(String volume, ArchiveFile file, Mandate mandate, DeployOptions options) {
        file.requireNew();
        String who = mandate.caller().name();
        try (ArrivingArchive arriving = new ArrivingArchive(client, who, file, options.interrupted())) {
            StrictJson end;
            try {
                end = new Submission(client, who, events)
                        .ended(
                                POST,
                                "/v1/volumes/" + ApiClient.segment(volume) + "/backup",
                                RemoteRequests.body(mandate, options),
                                (operation, line) -> {
                                    RemoteRequests.telling(events).accept(line);
                                    arriving.line(operation, line);
                                },
                                arriving::givenUp);
            } catch (Failure failure) {
                throw arriving.because(failure);
            }
            return arriving.saved(volume, end);
        }
    }

    /**
     * Has an archive of this machine restored there.
     *
     * @return the operation as it has ended
     */
    StrictJson restore(Request.RestoreVolume request, DeployOptions options) {
        ArchiveFile file = request.archive();
        file.check();
        Leaving leaving = new Leaving(file, request.mandate().caller().name(), options.interrupted());
        Map<String, Object> body = new LinkedHashMap<>(RemoteRequests.body(request.mandate(), options));
        body.put("send", Map.of("name", file.shown(), "bytes", leaving.bytes));
        try {
            return new Submission(client, leaving.who, events)
                    .ended(
                            POST,
                            "/v1/deployments/" + RemoteRequests.segment(request.deployment()) + "/volumes/"
                                    + ApiClient.segment(request.volume()) + "/restore",
                            body,
                            (operation, line) -> {
                                RemoteRequests.telling(events).accept(line);
                                if (line.textOrEmpty(ARCHIVE).equals("wanted")) {
                                    leaving.send(operation);
                                }
                            },
                            () -> leaving.failed() || options.interrupted().getAsBoolean());
        } catch (Failure failure) {
            throw leaving.because(failure);
        }
    }

    /** An archive that is sent. */
    private final class Leaving {
        private final ArchiveFile file;
        private final String who;
        private final BooleanSupplier interrupted;
        private final long bytes;
        private volatile List<Failure> own = List.of();

        Leaving(ArchiveFile file, String who, BooleanSupplier interrupted) {
            this.file = file;
            this.who = who;
            this.interrupted = interrupted;
            try {
                bytes = Files.size(file.path());
            } catch (IOException unreadable) {
                throw unread(unreadable);
            }
        }

        private Failure unread(IOException problem) {
            return new Failure(Kind.FAILED, "cannot read " + file.shown() + ": " + problem.getMessage())
                    .withHint("nothing was changed")
                    .withCause(problem);
        }

        boolean failed() {
            return !own.isEmpty();
        }

        void send(String operation) {
            try (InputStream in = Files.newInputStream(file.path())) {
                new ArchiveTransfer(client, operation, who).send(bytes, part -> next(in, part));
            } catch (IOException unreadable) {
                own = List.of(unread(unreadable));
            } catch (Failure failure) {
                own = List.of(failure);
            }
        }

        private int next(InputStream in, byte[] part) {
            if (interrupted.getAsBoolean()) {
                throw new Failure(Kind.FAILED, "the restore was stopped").withHint("nothing was changed");
            }
            try {
                return in.read(part);
            } catch (IOException unreadable) {
                throw unread(unreadable);
            }
        }

        /** Where only the connection broke, the controller knows better why. */
        Failure because(Failure said) {
            return own.isEmpty() || ApiClient.isLost(own.getFirst()) ? said : own.getFirst();
        }
    }
}
