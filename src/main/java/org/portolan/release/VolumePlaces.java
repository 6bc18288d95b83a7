package org.portolan.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.portolan.engine.Engine;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Position;
import org.portolan.model.Problem;
import org.portolan.model.container.VolumeSpec;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.ServiceSpec;
import org.portolan.plan.DesiredRelease.ServiceGoal;
import org.portolan.plan.Plan;

/**
 * Compares the folders that volumes are bound to with where they should be. An engine keeps a volume's folder as it was when the
 * volume was made: after a move of the state directory containers run on, and the next start of one fails.
 */
public final class VolumePlaces {
    private VolumePlaces() {}

    /**
     * A volume whose folder is not where, or what, it should be.
     *
     * @param name the engine's name of the volume, or the path of a bind mount
     * @param bound the folder that containers get
     * @param wanted where it should be now
     * @param gone whether there is no such folder
     */
    public record Misplaced(String deployment, String service, String name, Path bound, Path wanted, boolean gone) {
        /** Whether an instance with it cannot start. */
        public boolean stops() {
            return gone && !bound.equals(wanted);
        }

        /** What was found, in one line. */
        public String found() {
            String of = "volume " + name + " of " + deployment + ":" + service;
            if (!gone) {
                return of + " is bound to " + bound + ", not to " + wanted;
            }
            return stops()
                    ? of + " is bound to " + bound + ", which does not exist: instances cannot start"
                    : "the folder " + bound + " of " + of + " does not exist: the next instance gets an empty one";
        }

        /** What to do about it. */
        public String advice() {
            String anew = "portolan -D " + deployment + " stop " + service + "; docker volume rm " + name
                    + "; portolan -D " + deployment + " start " + service;
            if (!gone) {
                return "it stays there; to move it: stop the service (portolan -D " + deployment + " stop " + service
                        + "), move the folder, then docker volume rm " + name + "; portolan -D " + deployment
                        + " start "
                        + service;
            }
            return stops()
                    ? "were the files moved to " + wanted + "? Bind the volume there: " + anew
                            + ". Otherwise move them back to " + bound
                    : "check that its disk is mounted, and restore the folder before you start the service again";
        }
    }

    /** Those of a plan's services that shall run. */
    public static List<Misplaced> of(Installation installation, Plan plan, Collection<VolumeSpec> volumes) {
        if (!installation.engine().local()) {
            return List.of();
        }
        List<Misplaced> found = new ArrayList<>();
        Path root = installation.settings().dataRoot();
        for (ServiceGoal service : plan.goal().services().values()) {
            for (ServiceSpec.Volume volume : service.scale() == 0
                    ? List.<ServiceSpec.Volume>of()
                    : service.spec().volumes()) {
                String name = volume.engineName(plan.deployment(), service.name());
                for (VolumeSpec there : volumes) {
                    if (there.name().equals(name)
                            && ours(there, installation.settings().installation())) {
                        wanted(volume, there, root)
                                .flatMap(wanted -> misplaced(there, service.name(), wanted))
                                .ifPresent(found::add);
                    }
                }
            }
        }
        return found;
    }

    /** Those of all volumes of an installation, as far as their labels tell where they belong. */
    public static List<Misplaced> of(Engine engine, String installation, Path root) {
        List<Misplaced> found = new ArrayList<>();
        for (VolumeSpec volume : engine.local() ? engine.observe().volumes() : List.<VolumeSpec>of()) {
            if (ours(volume, installation)) {
                Optional<Path> device = VolumeFolders.device(volume);
                // A folder that a file names is where it should be; one that is called as Portolan calls them may have
                // moved.
                Path expected = VolumeFolders.expected(volume, root);
                Path tail = expected.subpath(expected.getNameCount() - 3, expected.getNameCount());
                device.map(folder -> folder.endsWith(tail) ? expected : folder)
                        .flatMap(wanted -> misplaced(volume, volume.labels().getOrDefault(Labels.SERVICE, ""), wanted))
                        .ifPresent(found::add);
            }
        }
        return found;
    }

    private static boolean ours(VolumeSpec volume, String installation) {
        return Labels.areOf(volume.labels(), installation);
    }

    private static Optional<Path> wanted(ServiceSpec.Volume volume, VolumeSpec there, Path root) {
        if (volume.inFolder()) {
            return Optional.of(VolumeFolders.expected(there, root));
        }
        return volume.made()
                ? VolumeFolders.device(new VolumeSpec(there.name(), there.labels(), volume.driver(), volume.options()))
                : Optional.empty();
    }

    private static Optional<Misplaced> misplaced(VolumeSpec volume, String service, Path wanted) {
        Optional<Path> bound = VolumeFolders.device(volume);
        // A folder behind a folder that this user cannot enter is not known to be gone.
        boolean gone = bound.isPresent() && Files.notExists(bound.get());
        if (bound.isEmpty() || (!gone && same(bound.get(), wanted))) {
            return Optional.empty();
        }
        return Optional.of(new Misplaced(
                volume.labels().getOrDefault(Labels.DEPLOYMENT, ""),
                service,
                volume.name(),
                bound.get(),
                wanted,
                gone));
    }

    /** A link at the old place is as good as a move. */
    private static boolean same(Path bound, Path wanted) {
        try {
            return bound.equals(wanted) || (Files.exists(wanted) && Files.isSameFile(bound, wanted));
        } catch (IOException unknown) {
            return false;
        }
    }

    /** For {@code plan}: what was found, as warnings. */
    public static List<Problem> warnings(List<Misplaced> found) {
        return found.stream()
                .map(each -> Problem.warning(Position.of(each.deployment() + ":" + each.service()), each.found())
                        .withHint(each.advice()))
                .toList();
    }

    /**
     * Refuses a release that would start instances which cannot start.
     *
     * @param restarted services of which instances are made although the plan does not say so
     * @throws Failure {@link Kind#REFUSED} before anything is touched
     */
    public static void require(List<Misplaced> found, Plan plan, Set<String> restarted) {
        Set<String> touched = new TreeSet<>(restarted);
        plan.actions().forEach(action -> touched.add(action.subject()));
        for (Misplaced each : found) {
            if (each.stops() && touched.contains(each.service())) {
                throw new Failure(Kind.REFUSED, each.found()).withHint(each.advice());
            }
        }
    }
}
