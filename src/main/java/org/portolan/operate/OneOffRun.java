package org.portolan.operate;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.portolan.engine.Engine;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Nearest;
import org.portolan.model.container.CommandStreams;
import org.portolan.model.container.Container;
import org.portolan.model.container.ContainerSpec;
import org.portolan.model.labels.Labels;
import org.portolan.plan.DesiredRelease;
import org.portolan.plan.DesiredRelease.ServiceGoal;
import org.portolan.release.ContainerSetup;
import org.portolan.release.Installation;
import org.portolan.release.Provisioner;
import org.portolan.rollout.InstanceFactory;

/**
 * Runs a command in a container of a service's version in place, which is removed afterwards. It takes no lock and belongs
 * to no release: nothing counts, routes to or restarts it.
 */
public final class OneOffRun {
    private final Installation installation;
    private final String owner;
    private final Watch watch;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile String container = "";
    private volatile Consumer<Boolean> watched = removed -> {};

    /**
     * Runs nothing yet.
     *
     * @param owner the process that it runs for; when that is dead, {@link #sweep} removes the container
     * @param watch removes it at once when that process is killed
     */
    public OneOffRun(Installation installation, String owner, Watch watch) {
        this.installation = installation;
        this.owner = owner;
        this.watch = watch;
    }

    /** Removes a container when the process that it runs for is killed. */
    @FunctionalInterface
    public interface Watch {
        /** Begins; gives what ends it, and gets whether the container is removed: if not, the watch does that now. */
        Consumer<Boolean> over(String container);
    }

    /**
     * Runs it to its end.
     *
     * @param suffix tells its container from others of the service
     * @return the command's exit status
     * @throws Failure with {@link Kind#NOT_FOUND} when there is no such deployment or service
     */
    public int run(
            Request.Scale unchanged, String service, String suffix, List<String> command, CommandStreams streams) {
        Engine engine = installation.engine();
        DesiredRelease goal = new Operations(installation).plan(unchanged).goal();
        ServiceGoal version = goal.services().get(service);
        if (version == null) {
            Failure unknown =
                    new Failure(Kind.NOT_FOUND, "deployment " + goal.deployment() + " has no service " + service);
            throw Nearest.of(service, goal.services().keySet())
                    .map(near -> unknown.withHint("did you mean " + near + "?"))
                    .orElse(unknown);
        }
        InstanceFactory factory = new Provisioner(installation, engine.observe().networks())
                .prepare(goal, 0, new StoredSource(installation, goal.deployment()).get());
        String name = goal.deployment() + "-" + service + "-" + version.version() + "-run-" + suffix;
        ContainerSpec.Console console = streams.terminal()
                ? ContainerSpec.Console.TERMINAL
                : streams.interactive() ? ContainerSpec.Console.INPUT : ContainerSpec.Console.NONE;
        container = name;
        watched = watch.over(name);
        try {
            String id = engine.create(factory.run(service, name, command, owner).with(console));
            new ContainerSetup(factory.joins(service), factory.files(service, name)).carryOut(engine, id);
            return engine.run(id, streams);
        } finally {
            end();
        }
    }

    /** Ends it, if it runs, and removes its container; also when the caller is asked to end. */
    public void end() {
        if (!container.isEmpty() && ended.compareAndSet(false, true)) {
            boolean removed = false;
            try {
                installation.engine().inspect(container).ifPresent(left -> remove(installation.engine(), left));
                removed = true;
            } finally {
                // A controller that no longer leads may not remove it.
                watched.accept(removed);
            }
        }
    }

    /** Removes the container of a process that was killed; one of the same name that runs for another process stays. */
    public static void remove(Engine engine, String name, String owner) {
        engine.inspect(name)
                .filter(left -> left.label(Labels.RUN).equals(owner))
                .ifPresent(left -> remove(engine, left));
    }

    /** Removes containers whose process is dead. */
    public static void sweep(Installation installation, Predicate<String> dead) {
        for (Container left : installation.engine().containers()) {
            String process = left.label(Labels.RUN);
            if (left.isOf(installation.settings().installation()) && !process.isEmpty() && dead.test(process)) {
                remove(installation.engine(), left);
            }
        }
    }

    private static void remove(Engine engine, Container left) {
        engine.remove(left.id(), true, left.hasFileVolumes());
    }

    /** Whose files declare a deployment. */
    private record StoredSource(Installation installation, String deployment) {
        org.portolan.model.service.SourceId get() {
            return installation
                    .store()
                    .deployment(deployment)
                    .map(state -> state.owner())
                    .orElse(org.portolan.model.service.SourceId.HAND);
        }
    }
}
