package org.portolan.release;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.engine.Engine;
import org.portolan.engine.Engine.ExecResult;
import org.portolan.engine.EngineException;
import org.portolan.engine.EngineException.Reason;
import org.portolan.model.Durations;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.container.Container;
import org.portolan.model.container.ContainerFile;
import org.portolan.model.container.LoadedFiles;
import org.portolan.model.container.LoadedFiles.Loaded;
import org.portolan.model.container.Observation;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.service.Desired;
import org.portolan.model.service.LiveFiles;
import org.portolan.model.service.ServiceFile;
import org.portolan.model.service.ServiceSpec;
import org.portolan.rollout.LiveContent;

/**
 * Brings files that running instances reload into their containers, and looks which content they have loaded. A container
 * keeps that in a separate file ({@link LoadedFiles}), which loses the entry before a file is replaced and gets it when the
 * reload has ended well.
 */
public final class Reloads {
    private static final int LAST_LINES = 20;

    private Reloads() {}

    /** The observation, with what the instances that run have loaded of the files that they reload. */
    public static Observation looked(Engine engine, Observation observation, String installation, Desired desired) {
        Map<String, ServiceSpec> reloading = new TreeMap<>();
        desired.services().forEach((name, service) -> {
            if (LiveFiles.hash(service.definition()).isPresent()) {
                reloading.put(name, ServiceSpec.from(name, service.definition()));
            }
        });
        if (reloading.isEmpty()) {
            return observation;
        }
        List<Container> containers = new ArrayList<>();
        for (Container container : observation.containers()) {
            Optional<ServiceSpec> spec = container.isOf(installation, desired.name())
                            && container.state().up()
                    ? container.instance().map(InstanceId::service).map(reloading::get)
                    : Optional.empty();
            containers.add(spec.map(known -> container.withLoaded(contents(loaded(engine, container.id(), known))))
                    .orElse(container));
        }
        return new Observation(
                List.copyOf(containers), observation.networks(), observation.volumes(), observation.foreignNames());
    }

    /** Whether a container has loaded the files as they are to be. */
    static boolean current(Engine engine, String container, ServiceSpec spec) {
        return contents(loaded(engine, container, spec)).equals(LiveFiles.hashes(spec));
    }

    private static SortedMap<String, String> contents(SortedMap<String, Loaded> loaded) {
        SortedMap<String, String> contents = new TreeMap<>();
        loaded.forEach((path, file) -> contents.put(path, file.content()));
        return contents;
    }

    /** The files that a container's process has loaded, where each still is what was put. */
    private static SortedMap<String, Loaded> loaded(Engine engine, String container, ServiceSpec spec) {
        SortedMap<String, Loaded> loaded = new TreeMap<>();
        Map<String, LoadedFiles> kept = new TreeMap<>();
        for (String path : LiveFiles.hashes(spec).keySet()) {
            Loaded said = kept.computeIfAbsent(spec.filesFolder(path), folder -> file(
                                    engine, container, LoadedFiles.path(folder), LoadedFiles.MAX_BYTES)
                            .map(LoadedFiles::read)
                            .orElse(LoadedFiles.NONE))
                    .files()
                    .get(path);
            boolean same = said != null
                    && file(engine, container, path, ServiceFile.MAX_BYTES)
                            .map(LiveFiles::sha256)
                            .filter(said.bytes()::equals)
                            .isPresent();
            if (same) {
                loaded.put(path, said);
            }
        }
        return loaded;
    }

    /** A file's content; empty where it is none of ours: too large, or not a file. */
    private static Optional<byte[]> file(Engine engine, String container, String path, int most) {
        try {
            return engine.files(container, path, most)
                    .filter(found -> found.size() == 1)
                    .map(found -> found.getFirst().content());
        } catch (EngineException refused) {
            if (refused.reason() == Reason.REFUSED) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    /**
     * Replaces the files of an instance whose content is another, and lets it load them.
     *
     * @param runs whether its process ran when it was looked at; else it is started with them, unless the engine has started it
     *     since
     * @param live the files that it reloads, by the folder where the engine begins
     * @throws Failure when the reload fails, with the last lines of its output
     */
    static void perform(
            Engine engine,
            String container,
            boolean runs,
            ServiceSpec spec,
            SortedMap<String, List<ContainerFile>> live) {
        SortedMap<String, Loaded> before = loaded(engine, container, spec);
        SortedSet<String> changed = new TreeSet<>();
        LiveFiles.hashes(spec).forEach((path, hash) -> {
            Loaded known = before.get(path);
            if (known == null || !known.content().equals(hash)) {
                changed.add(path);
            }
        });
        SortedMap<String, SortedMap<String, Loaded>> after = new TreeMap<>();
        live.forEach((folder, files) -> {
            List<ContainerFile> others =
                    files.stream().filter(file -> changed.contains(file.path())).toList();
            if (others.isEmpty()) {
                return;
            }
            SortedMap<String, Loaded> loaded = new TreeMap<>();
            files.forEach(file -> {
                Loaded known = before.get(file.path());
                if (known != null && !changed.contains(file.path())) {
                    loaded.put(file.path(), known);
                }
            });
            engine.put(container, folder, List.of(new LoadedFiles(loaded).in(folder)));
            if (runs) {
                engine.replace(container, folder, others);
            } else {
                engine.put(container, folder, others);
            }
            loaded.putAll(LiveContent.loaded(spec, others));
            after.put(folder, loaded);
        });
        // One that waited for its next start may have had it before the files came.
        boolean loads = runs || started(engine, container);
        if (!changed.isEmpty() && loads) {
            Set<ServiceFile.Reload> reloads = new LinkedHashSet<>();
            spec.files()
                    .forEach((path, file) ->
                            file.reload().filter(how -> changed.contains(path)).ifPresent(reloads::add));
            reloads.forEach(how -> reload(engine, container, how));
        }
        after.forEach((folder, loaded) -> engine.put(container, folder, List.of(new LoadedFiles(loaded).in(folder))));
        if (!changed.isEmpty() && !loads) {
            // The engine waits for up to a minute between starts of what keeps exiting; a release waits less for its
            // health.
            engine.stop(container, spec.stop().signal(), spec.stop().grace());
            engine.start(container);
        }
    }

    private static boolean started(Engine engine, String container) {
        return engine.inspect(container)
                .filter(shown -> shown.state() == Container.State.RUNNING)
                .isPresent();
    }

    private static void reload(Engine engine, String container, ServiceFile.Reload how) {
        ExecResult result = engine.exec(container, how.words(), how.deadline());
        if (result.exitCode() == 0 && !result.timedOut()) {
            return;
        }
        String cause = result.timedOut()
                ? "its " + how.describe() + " did not end within " + Durations.format(how.deadline())
                : "its " + how.describe() + " ended with exit status " + result.exitCode();
        List<String> lines = result.output().lines().toList();
        throw new Failure(Kind.FAILED, cause)
                .withDetails(lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }
}
