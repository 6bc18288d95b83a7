package org.portolan.engine.docker;

import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.portolan.engine.EngineException;
import org.portolan.engine.EngineException.Reason;
import org.portolan.engine.docker.Calls.Answer;
import org.portolan.json.JsonStream;
import org.portolan.model.Durations;
import org.portolan.model.Platform;
import org.portolan.model.container.Image;
import org.portolan.socket.SocketWatchdog;

/** Images: what is present, and fetching what is not. */
final class ImageCalls {
    /** A pull may take long, but not be silent for this long. */
    private static final Duration SILENCE = Duration.ofMinutes(3);

    private static final Duration TELL_EVERY = Duration.ofSeconds(10);
    private static final long MEGABYTE = 1_000_000;

    private final Calls calls;
    private final Duration silence;

    ImageCalls(Calls calls) {
        this(calls, SILENCE);
    }

    /** @param silence how long a pull may bring nothing */
    ImageCalls(Calls calls, Duration silence) {
        this.calls = calls;
        this.silence = silence;
    }

    Optional<Image> image(String reference) {
        ImageName.parse(reference);
        return calls.find("cannot inspect the image " + reference, "/images/" + reference + "/json")
                .map(ImageCalls::read);
    }

    Image pull(String reference, Optional<Platform> platform, Consumer<String> progress) {
        ImageName image = ImageName.parse(reference);
        String tag = !image.digest().isEmpty() ? image.digest() : image.tag().isEmpty() ? "latest" : image.tag();
        RegistryCredentials.Found credentials = credentials(image);
        Map<String, String> headers = headers(credentials);
        String path = "/images/create?fromImage=" + Calls.encode(image.name()) + "&tag=" + Calls.encode(tag)
                + platform.map(wanted -> "&platform=" + Calls.encode(wanted.toString()))
                        .orElse("");
        // The engine answers nothing before the registry has said something: that is not the engine's silence.
        try (Response response = open(reference, image, path, headers)) {
            follow(response, reference, image, progress);
        } catch (EngineException e) {
            throw explained(e, reference, image, credentials);
        }
        return image(reference)
                .orElseThrow(() -> new EngineException(
                        Reason.REFUSED, "the engine pulled " + reference + " but does not have it", Optional.empty()));
    }

    private Response open(String reference, ImageName image, String path, Map<String, String> headers) {
        try {
            return calls.open("cannot pull " + reference, "POST", path, null, headers, null, silence);
        } catch (EngineException e) {
            boolean late = e.getCause() instanceof Transport.DeadlineExceeded;
            throw late ? silent(reference, image, e.getCause()) : e;
        }
    }

    /** Nothing came for too long; an engine that answers others meanwhile waits for the registry. */
    private EngineException silent(String reference, ImageName image, @Nullable Throwable cause) {
        if (!calls.accepts()) {
            return EngineFailures.unreachable(
                    calls.endpoint(), "the pull of " + reference, silence, new Transport.DeadlineExceeded(silence));
        }
        String registry = image.registry().isEmpty() ? "Docker Hub" : "the registry " + image.registry();
        return new EngineException(
                        Reason.REFUSED,
                        "cannot pull " + reference + ": " + registry + " sent nothing for " + Durations.format(silence),
                        Optional.ofNullable(cause))
                .withHint("check that the engine's host can reach the registry (docker pull " + reference
                        + "), then run the command again; layers pulled so far are kept");
    }

    private RegistryCredentials.Found credentials(ImageName image) {
        return new RegistryCredentials(
                        calls.endpoint().configuration(), calls.endpoint().environment())
                .find(image.registry());
    }

    private static Map<String, String> headers(RegistryCredentials.Found credentials) {
        return credentials.header().isEmpty() ? Map.of() : Map.of("X-Registry-Auth", credentials.header());
    }

    /** The engine asks the registry for the manifest alone. */
    boolean offered(String reference) {
        ImageName image = ImageName.parse(reference);
        String path = "/distribution/" + reference + "/json";
        Map<String, String> headers = headers(credentials(image));
        try (Response response =
                calls.open("cannot query the registry for " + reference, "GET", path, null, headers, null)) {
            return true;
        } catch (EngineException none) {
            return false;
        }
    }

    /** By its id and without force: so the engine itself refuses to take it from a container or from a second name. */
    boolean remove(String id) {
        ImageName.parse(id);
        Answer answer = calls.send("DELETE", "/images/" + id, null, calls.deadline());
        if (answer.status() == 404 || answer.status() == 409) {
            return false;
        }
        calls.require("cannot remove the image " + id, answer);
        return true;
    }

    /** Errors come inside the stream, after status 200. */
    private void follow(Response response, String reference, ImageName image, Consumer<String> progress) {
        String last = "";
        long told = System.nanoTime();
        try (SocketWatchdog watchdog = new SocketWatchdog()) {
            SocketWatchdog.Guard guard = watchdog.guard(silence, response);
            try (JsonStream lines = JsonStream.of(response.getBody())) {
                while (lines.next()) {
                    DockerJson line = new DockerJson(lines.value());
                    guard.close();
                    guard = watchdog.guard(silence, response);
                    String error = line.at("error").text();
                    if (!error.isEmpty()) {
                        throw EngineFailures.refused("cannot pull " + reference, 500, error);
                    }
                    String status = line.at("status").text();
                    String id = line.at("id").text();
                    String text = id.isEmpty() ? status : id + ": " + status;
                    // Bars move many times a second; a line for people changes only with its words.
                    boolean bar = line.at("progress").exists();
                    if (!text.isEmpty() && !text.equals(last) && !bar) {
                        progress.accept(text);
                        last = text;
                        told = System.nanoTime();
                    } else if (bar && System.nanoTime() - told > TELL_EVERY.toNanos()) {
                        progress.accept(text + share(line.at("progressDetail")));
                        told = System.nanoTime();
                    }
                }
            } catch (IOException e) {
                throw guard.expired()
                        ? silent(reference, image, e)
                        : EngineFailures.unreachable(calls.endpoint(), "the pull of " + reference, silence, e);
            } finally {
                guard.close();
            }
        }
    }

    /** {@code , 12 of 480 MB}: a large layer comes for minutes without another word. */
    private static String share(DockerJson detail) {
        long total = detail.at("total").number();
        return total <= 0 ? "" : ", " + detail.at("current").number() / MEGABYTE + " of " + total / MEGABYTE + " MB";
    }

    private static EngineException explained(
            EngineException e, String reference, ImageName image, RegistryCredentials.Found credentials) {
        if (e.reason() == Reason.UNREACHABLE) {
            return e;
        }
        String text = e.what().toLowerCase(Locale.ROOT);
        String registry = image.registry().isEmpty() ? "" : " " + image.registry();
        if (text.contains("unauthorized") || text.contains("denied") || text.contains("no basic auth")) {
            String trouble = credentials.trouble().map(why -> why + "; ").orElse("");
            return e.withHint(
                    trouble + "docker login" + registry + ", as the user and with the DOCKER_CONFIG of Portolan");
        }
        if (text.contains("manifest unknown") || text.contains("not found")) {
            EngineException missing = new EngineException(
                    Reason.NOT_FOUND, e.what(), e.details(), e.remedy(), Optional.ofNullable(e.getCause()));
            return missing.withHint("check the name and the tag of " + reference + ", and that it was pushed");
        }
        if (text.contains("connection refused") || text.contains("no such host") || text.contains("timeout")) {
            return e.withHint("the engine's host cannot reach the registry" + registry);
        }
        return e;
    }

    /** What the image of an inspected container says of its containers; nothing when it is gone. */
    DockerJson config(DockerJson container) {
        String id = container.at("Image").text();
        return calls.find("cannot inspect image " + id, "/images/" + id + "/json")
                .map(image -> image.at("Config"))
                .orElse(DockerJson.NOTHING);
    }

    private static Image read(DockerJson item) {
        List<String> tags = new ArrayList<>();
        for (DockerJson tag : item.at("RepoTags").items()) {
            // Older engines list what has no tag under this name.
            if (!tag.text().equals("<none>:<none>")) {
                tags.add(tag.text());
            }
        }
        List<String> digests = new ArrayList<>();
        for (DockerJson digest : item.at("RepoDigests").items()) {
            digests.add(digest.text());
        }
        List<Integer> ports = new ArrayList<>();
        DockerJson config = item.at("Config");
        for (String port : config.at("ExposedPorts").keys()) {
            int slash = port.indexOf('/');
            if (slash < 0 || port.endsWith("/tcp")) {
                ports.add(Integer.valueOf(slash < 0 ? port : port.substring(0, slash)));
            }
        }
        ports.sort(null);
        List<String> volumes = new ArrayList<>(config.at("Volumes").keys());
        volumes.sort(null);
        String signal = config.at("StopSignal").text();
        return new Image(
                item.at("Id").text(),
                tags,
                digests,
                ports,
                signal.isEmpty() ? Optional.empty() : Optional.of(signal),
                volumes,
                healthcheck(config.at("Healthcheck")),
                platform(item));
    }

    private static Optional<Platform> platform(DockerJson item) {
        String os = item.at("Os").text();
        String architecture = item.at("Architecture").text();
        return os.isEmpty() || architecture.isEmpty()
                ? Optional.empty()
                : Optional.of(Platform.of(os, architecture, item.at("Variant").text()));
    }

    /** Times are in nanoseconds; 0 is the engine's default. */
    private static Optional<Image.Healthcheck> healthcheck(DockerJson written) {
        List<DockerJson> test = written.at("Test").items();
        if (test.isEmpty() || test.getFirst().text().equals("NONE")) {
            return Optional.empty();
        }
        Image.Healthcheck standard = Image.Healthcheck.DEFAULT;
        long retries = written.at("Retries").number();
        return Optional.of(new Image.Healthcheck(
                nanos(written.at("Interval"), standard.interval()),
                nanos(written.at("Timeout"), standard.timeout()),
                retries > 0 ? (int) retries : standard.retries(),
                nanos(written.at("StartPeriod"), standard.startPeriod())));
    }

    private static Duration nanos(DockerJson written, Duration standard) {
        return written.number() > 0 ? Duration.ofNanos(written.number()) : standard;
    }
}
