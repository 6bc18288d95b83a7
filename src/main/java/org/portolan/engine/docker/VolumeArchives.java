package org.portolan.engine.docker;

import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.portolan.engine.Engine.ArchiveReader;
import org.portolan.engine.docker.Calls.Answer;
import org.portolan.model.container.FileArchive;

/**
 * The content of volumes. Only containers have a call for archives, so a container is made that mounts the volume and never
 * runs, of an empty image that needs no registry.
 */
final class VolumeArchives {
    private static final String IMAGE = "portolan-empty:latest";
    private static final String FOLDER = "/volume";
    /** A large volume takes long; one that stands still for ever ends some day. */
    private static final Duration LONGEST = Duration.ofHours(24);

    private final Calls calls;

    VolumeArchives(Calls calls) {
        this.calls = calls;
    }

    void read(String volume, Map<String, String> labels, ArchiveReader to) throws IOException {
        String what = "cannot read the volume " + volume;
        String container = create(what, volume, labels);
        try (Response archive =
                calls.open(what, "GET", archive(container) + Calls.encode("/."), null, Map.of(), null)) {
            to.read(archive.getBody());
        } finally {
            remove(container);
        }
    }

    void write(String volume, Map<String, String> labels, InputStream archive) {
        String what = "cannot write to the volume " + volume;
        String container = create(what, volume, labels);
        try {
            calls.require(what, calls.stream("PUT", archive(container), "application/x-tar", archive, LONGEST));
        } finally {
            remove(container);
        }
    }

    private static String archive(String container) {
        return Containers.path(container, "/archive?path=" + Calls.encode(FOLDER));
    }

    private String create(String what, String volume, Map<String, String> labels) {
        requireImage(what);
        // What a killed process left is in the way, and would keep the volume in use.
        String name = "portolan-volume-" + volume;
        remove(name);
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("Image", IMAGE);
        body.put("Cmd", List.of("never-run"));
        body.put("Labels", labels);
        body.put(
                "HostConfig",
                Map.of(
                        "NetworkMode",
                        "none",
                        "Mounts",
                        List.of(Map.of(
                                "Type",
                                "volume",
                                "Source",
                                volume,
                                "Target",
                                FOLDER,
                                "VolumeOptions",
                                Map.of("NoCopy", true)))));
        Answer answer = calls.send("POST", "/containers/create?name=" + Calls.encode(name), body, calls.deadline());
        return calls.require(what, answer).at("Id").text();
    }

    /** An image is made of an archive without files, as {@code docker import} does. */
    private void requireImage(String what) {
        if (calls.find(what, "/images/" + Calls.encode(IMAGE) + "/json").isEmpty()) {
            byte[] nothing = FileArchive.write(List.of(), "/", Instant.EPOCH);
            calls.require(
                    what,
                    calls.send(
                            "POST",
                            "/images/create?fromSrc=-&repo=portolan-empty&tag=latest",
                            "application/x-tar",
                            nothing,
                            calls.deadline()));
        }
    }

    private void remove(String container) {
        Answer answer = calls.send("DELETE", Containers.path(container, "?force=1"), null, calls.deadline());
        if (answer.status() != 404) {
            calls.require("cannot remove " + container, answer);
        }
    }
}
