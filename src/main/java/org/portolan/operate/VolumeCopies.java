package org.portolan.operate;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.portolan.engine.Engine;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.model.container.Container;
import org.portolan.model.container.Observation;
import org.portolan.model.container.VolumeSpec;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.ServiceSpec;
import org.portolan.operate.Volumes.Stored;
import org.portolan.release.DeployOptions;
import org.portolan.release.Installation;
import org.portolan.release.RuntimeRecall;
import org.portolan.release.VolumeFolders;
import org.portolan.store.Lease;

/** Writes a volume's data to an archive, and puts it back. */
public final class VolumeCopies {
    private static final Duration HOOK_DEADLINE = Duration.ofHours(1);

    private final Installation installation;
    private final Engine engine;

    public VolumeCopies(Installation installation) {
        this.installation = installation;
        this.engine = installation.engine();
    }

    /**
     * What a backup is.
     *
     * @param bytes the file's size
     * @param writing instances that ran meanwhile and whose service has no {@code backup} hook
     */
    public record Saved(String volume, long bytes, List<String> writing) {}

    /**
     * Writes a volume's data to a tar archive. The {@code backup.pre} commands of services that have the volume run before, the
     * {@code post} ones afterwards in any case. The deployment is locked meanwhile: a release would replace the instance between its
     * two commands, or the data below the copy.
     *
     * @throws Failure {@link Kind#REFUSED} where the archive exists, {@link Kind#LOCKED} where the deployment is not free in time,
     *     {@link Kind#FAILED} where a command or the copy fails: the archive is there only if nothing but a {@code post} command failed
     */
    public Saved backup(String name, ArchiveTarget to, Caller caller, DeployOptions options) {
        to.requireNew();
        Stored asked = Volumes.named(installation, name);
        try (Lease lease = new Locks(installation).take(asked.deployment(), "backup of " + name, caller, options)) {
            to.requireNew();
            return copy(Volumes.named(installation, name), to, options);
        }
    }

    private Saved copy(Stored volume, ArchiveTarget to, DeployOptions options) {
        List<Container> running = running(volume);
        Map<String, Hooked> hooks = hooks(running);
        List<String> writing = running.stream()
                .filter(container -> !hooks.containsKey(container.label(Labels.SERVICE)))
                .map(Container::name)
                .toList();
        List<Hooked> begun = new ArrayList<>();
        long bytes;
        try {
            for (Hooked each : hooks.values()) {
                begun.add(each);
                run(each, "backup.pre", each.hook().pre());
            }
            bytes = save(volume.name(), to, options);
        } catch (Failure failure) {
            List<Failure> left = end(begun);
            List<String> details = new ArrayList<>(failure.details());
            left.forEach(each -> details.add(each.what()));
            throw left.isEmpty() ? failure : failure.withDetails(details);
        }
        List<Failure> left = end(begun);
        if (!left.isEmpty()) {
            throw left.getFirst().withHint(complete(to.shown()));
        }
        return new Saved(volume.name(), bytes, writing);
    }

    /** Ends what the {@code pre} commands began; one that fails keeps none of the others locked. */
    private List<Failure> end(List<Hooked> begun) {
        List<Failure> failures = new ArrayList<>();
        for (Hooked each : begun) {
            try {
                run(each, "backup.post", each.hook().post());
            } catch (Failure failure) {
                failures.add(failure);
            }
        }
        return failures;
    }

    /** What is said where only a command after it failed. */
    public static String complete(String archive) {
        return "the backup is complete" + (archive.isEmpty() ? "" : ": " + archive);
    }

    private long save(String name, ArchiveTarget to, DeployOptions options) {
        try (ArchiveTarget.Writing writing = to.begin()) {
            engine.readVolume(name, labels(), archive -> transfer(archive, writing.out(), options));
            return writing.commit();
        } catch (IOException problem) {
            throw new Failure(Kind.FAILED, "cannot write " + to.shown() + ": " + ArchiveFile.reason(problem))
                    .withCause(problem);
        }
    }

    /** Copies all; a person who stops it need not wait for the end of a large volume. */
    private static void transfer(InputStream from, OutputStream to, DeployOptions options) throws IOException {
        byte[] buffer = new byte[1 << 16];
        for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
            if (options.interrupted().getAsBoolean()) {
                throw stopped();
            }
            to.write(buffer, 0, count);
        }
    }

    /** A person stopped a backup. */
    public static Failure stopped() {
        return new Failure(Kind.FAILED, "the backup was stopped").withHint("nothing was saved");
    }

    /**
     * Replaces a volume's data with that of an archive, which is checked to its end before anything is deleted.
     *
     * @throws org.portolan.model.NeedsConsent when that was not agreed to
     * @throws Failure {@link Kind#REFUSED} while an instance with the volume runs; {@link Kind#INVALID} for what is not an
     *     archive
     */
    void restore(Request.RestoreVolume request, DeployOptions options) {
        String name = request.volume();
        ArchiveFile file = request.archive();
        Mandate mandate = request.mandate();
        file.check();
        admit(request);
        try (Lease lease =
                new Locks(installation).take(request.deployment(), "restore of " + name, mandate.caller(), options)) {
            Stored volume = volume(request);
            requireRest(volume);
            clear(volume);
            try (InputStream archive = file.open()) {
                engine.writeVolume(name, labels(), archive);
            } catch (IOException problem) {
                throw new Failure(
                                Kind.FAILED,
                                "cannot restore volume " + name + " from " + file.shown() + ": "
                                        + ArchiveFile.reason(problem) + "; the volume has a part of the data")
                        .withHint("restore it again")
                        .withCause(problem);
            }
        }
    }

    /**
     * Whether an archive could be restored now, whatever is in it.
     *
     * @throws Failure as a restore would
     */
    public void admit(Request.RestoreVolume request) {
        requireRest(volume(request));
        request.mandate()
                .agreed()
                .require(
                        List.of("replace all data of volume " + request.volume() + " with "
                                + request.archive().shown()),
                        "nothing was changed; to consent, use --yes");
    }

    /** An instance that runs would read one half of the old data and one half of the new. */
    private void requireRest(Stored volume) {
        List<Container> running = running(volume);
        if (!running.isEmpty()) {
            Container first = running.getFirst();
            throw new Failure(Kind.REFUSED, "volume " + volume.name() + " is in use by " + first.name())
                    .withRemedy(Remedy.of("stop it first: ")
                            .and(Call.on(volume.deployment(), Verb.STOP, first.label(Labels.SERVICE))))
                    .naming(
                            Set.of(first.label(Labels.DEPLOYMENT)),
                            "volume " + volume.name() + " is in use by another deployment");
        }
    }

    private void clear(Stored volume) {
        if (volume.folder().isPresent()) {
            VolumeFolders.empty(volume.folder().get());
            return;
        }
        if (!volume.users().isEmpty()) {
            throw new Failure(
                            Kind.REFUSED,
                            "volume " + volume.name() + " is in use by " + String.join(", ", volume.users())
                                    + ", which does not run")
                    .withHint("remove the containers first: the engine empties a volume only by making it again");
        }
        VolumeSpec spec = engine.observe().volumes().stream()
                .filter(each -> each.name().equals(volume.name()))
                .findFirst()
                .orElse(new VolumeSpec(volume.name(), Map.of(), "local", Map.of()));
        engine.removeVolume(volume.name());
        engine.ensureVolume(spec);
    }

    private Stored volume(Request.RestoreVolume request) {
        Stored volume = Volumes.named(installation, request.volume());
        Volumes.requireOf(request.deployment(), volume);
        return volume;
    }

    private List<Container> running(Stored volume) {
        Observation observation = engine.observe();
        return observation.containers().stream()
                .filter(each -> each.state() == Container.State.RUNNING
                        && each.volumes().containsValue(volume.name()))
                .toList();
    }

    /** A service's hook with the instance that runs it. */
    private record Hooked(Container container, ServiceSpec.Backup hook) {}

    /** Of each service one. */
    private Map<String, Hooked> hooks(List<Container> running) {
        RuntimeRecall recall = new RuntimeRecall(installation);
        Map<String, Hooked> hooks = new TreeMap<>();
        for (Container container : running) {
            Optional<InstanceId> id = container.instance();
            id.flatMap(known -> recall.definition(known.deployment(), known.service(), known.version())
                            .map(definition -> {
                                installation.secrets().add(definition);
                                return ServiceSpec.from(known.service(), definition);
                            }))
                    .flatMap(ServiceSpec::backup)
                    .ifPresent(hook -> hooks.putIfAbsent(container.label(Labels.SERVICE), new Hooked(container, hook)));
        }
        return hooks;
    }

    private void run(Hooked hooked, String key, List<String> command) {
        if (command.isEmpty()) {
            return;
        }
        Engine.ExecResult result = engine.exec(hooked.container().id(), command, HOOK_DEADLINE);
        if (result.exitCode() != 0) {
            List<String> lines = result.output().lines().toList();
            throw new Failure(
                            Kind.FAILED,
                            key + " of " + hooked.container().label(Labels.SERVICE) + " failed in "
                                    + hooked.container().name() + " (exit status " + result.exitCode() + ")")
                    .withDetails(
                            installation.secrets().mask(lines.subList(Math.max(0, lines.size() - 20), lines.size())));
        }
    }

    private Map<String, String> labels() {
        return Map.of(Labels.INSTALLATION, installation.settings().installation());
    }
}
