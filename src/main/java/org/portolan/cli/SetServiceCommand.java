package org.portolan.cli;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.portolan.model.Definition;
import org.portolan.model.Desired;
import org.portolan.model.Origin;
import org.portolan.model.Position;
import org.portolan.model.Release;
import org.portolan.model.SourceId;
import org.portolan.servicefile.ServiceChange;
import org.portolan.servicefile.Servicefiles;
import org.portolan.store.DeploymentState;
import org.portolan.store.Store;

/** Sets one service by hand: keys are laid over what it is so far. */
final class SetServiceCommand extends ChangeCommand {
    private final Syntax.Text name =
            syntax().parameter("NAME", true, "The service, or an image whose last part names it: company/redis.");
    private final Syntax.Text keys =
            syntax().parameter("KEYS", false, "A YAML map of the keys to set, such as '{env: {A: b}}'.");

    SetServiceCommand() {
        super("set-service", "Set one service of a deployment by hand; keys are laid over what it is so far.");
    }

    @Override
    int change(Context context, Interrupts interrupts) {
        String deployment = context.options()
                .deployment()
                .orElseThrow(
                        () -> Failures.usage("say which deployment", "Example: portolan -D foo set-service redis"));
        Store store = context.parts().store();
        Optional<DeploymentState> state = store.deployment(deployment);
        String service = serviceName(name.or(""));
        Optional<Release.Placed> placed = state.map(known -> known.services().get(service));
        Optional<Definition> existing = placed.flatMap(
                place -> store.definition(deployment, service, place.version()).map(place::routed));
        ServiceChange change = Servicefiles.service(
                name.or(""),
                keys.or(""),
                existing,
                context.parts().configuration().secretNames());
        context.console().problems(change.warnings());
        int scale = change.scale().orElse(placed.map(Release.Placed::scale).orElse(1));
        TreeMap<String, Desired.DesiredService> services = new TreeMap<>();
        services.put(
                change.name(),
                new Desired.DesiredService(change.name(), change.definition(), scale, Position.of("set-service")));
        Desired desired = new Desired(deployment, Origin.of(SourceId.HAND), services, List.of(), "");
        return show(context, operations(context).setService(desired, options(context, interrupts)));
    }

    /** The last part of an image's name, without tag and digest. */
    static String serviceName(String image) {
        String last = image.substring(image.lastIndexOf('/') + 1);
        int digest = last.indexOf('@');
        last = digest < 0 ? last : last.substring(0, digest);
        int tag = last.indexOf(':');
        return tag < 0 ? last : last.substring(0, tag);
    }
}
