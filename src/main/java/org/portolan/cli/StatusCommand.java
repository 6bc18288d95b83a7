package org.portolan.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.portolan.model.ExitStatus;
import org.portolan.model.container.Container;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.rollout.RolloutProgress;
import org.portolan.store.Store;

/** Shows how deployments are: last release, what runs of what should, where it is reached. */
final class StatusCommand extends CliCommand {
    private final Syntax.Text name = syntax().parameter("DEPLOYMENT", false, "The only one to show; -D says it too.");

    StatusCommand() {
        super("status", "Show how deployments are: last release, what runs of what should, where it answers.");
    }

    @Override
    int run(Context context) {
        Inventory inventory = Inventory.take(context);
        for (String deployment : inventory.shown(context, name)) {
            show(context, inventory, deployment);
        }
        return ExitStatus.DONE.code();
    }

    private static void show(Context context, Inventory inventory, String name) {
        Console console = context.console();
        DeploymentState state = inventory.states().get(name);
        Optional<Release> last = state == null || state.lastRelease() == 0 ? Optional.empty() : last(context, name);
        Optional<String> holder =
                state == null ? Optional.empty() : context.parts().storeIfAny().flatMap(store -> store.holder(name));
        List<String> conditions = conditions(context, name, state, holder);
        conditions.addAll(0, inventory.conditions(name));
        console.line(name
                + last.map(release -> headline(release, holder.isPresent())).orElse("  no release yet"));
        if (state != null) {
            console.line("    from " + state.owner());
        }
        conditions.forEach(condition -> console.line("    " + condition));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", name);
        fields.put("owner", Optional.ofNullable(state).map(DeploymentState::owner));
        fields.put("good_release", Optional.ofNullable(state).map(DeploymentState::goodRelease));
        fields.put("last_release", last.map(release -> HistoryCommand.fields(release, holder::isPresent)));
        fields.put("conditions", conditions);
        console.record("deployment", fields);
        SortedMap<String, List<Container>> services = inventory.services(name);
        Serving serving = Serving.of(context, name, services);
        services.forEach((service, containers) -> service(context, serving, state, service, containers));
        if (services.isEmpty()) {
            console.line("    no services");
        }
        if (state != null) {
            domains(console, state);
        }
    }

    private static Optional<Release> last(Context context, String name) {
        List<Release> releases = context.parts().store().releases(name, 1);
        return releases.isEmpty() ? Optional.empty() : Optional.of(releases.get(0));
    }

    private static String headline(Release release, boolean held) {
        String commit = release.origin().commit().isPresent() ? "  " + Show.commit(release) : "";
        return "  release " + release.number() + " " + Show.outcome(release, () -> held) + commit + "  "
                + Show.time(release.ended().orElse(release.started()))
                + (release.cause().isEmpty() ? "" : "  (" + release.cause() + ")");
    }

    private static List<String> conditions(
            Context context, String name, @Nullable DeploymentState state, Optional<String> holder) {
        List<String> conditions = new ArrayList<>();
        if (state == null) {
            return conditions;
        }
        state.pinned().ifPresent(release -> conditions.add("pinned to release " + release));
        state.running()
                .ifPresent(running ->
                        conditions.add("release " + running.release() + standing(running, holder.isPresent())));
        Optional<Store> store = context.parts().storeIfAny();
        if (store.isPresent() && state.running().isPresent()) {
            conditions.addAll(canaries(store.get(), name, state.running().get()));
        }
        holder.ifPresent(who -> conditions.add("locked by " + who));
        return conditions;
    }

    private static String standing(DeploymentState.Running running, boolean held) {
        if (running.back()) {
            return held
                    ? " is being taken back"
                    : " failed, and its rollback was interrupted; a deploy finishes it first";
        }
        return held ? " is under way" : " was interrupted; a deploy continues it, `rollback` goes back";
    }

    /** Where the canaries of the release under way stand. */
    private static List<String> canaries(Store store, String deployment, DeploymentState.Running running) {
        Optional<Release> release = store.readableRelease(deployment, running.release());
        List<String> lines = new ArrayList<>();
        running.journal().forEach((service, text) -> {
            Release.Placed placed =
                    release.map(known -> known.services().get(service)).orElse(null);
            if (placed != null) {
                store.definition(deployment, service, placed.version())
                        .flatMap(definition -> RolloutProgress.parse(text)
                                .describe(
                                        deployment,
                                        ServiceSpec.from(service, definition)
                                                .rollout()
                                                .steps()))
                        .ifPresent(where -> lines.add(service + "  version " + placed.version() + ", " + where));
            }
        });
        return lines;
    }

    private static void service(
            Context context,
            Serving serving,
            @Nullable DeploymentState state,
            String service,
            List<Container> containers) {
        Console console = context.console();
        String deployment = serving.deployment();
        Release.Placed placed = state == null ? null : state.services().get(service);
        long running = containers.stream()
                .filter(container -> container.state() == Container.State.RUNNING)
                .count();
        boolean stopped = state != null && state.stopped().contains(service);
        List<String> ports = new ArrayList<>();
        if (state != null) {
            state.meshPorts().forEach((port, number) -> {
                if (port.equals(service) || port.startsWith(service + "/")) {
                    String named = port.substring(Math.min(port.length(), service.length() + 1));
                    ports.add((named.isEmpty() ? "" : named + " ") + "on mesh port " + number);
                }
            });
        }
        String scale = placed == null ? running + " running" : running + " of " + placed.scale() + " running";
        Optional<String> image = placed == null ? Optional.empty() : serving.image(context, service, placed.version());
        console.line("    " + service + "  " + image.map(text -> text + "  ").orElse("")
                + (placed == null ? "" : "version " + placed.version() + "  ") + scale + (stopped ? "  stopped" : "")
                + (ports.isEmpty() ? "" : "  " + String.join(", ", ports)));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("deployment", deployment);
        fields.put("name", service);
        fields.put("version", placed == null ? Optional.empty() : placed.version());
        fields.put("scale", placed == null ? Optional.empty() : placed.scale());
        fields.put("image", image);
        fields.put("running", running);
        fields.put("stopped", stopped);
        console.record("service", fields);
        for (Container container : containers) {
            container.instance().ifPresent(id -> {
                console.line("        " + Show.state(container) + "  " + id + serving.words(container, id));
                Map<String, Object> instance = ListCommand.instance(container, id);
                serving.add(instance, container, id);
                console.record("instance", instance);
            });
        }
    }

    private static void domains(Console console, DeploymentState state) {
        for (DeploymentState.Claim claim : state.claims()) {
            console.line("    " + claim.host() + (claim.path().equals("/") ? "" : claim.path()));
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("deployment", state.name());
            fields.put("host", claim.host());
            fields.put("path", claim.path());
            console.record("domain", fields);
        }
    }
}
