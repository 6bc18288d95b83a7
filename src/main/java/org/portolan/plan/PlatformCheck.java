package org.portolan.plan;

import java.util.List;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.Platform;
import org.portolan.model.container.Image;
import org.portolan.model.service.ServiceSpec;
import org.portolan.plan.Action.Kind;

/** Finds an image that is on the engine for another platform than a service says: an engine has one of each name. */
final class PlatformCheck {
    private PlatformCheck() {}

    /**
     * The pull that brings the image of the service's platform; empty where the present one is of it.
     *
     * @throws Failure when the service's {@code pull} does not bring another image
     */
    static Optional<Action> decide(String service, ServiceSpec spec, String reference, Image image) {
        Optional<Platform> wanted = spec.platform();
        Optional<Platform> has = image.platform();
        if (wanted.isEmpty() || has.isEmpty() || has.get().is(wanted.get())) {
            return Optional.empty();
        }
        String found = "the image " + reference + " on the engine is for " + has.get();
        if (spec.pull() != ServiceSpec.Pull.ALWAYS) {
            String fetch = "docker pull --platform " + wanted.get() + " " + reference;
            throw new Failure(Failure.Kind.REFUSED, "service " + service + ": " + found + ", not for " + wanted.get())
                    .withHint(
                            spec.pull() == ServiceSpec.Pull.NEVER
                                    ? "build or load the image for " + wanted.get() + ", or change `platform`"
                                    : "run `" + fetch
                                            + "`, set `pull: always`, or change `platform`; nothing was changed");
        }
        return Optional.of(new Action(
                Kind.PULL_IMAGE,
                reference,
                "image " + reference,
                List.of(found + "; " + service + " needs it for " + wanted.get())));
    }
}
