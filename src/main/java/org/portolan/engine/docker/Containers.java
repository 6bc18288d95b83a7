package org.portolan.engine.docker;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.portolan.engine.EngineException;
import org.portolan.engine.EngineException.Reason;
import org.portolan.engine.docker.Calls.Answer;
import org.portolan.model.container.Container;
import org.portolan.model.container.ContainerSettings;
import org.portolan.model.container.ContainerSpec;
import org.portolan.model.labels.Labels;

/** A container's life, from create to remove. */
final class Containers {
    /** Labels that make a container the one that was asked for. */
    private static final String[] IDENTITY = {
        Labels.INSTALLATION, Labels.DEPLOYMENT, Labels.SERVICE, Labels.VERSION, Labels.INSTANCE, Labels.HASH, Labels.JOB
    };

    private static final Duration POLL = Duration.ofMillis(50);

    private final Calls calls;

    Containers(Calls calls) {
        this.calls = calls;
    }

    Optional<Container> inspect(String container) {
        return details(container).map(Containers::full);
    }

    Optional<DockerJson> details(String container) {
        return calls.find("cannot inspect " + container, path(container, "/json"));
    }

    String create(ContainerSpec spec) {
        String what = "cannot create " + spec.name();
        String platform = spec.spec()
                .platform()
                .map(wanted -> "&platform=" + Calls.encode(wanted.toString()))
                .orElse("");
        Answer answer = calls.send(
                "POST",
                "/containers/create?name=" + Calls.encode(spec.name()) + platform,
                CreateRequest.of(spec),
                calls.deadline());
        if (answer.status() != 409) {
            return calls.require(what, answer).at("Id").text();
        }
        Container holder = inspect(spec.name()).orElseThrow(() -> calls409(what, answer));
        boolean usable = holder.state() == Container.State.CREATED || holder.state() == Container.State.RUNNING;
        if (usable && same(holder, spec)) {
            return holder.id();
        }
        throw new EngineException(Reason.CONFLICT, what + ": " + whose(holder), Optional.empty())
                .withHint("docker inspect " + spec.name() + " shows it; remove or rename it, or rename the deployment");
    }

    private static EngineException calls409(String what, Answer answer) {
        return EngineFailures.refused(what, answer.status(), answer.message());
    }

    private static boolean same(Container holder, ContainerSpec spec) {
        for (String label : IDENTITY) {
            if (!holder.label(label).equals(spec.labels().getOrDefault(label, ""))) {
                return false;
            }
        }
        return true;
    }

    private static String whose(Container holder) {
        String installation = holder.label(Labels.INSTALLATION);
        String owner = installation.isEmpty()
                ? "a container that Portolan does not manage"
                : "a container of installation " + installation;
        return "the name is used by " + owner + " ("
                + holder.id().substring(0, Math.min(12, holder.id().length())) + ", "
                + holder.state().name().toLowerCase(java.util.Locale.ROOT) + ")";
    }

    void start(String container) {
        String what = "cannot start " + container;
        Answer answer = calls.send("POST", path(container, "/start"), null, calls.deadline());
        // A command that the image does not have is a 404 in some engines; the container itself is there.
        if (answer.status() == 404 && !answer.message().contains("No such container")) {
            throw EngineFailures.refused(what, 400, answer.message());
        }
        calls.require(what, answer);
    }

    void stop(String container, Optional<String> signal, Duration grace) {
        String what = "cannot stop " + container;
        Duration limit = grace.plus(calls.deadline());
        String stop = "/stop?t=" + CreateRequest.wholeSeconds(grace);
        if (signal.isEmpty()) {
            gone(what, calls.send("POST", path(container, stop), null, limit));
        } else if (calls.version().compareTo(ApiVersion.STOP_WITH_SIGNAL) >= 0) {
            gone(
                    what,
                    calls.send("POST", path(container, stop + "&signal=" + Calls.encode(signal.get())), null, limit));
        } else {
            Optional<DockerJson> details = details(container);
            if (details.isPresent()) {
                String own = details.get().at("Config").at("StopSignal").text();
                if (!bare(own.isEmpty() ? "TERM" : own).equals(bare(signal.get()))) {
                    signalAndWait(container, details.get(), signal.get(), grace);
                }
                gone(what, calls.send("POST", path(container, stop), null, limit));
            }
        }
    }

    /**
     * Engines before API 1.42 stop with the signal that the container was made with; another one is sent by a kill, after
     * which the engine's restart policy would bring the container back, so that is set aside for the moment.
     */
    private void signalAndWait(String container, DockerJson details, String signal, Duration grace) {
        if (!details.at("State").at("Running").flag()) {
            return;
        }
        String policy = restart(details.at("HostConfig").at("RestartPolicy"));
        boolean restarts = !policy.equals("no");
        if (restarts) {
            setRestart(container, "no");
        }
        Answer answer =
                calls.send("POST", path(container, "/kill?signal=" + Calls.encode(signal)), null, calls.deadline());
        if (answer.status() != 409) {
            gone("cannot signal " + container, answer);
        }
        long end = System.nanoTime() + grace.toNanos();
        while (System.nanoTime() < end
                && details(container).filter(Containers::running).isPresent()) {
            pause();
        }
        gone("cannot stop " + container, calls.send("POST", path(container, "/stop?t=0"), null, calls.deadline()));
        if (restarts && details(container).isPresent()) {
            setRestart(container, policy);
        }
    }

    private static boolean running(DockerJson details) {
        return details.at("State").at("Running").flag();
    }

    private static String bare(String signal) {
        return signal.startsWith("SIG") ? signal.substring(3) : signal;
    }

    void remove(String container, boolean force, boolean unnamed) {
        String what = "cannot remove " + container;
        String how = (force ? "?force=1" : "?force=0") + (unnamed ? "&v=1" : "");
        Answer answer = calls.send("DELETE", path(container, how), null, calls.deadline());
        if (answer.status() == 409 && answer.message().contains("already in progress")) {
            awaitRemoval(container, what);
            return;
        }
        gone(what, answer);
    }

    private void awaitRemoval(String container, String what) {
        long end = System.nanoTime() + calls.deadline().toNanos();
        while (details(container).isPresent()) {
            if (System.nanoTime() > end) {
                throw new EngineException(
                        Reason.CONFLICT, what + ": its removal is in progress and does not finish", Optional.empty());
            }
            pause();
        }
    }

    void rename(String container, String name) {
        String what = "cannot rename " + container + " to " + name;
        Answer answer =
                calls.send("POST", path(container, "/rename?name=" + Calls.encode(name)), null, calls.deadline());
        boolean already = answer.status() == 400 && answer.message().contains("same name");
        // Asked again by the old name, the work is found done.
        boolean done = answer.status() == 404
                && inspect(name)
                        .filter(other -> !other.label(Labels.INSTALLATION).isEmpty())
                        .isPresent();
        if (!already && !done) {
            calls.require(what, answer);
        }
    }

    void unpause(String container) {
        Answer answer = calls.send("POST", path(container, "/unpause"), null, calls.deadline());
        boolean already = answer.message().contains("not paused");
        if (!already) {
            gone("cannot continue " + container, answer);
        }
    }

    /** Reads what can be changed of a container from an inspection. */
    static ContainerSettings settings(DockerJson details) {
        DockerJson host = details.at("HostConfig");
        return new ContainerSettings(
                restart(host.at("RestartPolicy")),
                host.at("Memory").number(),
                host.at("NanoCpus").number(),
                host.at("CpuShares").number(),
                host.at("PidsLimit").number());
    }

    /** Whether there is a call to change a container: an engine that has it misses the container, not the call. */
    boolean updates() {
        try {
            Answer answer = calls.send(
                    "POST",
                    path("portolan-no-such-container", "/update"),
                    Map.of("RestartPolicy", CreateRequest.restartPolicy("no")),
                    calls.deadline());
            boolean unknown = answer.status() == 404 || answer.status() == 405 || answer.status() == 501;
            return !unknown
                    || answer.message().toLowerCase(java.util.Locale.ROOT).contains("no such container");
        } catch (EngineException notJson) {
            if (notJson.reason() != Reason.REFUSED) {
                throw notJson;
            }
            return false;
        }
    }

    void setRestart(String container, String policy) {
        calls.require(
                "cannot set the restart policy of " + container,
                calls.send(
                        "POST",
                        path(container, "/update"),
                        Map.of("RestartPolicy", CreateRequest.restartPolicy(policy)),
                        calls.deadline()));
    }

    /** What was to end has ended, whether now or long ago. */
    private void gone(String what, Answer answer) {
        if (answer.status() != 404) {
            calls.require(what, answer);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException(Reason.UNREACHABLE, "interrupted while waiting for the engine", Optional.of(e));
        }
    }

    static String path(String container, String rest) {
        return "/containers/" + Calls.encode(container) + rest;
    }

    /** Reads the answer of an inspection. */
    private static Container full(DockerJson details) {
        DockerJson state = details.at("State");
        Container.State now = state(state.at("Status").text());
        String name = details.at("Name").text();
        return new Container(
                details.at("Id").text(),
                name.startsWith("/") ? name.substring(1) : name,
                details.at("Config").at("Labels").texts(),
                now,
                now == Container.State.RUNNING ? 0 : (int) state.at("ExitCode").number(),
                instant(state.at("StartedAt").text()),
                (int) details.at("RestartCount").number(),
                state.at("OOMKilled").flag(),
                details.at("Image").text(),
                volumes(details.at("Mounts")),
                verdict(state.at("Health").at("Status").text()),
                restart(details.at("HostConfig").at("RestartPolicy")),
                networks(details));
    }

    /** The names of a container's networks; a list has them as an inspection does. */
    static Optional<Set<String>> networks(DockerJson container) {
        DockerJson networks = container.at("NetworkSettings").at("Networks");
        return networks.exists() ? Optional.of(Set.copyOf(networks.keys())) : Optional.empty();
    }

    private static Container.Verdict verdict(String word) {
        return switch (word) {
            case "starting" -> Container.Verdict.STARTING;
            case "healthy" -> Container.Verdict.HEALTHY;
            case "unhealthy" -> Container.Verdict.UNHEALTHY;
            default -> Container.Verdict.NONE;
        };
    }

    /** The restart policy as the command line writes it, with the most tries where it has any; {@code no} where it has none. */
    static String restart(DockerJson policy) {
        String name = policy.at("Name").text();
        long most = policy.at("MaximumRetryCount").number();
        return name.isEmpty() ? "no" : most > 0 ? name + ":" + most : name;
    }

    /** The engine's volumes among the mounts, by path; a list has them as an inspection does. */
    static Map<String, String> volumes(DockerJson mounts) {
        Map<String, String> volumes = new TreeMap<>();
        for (DockerJson mount : mounts.items()) {
            if (mount.at("Type").text().equals("volume")) {
                volumes.put(mount.at("Destination").text(), mount.at("Name").text());
            }
        }
        return volumes;
    }

    static Container.State state(String word) {
        return switch (word) {
            case "running" -> Container.State.RUNNING;
            case "paused" -> Container.State.PAUSED;
            case "restarting" -> Container.State.RESTARTING;
            case "exited" -> Container.State.EXITED;
            case "dead" -> Container.State.DEAD;
            case "removing" -> Container.State.REMOVING;
            default -> Container.State.CREATED;
        };
    }

    /** The engine writes "never" as a time in the year 1. */
    static Optional<Instant> instant(String text) {
        if (text.isEmpty() || text.startsWith("0001-")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
