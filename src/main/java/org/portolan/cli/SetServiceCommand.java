package org.portolan.cli;

import java.util.Optional;
import org.portolan.model.service.Definition;
import org.portolan.operate.Request;
import org.portolan.servicefile.ServiceChange;
import org.portolan.servicefile.Servicefiles;

/** Sets one service by hand: keys are laid over what it is so far. */
final class SetServiceCommand extends ReasonedCommand {
    private final Syntax.Text name =
            syntax().parameter("NAME", true, "The service, or an image whose last part is its name: company/redis.");
    private final Syntax.Text keys =
            syntax().parameter("KEYS", false, "A YAML map of the keys to set, such as '{env: {A: b}}'.");

    private final Syntax.Text override = freezeOption(syntax());

    SetServiceCommand() {
        super("set-service", "Set one service of a deployment manually; keys are merged into its definition.");
    }

    @Override
    String overridesFreeze() {
        return given(override);
    }

    @Override
    int change(Context context, Interrupts interrupts) {
        String deployment = context.options()
                .deployment()
                .orElseThrow(
                        () -> FailureView.usage("no deployment given", "Example: portolan -D foo set-service redis"));
        String service = serviceName(name.or(""));
        // None of its faults and warnings depends on what the service is so far.
        context.console().problems(change(context, Optional.empty()).warnings());
        Request.Edit edit = new Edit(context);
        return show(
                context,
                perform(context, interrupts, mandate -> new Request.SetService(deployment, service, edit, mandate)));
    }

    private ServiceChange change(Context context, Optional<Definition> existing) {
        return Servicefiles.service(
                name.or(""),
                keys.or(""),
                existing,
                context.parts().configuration().secretNames());
    }

    /** Lays the keys over what the service is so far. */
    private final class Edit implements Request.Edit {
        private final Context context;

        Edit(Context context) {
            this.context = context;
        }

        @Override
        public Request.Edited over(Optional<Definition> existing) {
            ServiceChange change = change(context, existing);
            return new Request.Edited(change.definition(), change.scale());
        }

        @Override
        public Optional<Request.Written> written() {
            return Optional.of(new Request.Written(name.or(""), keys.or("")));
        }
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
